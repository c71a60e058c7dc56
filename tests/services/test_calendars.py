"""Calendars are kept as they were written, and none goes while a rule depends on it."""

import pytest

from smsinbox.core.database import db
from smsinbox.core.errors import Conflict, Forbidden, Invalid, NotFound
from smsinbox.models import Calendar, Number
from smsinbox.queries import calendars as query
from smsinbox.services import calendars, numbers
from tests import build


def week(name="Shop", **fields):
    return {"name": name, "zone": "America/New_York", "weekly": {"mon": ["09:00-17:00"]}} | fields


def depend_on(number, calendar, name="After hours", mode="on"):
    when = {"when": {"calendar": calendar.name, "is": "closed"}}
    return build.a_rule(number, "hi", name=name, mode=mode, definition=when)


def test_it_is_kept_and_made_ready_under_its_name(app):
    calendars.create(week(" Shop "))
    [kept] = build.every(Calendar)
    assert kept.name == kept.definition["name"] == "Shop"
    assert list(query.hours()) == ["Shop"]
    assert query.hours()["Shop"] is query.hours()["Shop"]


def test_what_changes_is_made_ready_anew(app):
    kept = calendars.create(week())
    before = query.hours()["Shop"]
    calendars.edit(kept.id, week("Store", zone="UTC"))
    [after] = query.hours().values()
    assert (after.name, after.zone.key, before.zone.key) == ("Store", "UTC", "America/New_York")


@pytest.mark.parametrize("mode", ["on", "off", "shadow"])
def test_one_that_a_rule_uses_stays_and_keeps_its_name(number, mode):
    kept = calendars.create(week())
    depend_on(number, kept, mode=mode)
    with pytest.raises(Conflict, match="After hours"):
        calendars.delete(kept.id)
    with pytest.raises(Invalid, match="keeps its name"):
        calendars.edit(kept.id, week("Store"))
    calendars.edit(kept.id, week(zone="UTC"))
    assert [rule.name for rule in query.used_by()["Shop"]] == ["After hours"]
    assert query.all_of()[0].definition["zone"] == "UTC"


def test_one_that_none_uses_goes(number):
    kept = calendars.create(week())
    build.a_rule(number, "hi")
    calendars.delete(kept.id)
    assert build.every(Calendar) == []
    with pytest.raises(NotFound):
        calendars.delete(kept.id)


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"name": ""}, "name"),
        ({"name": "x" * 61}, "name"),
        ({"name": "Taken"}, "name"),
        ({"zone": "Mars/Base"}, "zone"),
        ({"weekly": {"mon": ["9 to 5"]}}, "weekly"),
        ({"special": [{"from": "2026-12-25", "open": ["x"]}]}, "special.open"),
    ],
)
def test_what_makes_no_sense_is_refused_at_its_field(app, wrong, field):
    calendars.create(week("Taken"))
    kept = calendars.create(week())
    for write in (calendars.create, lambda said: calendars.edit(kept.id, said)):
        with pytest.raises(Invalid) as refused:
            write(week("Other") | wrong)
        assert refused.value.field == field


def test_only_admins_draw_them_up(number, ben):
    kept = calendars.create(week())
    for act in (
        lambda: calendars.create(week("B"), ben),
        lambda: calendars.edit(kept.id, week(), ben),
        lambda: calendars.delete(kept.id, ben),
    ):
        with pytest.raises(Forbidden):
            act()


def test_a_numbers_opening_hours_follow_their_calendar(number, ada):
    hours = {"name": "Office", "zone": "UTC", "weekly": {"mon": ["09:00-17:00"]}}
    kept = calendars.create(hours, ada)
    numbers.edit(number.id, "Support", 1.0, None, ada, calendar="Office")
    calendars.edit(kept.id, hours | {"name": "Desk"}, ada)
    assert db.session.get_one(Number, number.id, populate_existing=True).calendar == "Desk"
    with pytest.raises(Invalid):
        numbers.edit(number.id, "Support", 1.0, None, ada, calendar="Office")
    calendars.delete(kept.id, ada)
    assert db.session.get_one(Number, number.id, populate_existing=True).calendar is None
