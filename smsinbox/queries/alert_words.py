"""The alert words, kept in this process: texts that come in must not ask for them each time.

They are kept with the `rules_stamp` of each number, which changes with them as it does with rules
(queries/rules.py): whoever read a stamp, as intake does, knows whether they still hold.
"""

from collections.abc import Iterable, Mapping

from sqlalchemy import select

from smsinbox.core.database import db
from smsinbox.models.content_rule import Content, ContentRule, Does, Needle


class AlertWords:
    """What to look for; as mostly, nothing."""

    def __init__(self, needles: Iterable[Needle] = ()) -> None:
        self._needles = sorted(needles, key=lambda one: not one.blocks)

    def __bool__(self) -> bool:
        return bool(self._needles)

    def first_in(self, body: str) -> Needle | None:
        """One that the text has, if any; one that blocks before all others."""
        content = Content(body)
        return next((one for one in self._needles if one.is_in(content)), None)


_known: dict[int, tuple[int, AlertWords]] = {}  # by number: the stamp, and the words as of then


def at(stamps: Mapping[int, int]) -> dict[int, AlertWords]:
    """The words to look for at these numbers, whose stamps were just read."""
    found = {}
    for number, stamp in stamps.items():
        kept = _known.get(number)
        if kept and kept[0] == stamp:
            found[number] = kept[1]
    if len(found) < len(stamps):
        fresh = AlertWords(rule.needle for rule in _rules())
        for number in stamps.keys() - found.keys():
            _known[number] = stamps[number], fresh
            found[number] = fresh
    return found


def _rules() -> list[ContentRule]:
    query = select(ContentRule).where(ContentRule.does != Does.REFUSE.value)
    fresh = {"populate_existing": True}
    return list(db.session.scalars(query.order_by(ContentRule.words), execution_options=fresh))
