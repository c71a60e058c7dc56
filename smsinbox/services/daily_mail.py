"""The daily mail: in the morning, by their own clock, users hear how many of our texts failed.

Admins do unless they say no, agents once they say yes; each of what they may see, in counts and
reasons, never with words or phone numbers of a text. One statement takes a user's mail for the day
before it is sent, so that two sweepers never send it twice. What a process takes to its death is
not sent that day: the next morning tells the same.
"""

import logging
from collections import Counter
from collections.abc import Iterable
from datetime import timedelta
from itertools import chain
from typing import NamedTuple
from zoneinfo import ZoneInfo

from sqlalchemy import and_, case, or_, select, update
from sqlalchemy.dialects import postgresql, sqlite

from smsinbox.core import clock, mail
from smsinbox.core.config import settings
from smsinbox.core.database import atomic, db, is_sqlite
from smsinbox.core.i18n import Style, _, _n, writing_in
from smsinbox.core.whereabouts import is_zone
from smsinbox.dialects import DIALECTS
from smsinbox.models.daily_mail import DailyMail
from smsinbox.models.number import Number
from smsinbox.models.permission import Permission, can
from smsinbox.models.user import Role, User
from smsinbox.queries import numbers, preferences, troubles, users
from smsinbox.queries.troubles import Trouble

log = logging.getLogger(__name__)

_FROM, _UNTIL = 8, 12  # o'clock: a house that wakes up later lets it be for today
_FIRST, _LONGEST = timedelta(minutes=10), timedelta(hours=1)  # from one try to the next
_REASONS = 4  # of so many are named


class Letter(NamedTuple):
    """What to post to whom, for which day."""

    user_id: int
    day: str
    to: str
    subject: str
    words: str


def may_be_told(user: User) -> bool:
    """Whether there is anything that they could do about it."""
    return user.active and user.role != Role.VIEWER


def send_due() -> int:
    """Send what is due; how many mails left. Raises MailError when the server takes none now."""
    sent = 0
    for user_id, day in due():
        letter = take(user_id, day)
        if letter is not None:
            sent += _post(letter)
    return sent


def due() -> list[tuple[int, str]]:
    """For which users it is time, and which day it is there."""
    now, found = clock.now(), []
    found_now = select(DailyMail).execution_options(populate_existing=True)
    kept = {one.user_id: one for one in db.session.scalars(found_now)}
    ours = numbers.all_numbers()
    for user in _wanting():
        at = now.astimezone(ZoneInfo(_zone(user, ours)))
        today = at.date().isoformat()
        last = kept.get(user.id)
        if _FROM <= at.hour < _UNTIL and (last is None or last.is_open(today, now)):
            found.append((user.id, today))
    db.session.rollback()  # nothing stays open while mail is sent
    return found


@atomic
def take(user_id: int, day: str) -> Letter | None:
    """Hold this day's mail and write it; None when another has it, or nothing has failed."""
    now = clock.now()
    insert = (sqlite if is_sqlite() else postgresql).insert(DailyMail)
    of_today = and_(DailyMail.day == day, DailyMail.next_at <= now)
    held = db.session.scalar(
        insert.values(user_id=user_id, day=day, tries=1, next_at=None)
        .on_conflict_do_update(
            index_elements=[DailyMail.user_id],
            set_={
                "day": day,
                "tries": case((DailyMail.day == day, DailyMail.tries + 1), else_=1),
                "next_at": None,
            },
            where=or_(DailyMail.day < day, of_today),
        )
        .returning(DailyMail.user_id)
    )
    user = users.found(user_id)
    found = troubles.of(user) if held else []
    return _letter(user, day, found) if found else None


@atomic
def put_off(letter: Letter) -> None:
    """It did not leave: once more, a while later, and each time later."""
    theirs = DailyMail.user_id == letter.user_id, DailyMail.day == letter.day
    tries = db.session.scalar(select(DailyMail.tries).where(*theirs)) or 1
    again = clock.now() + min(_FIRST * 2 ** (tries - 1), _LONGEST)
    change = update(DailyMail).where(*theirs, DailyMail.next_at.is_(None))
    db.session.execute(change.values(next_at=again))


def _post(letter: Letter) -> bool:
    about = {"user_id": letter.user_id}
    try:
        mail.send(letter.to, letter.subject, letter.words)
    except mail.Unclear as problem:
        log.warning("a daily mail may be lost: %s", problem, extra=about)
        return False
    except mail.Refused:
        log.warning("the mail server refused a daily mail", extra=about)
        put_off(letter)
        return False
    except mail.MailError:
        put_off(letter)
        raise
    return True


def _wanting() -> list[User]:
    there = [user for user in users.all_users() if may_be_told(user)]
    wishes = preferences.of_all(user.id for user in there)
    return [user for user in there if wishes[user.id].wants_mail(user.is_admin)]


def _zone(user: User, ours: Iterable[Number]) -> str:
    """Theirs; of who left that to the browser, that of the first number of ours they may see."""
    seen = (one.zone for one in ours if can(user, Permission.SEE, one.id))
    return next(filter(is_zone, chain((user.zone,), seen)), "UTC")


def _letter(user: User, day: str, found: Iterable[Trouble]) -> Letter:
    with writing_in(Style(user.language or "en")):
        reasons: Counter[str] = Counter()
        for one in found:
            explanation = DIALECTS[one.dialect].client.explain(one.code)
            reasons[str(explanation.words)] += one.texts
        total = reasons.total()
        subject = _n(
            "%(num)s text failed and waits for you", "%(num)s texts failed and wait for you", total
        )
        return Letter(user.id, day, user.email, subject, _words(subject, reasons))


def _words(subject: str, reasons: Counter[str]) -> str:
    named = reasons.most_common(_REASONS)
    lines = [_("%(times)s × %(reason)s", times=count, reason=words) for words, count in named]
    rest = reasons.total() - sum(count for _words, count in named)
    if rest:
        lines.append(_n("%(num)s for another reason", "%(num)s for other reasons", rest))
    address = settings().address
    parts = (
        f"{subject}.",
        "\n".join(f"- {line}" for line in lines),
        _("Send them again, or dismiss them:") + f"\n{address}/conversations?view=failed",
        _("You are told at most once a day. Where you turn it off:") + f"\n{address}/you",
    )
    return "\n\n".join(parts) + "\n"
