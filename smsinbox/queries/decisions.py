"""Why a text was answered as it was: what was written down then."""

from dataclasses import dataclass

from sqlalchemy import select

from smsinbox.core.database import db
from smsinbox.models.decision import Decision as Kept
from smsinbox.models.edition import Edition
from smsinbox.models.message import Message
from smsinbox.rules import records, rulebook
from smsinbox.rules.actions import Callback
from smsinbox.rules.decision import Decision


@dataclass(frozen=True, slots=True)
class Why:
    """`decision` is all of it, None where only `kept` or nothing was written; `answer` is the text
    that was sent by itself."""

    message: Message
    kept: Kept | None
    decision: Decision | None
    answer: Message | None


def why(message: Message) -> Why:
    """Everything known about the answer to an inbound text."""
    kept = db.session.get(Kept, message.id)
    answer = db.session.scalar(select(Message).where(Message.answers_id == message.id))
    return Why(message, kept, whole(kept) if kept else None, answer)


def calling(message_id: int) -> dict[int, str]:
    """The rules that want programs to know of this text, with their names as they were."""
    kept = db.session.get(Kept, message_id)
    made = whole(kept) if kept else None
    if made is None:
        return {}
    return {
        one.rule_id: made.name_of(one.rule_id) or ""
        for one in made.actions
        if isinstance(one.action, Callback) and not one.shadow
    }


def whole(kept: Kept) -> Decision | None:
    """All that was decided then; None where only the outcome was written down."""
    if kept.detail is None:
        return None
    edition = db.session.get(Edition, kept.edition_id) if kept.edition_id else None
    outcomes = rulebook.Edition.outcomes(edition.outcomes) if edition else ()
    return records.whole(kept.detail, outcomes)
