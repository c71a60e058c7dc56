"""Numbers that have fallen silent, against their own habit."""

from collections.abc import Callable
from datetime import timedelta
from typing import NamedTuple

from sqlalchemy import select

from smsinbox.core import clock
from smsinbox.core.database import db
from smsinbox.core.i18n import _, _n
from smsinbox.core.phones import pretty
from smsinbox.models.hearing import Hearing
from smsinbox.models.number import Number
from smsinbox.models.permission import Permission, can
from smsinbox.models.user import User

_UNITS: tuple[tuple[int, Callable[[int], str]], ...] = (
    (86_400, lambda n: _n("%(num)s day", "%(num)s days", n)),
    (3600, lambda n: _n("%(num)s hour", "%(num)s hours", n)),
    (60, lambda n: _n("%(num)s minute", "%(num)s minutes", n)),
)


class Silence(NamedTuple):
    """Nothing has come in on this number for so long, where texts mostly come every `gap`."""

    number_id: int
    name: str
    lasts: timedelta
    gap: timedelta

    @property
    def words(self) -> str:
        lasts, gap = _in_words(self.lasts), _in_words(self.gap)
        return _(
            "Nothing was heard on %(name)s for %(lasts)s (normally every %(gap)s).",
            name=self.name,
            lasts=lasts,
            gap=gap,
        )


def silences() -> list[Silence]:
    """All of them, whoever may see the number."""
    now, found = clock.now(), []
    query = select(Hearing, Number).join(Number, Number.id == Hearing.number_id)
    for hearing, number in db.session.execute(query.order_by(Number.id)):
        lasts = hearing.silence(now)
        if lasts is not None:
            name = number.name or pretty(number.phone)
            found.append(Silence(number.id, name, lasts, timedelta(seconds=hearing.gap)))
    return found


def silences_for(viewer: User) -> list[Silence]:
    """For the banner: admins can do something about it."""
    return silences() if can(viewer, Permission.ADMINISTER) else []


def _in_words(lasts: timedelta) -> str:
    seconds = lasts.total_seconds()
    for size, words in _UNITS:
        if seconds >= size:
            return words(round(seconds / size))
    return _("a few seconds")
