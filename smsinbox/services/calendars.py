"""Calendars are drawn up, changed and thrown away by admins; rules know them by name."""

from typing import Any

from sqlalchemy import select, update

from smsinbox.core import clock
from smsinbox.core.database import atomic, db
from smsinbox.core.errors import Conflict, Invalid, NotFound
from smsinbox.core.i18n import _, _n
from smsinbox.models.calendar import Calendar
from smsinbox.models.number import Number
from smsinbox.models.user import User
from smsinbox.queries import calendars
from smsinbox.rules import calendar as reading
from smsinbox.services.authority import must_administer

LONGEST_NAME = 60


@atomic
def create(definition: dict[str, Any], by: User | None = None) -> Calendar:
    """A calendar as `smsinbox.rules.calendar` reads it; raises Invalid that names the field."""
    must_administer(by)
    read = _read(definition)
    _must_be_free(read.name, None)
    made = Calendar(name=read.name, definition=read.json_ready(), created_at=clock.now())
    db.session.add(made)
    db.session.flush()
    return made


@atomic
def edit(calendar_id: int, definition: dict[str, Any], by: User | None = None) -> Calendar:
    """Other hours, from now on; one that rules use keeps its name, which is how they know it."""
    must_administer(by)
    kept, read = _held(calendar_id), _read(definition)
    if read.name != kept.name:
        if users := calendars.used_by().get(kept.name):
            words = _n(
                "One rule knows this calendar as “%(name)s”: it keeps its name.",
                "%(num)s rules know this calendar as “%(name)s”: it keeps its name.",
                len(users),
                name=kept.name,
            )
            raise Invalid(words, "name")
        _must_be_free(read.name, kept.id)
    _follow(kept.name, read.name)
    kept.name, kept.definition = read.name, read.json_ready()
    db.session.flush()
    return kept


@atomic
def delete(calendar_id: int, by: User | None = None) -> Calendar:
    """Throw it away; raises Conflict while a rule depends on it, switched off or not."""
    must_administer(by)
    kept = _held(calendar_id)
    if users := calendars.used_by().get(kept.name):
        names = ", ".join(_("“%(name)s”", name=rule.name) for rule in users[:3])
        if len(users) > 3:
            names = _("%(names)s and %(count)s more", names=names, count=len(users) - 3)
        raise Conflict(
            _(
                "“%(name)s” is used by %(names)s. Give those rules another calendar first.",
                name=kept.name,
                names=names,
            )
        )
    _follow(kept.name, None)
    db.session.delete(kept)
    return kept


def _follow(name: str, now: str | None) -> None:
    """Numbers know a calendar by its name, too: where it is, their customers wait."""
    db.session.execute(update(Number).where(Number.calendar == name).values(calendar=now))


def _held(calendar_id: int) -> Calendar:
    kept = db.session.get(Calendar, calendar_id, with_for_update=True)
    if kept is None:
        raise NotFound
    return kept


def _read(definition: dict[str, Any]) -> reading.Calendar:
    read = reading.calendar(definition)
    if len(read.name) > LONGEST_NAME:
        raise Invalid(_("A name has at most %(longest)s characters.", longest=LONGEST_NAME), "name")
    return read


def _must_be_free(name: str, but_for: int | None) -> None:
    other = db.session.scalar(select(Calendar.id).where(Calendar.name == name))
    if other is not None and other != but_for:
        raise Invalid(_("There is a calendar with this name already."), "name")
