"""The mark of an outbound text: a glyph, a word, and for trouble a sentence and what to do."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from smsinbox.core import clock
from smsinbox.core.i18n import _, _l, language
from smsinbox.dialects import DIALECTS
from smsinbox.dialects.sides import Explanation, Who
from smsinbox.dialects.words import SILENT
from smsinbox.models.message import Arming, Delivery, Message, MessageState
from smsinbox.queries.pausing import pause_of
from smsinbox.services.later import TAKEN_BACK, TEXTED, may_be_taken_back
from smsinbox.services.outcomes import MOST_ATTEMPTS
from smsinbox.web.records import told


@dataclass(frozen=True, slots=True)
class Status:
    """`glyph` names an icon, `tone` a colour; `word` is always shown, never the colour alone."""

    glyph: str
    word: str
    tone: str = "quiet"  # quiet, good, warn or bad
    detail: str = ""
    fix: str = ""
    retry: bool = False
    at: datetime | None = None  # stands behind the word


_DELIVERED = {
    Delivery.SENT: Status("check", _l("Sent")),
    Delivery.UNCONFIRMED: Status(
        "check", _l("Unconfirmed"), "warn", _l("The carrier never said whether it arrived.")
    ),
    Delivery.DELIVERED: Status("check-check", _l("Delivered"), "good"),
}


_SILENCE = timedelta(hours=24)
_NO_RECEIPT = Status(
    "circle-help",
    _l("No delivery receipt"),
    "quiet",
    _l("The carrier took it more than a day ago and has not said whether it arrived."),
)

_ARMING = {
    Arming.ARMED: _l("Will answer the next text"),
    Arming.ANSWERED: _l("Answered"),
    Arming.REPLACED: _l("Replaced by a newer one"),
    Arming.CANCELED: _l("Answers nothing, as the contact opted out"),
    Arming.EXPIRED: _l("Answered nothing within three days"),
}


def status_of(message: Message) -> Status:
    """How far a text of ours got."""
    match MessageState(message.state):
        case MessageState.SCHEDULED | MessageState.QUEUED:
            return _waiting(message)
        case MessageState.SENDING:
            return Status("clock", _("Sending"))
        case MessageState.ACCEPTED:
            return _on_its_way(message)
        case MessageState.FAILED:
            return Status("circle-alert", _("Not sent"), "bad", *_why(message), _helps(message))
        case MessageState.CANCELED:
            return Status("ban", _("Canceled"), "quiet", *_why(message))
        case MessageState.UNCERTAIN:
            return Status(
                "triangle-alert",
                _("Uncertain"),
                "warn",
                _("Nobody can tell whether the carrier took this text."),
                _("Ask the contact, or send it again: it may then arrive twice."),
                retry=True,
            )
        case _:
            return Status("check", _("Received"))


def taken_back_until(message: Message) -> datetime | None:
    """Until when its writer may undo it: it is held so long. None for what nobody holds."""
    if not may_be_taken_back(message) or message.state != MessageState.QUEUED:
        return None
    return message.next_at if message.next_at and message.next_at > clock.now() else None


def arming_of(message: Message) -> str:
    """What becomes of the reply that came along with the text; empty for a text without one."""
    if message.arming is None:
        return ""
    unsent = message.state in (MessageState.FAILED, MessageState.CANCELED)
    if message.arming == Arming.ARMED and unsent:
        return _("Answers nothing, as this text did not leave")
    return _ARMING[Arming(message.arming)]


def _waiting(message: Message) -> Status:
    if message.state == MessageState.SCHEDULED:
        return Status("alarm-clock", _("Scheduled for"), at=message.next_at)
    if message.next_at is None:
        return Status("loader", _("Fetching its files"))
    pause = pause_of(message.conversation.number)
    if pause:
        return Status("pause", _("Held"), "warn", _("Sending is paused by %(by)s.", by=pause.by))
    if message.error_code:
        words = _(
            "Waiting to try again (%(number)s of %(most)s)",
            number=message.attempts + 1,
            most=MOST_ATTEMPTS,
        )
        return Status("refresh-cw", words, "warn", *_why(message), at=message.next_at)
    return Status("clock", _("Waiting to send"))


def _on_its_way(message: Message) -> Status:
    if message.delivery == Delivery.UNDELIVERED:
        return Status("circle-alert", _("Not delivered"), "bad", *_why(message), _helps(message))
    if message.delivery == Delivery.UNCONFIRMED and message.error_code == SILENT:
        return Status("triangle-alert", _("Unconfirmed"), "warn", *_why(message))
    left = message.next_at or message.created_at  # what was scheduled left long after
    if message.delivery < Delivery.UNCONFIRMED and clock.now() - left > _SILENCE:
        return _NO_RECEIPT
    known = [mark for rank, mark in _DELIVERED.items() if message.delivery >= rank]
    return known[-1] if known else Status("check", _("Accepted"))


def _why(message: Message) -> tuple[str, str]:
    """What happened, and what helps."""
    if message.error_code == "opted-out":
        return _("The contact opted out, or in again, before it left."), ""
    if message.error_code in (TAKEN_BACK, TEXTED):
        return told(message.error_detail or ""), ""
    if message.error_code == "canceled":
        return _("The program that scheduled it took it back."), ""
    explanation = _explained(message)
    if message.state == MessageState.QUEUED:
        return explanation.words, _("Nothing to do: it is tried again by itself.")
    fix = explanation.fix
    if explanation.who is Who.ADMIN:
        advice = f"{fix[:1].lower()}{fix[1:]}" if language() == "en" else fix
        fix = _("For an admin: %(advice)s", advice=advice)
    return explanation.words, fix


def _helps(message: Message) -> bool:
    """Whether the same text may pass if somebody sends it again."""
    return message.error_code != "opted-out" and _explained(message).retry_makes_sense


def _explained(message: Message) -> Explanation:
    dialect = DIALECTS[message.account.dialect]
    return dialect.client.explain(message.error_code)
