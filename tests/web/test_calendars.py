"""Opening hours are written down in a form that keeps what was typed, and say what they are now."""

from datetime import UTC, datetime

import pytest
from flask.testing import FlaskClient
from time_machine import travel

from smsinbox.models import Calendar
from smsinbox.queries.calendars import state_line
from smsinbox.rules.calendar import Hours, calendar
from smsinbox.services import calendars
from tests import build

FORM = {
    "name": "Shop",
    "zone": "Europe/Berlin",
    "day-mon": "09:00-12:00, 13:00-17:30",
    "day-fri": "18:00-02:00",
    "from-0": "2026-12-24",
    "until-0": "2026-12-26",
    "label-0": "Christmas",
    "text-0": "We are back {{calendar.opens}}.",
    "open-0": "",
    "from-1": "",
    "label-1": "taken away",
    "from-2": "2026-12-27",
    "open-2": "10:00-14:00",
}


@pytest.fixture
def browser(app, ada) -> FlaskClient:
    return build.signed_in(app, ada)


def text_of(html: str) -> str:
    return " ".join(html.split())


def test_what_is_written_is_kept_and_shown_again(browser):
    assert browser.post("/calendars", data=FORM).status_code == 303
    [kept] = build.every(Calendar)
    said = calendar(kept.definition)
    assert said.weekly["mon"] == ("09:00-12:00", "13:00-17:30")
    assert [(str(one.first), one.label, one.open) for one in said.special] == [
        ("2026-12-24", "Christmas", ()),
        ("2026-12-27", "", ("10:00-14:00",)),
    ]
    page = browser.get(f"/calendars/{kept.id}").text
    for value in ("09:00-12:00, 13:00-17:30", "18:00-02:00", "2026-12-26", "10:00-14:00"):
        assert f'value="{value}"' in page
    assert "We are back {{calendar.opens}}." in page


def test_saving_what_is_shown_changes_nothing(browser):
    browser.post("/calendars", data=FORM)
    [kept] = build.every(Calendar)
    again = FORM | {"from-1": "2026-12-27", "open-1": "10:00-14:00", "label-1": "", "from-2": ""}
    browser.post(f"/calendars/{kept.id}", data=again)
    assert build.every(Calendar)[0].definition == kept.definition


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"day-tue": "9-5"}, "write them like"),
        ({"day-tue": "09:00-12:00, 11:00-13:00"}, "overlap"),
        ({"open-0": "noon"}, "write them like"),
        ({"until-0": "2026-12-01"}, "last day"),
        ({"from-0": "soon"}, "must be a date"),
        ({"text-0": "{{nope}}"}, "no field that we know"),
        ({"zone": "Nowhere"}, "no time zone"),
        ({"name": ""}, "write it"),
    ],
    ids=str,
)
def test_a_refused_form_keeps_what_was_typed_and_says_why_at_the_field(browser, wrong, words):
    answer = browser.post("/calendars", data=FORM | wrong)
    assert answer.status_code == 422
    [field] = wrong
    assert f'id="{field}-says"' in answer.text
    assert words in answer.text.partition(f'id="{field}-says"')[2].partition("</p>")[0]
    assert "09:00-12:00, 13:00-17:30" in answer.text
    assert build.every(Calendar) == []


@pytest.mark.parametrize("field", ["from-999999999999", "from-x", "from--1", "from-²"])
def test_fields_that_no_form_has_do_no_harm(browser, field):
    assert browser.post("/calendars", data=FORM | {field: "2026-12-24"}).status_code in (303, 422)


def test_one_that_a_rule_uses_is_not_deleted_and_says_by_which(browser, number):
    kept = calendars.create({"name": "Shop", "zone": "UTC"})
    when = {"when": {"calendar": "Shop", "is": "closed"}}
    build.a_rule(number, "hi", name="After hours", definition=when)
    assert "After hours" in browser.get("/calendars").text
    answer = browser.post(f"/calendars/{kept.id}/delete")
    assert answer.status_code == 409
    assert "Give those rules another calendar first" in answer.text
    assert len(build.every(Calendar)) == 1


def test_one_that_none_uses_is_deleted(browser):
    kept = calendars.create({"name": "Shop", "zone": "UTC"})
    assert browser.post(f"/calendars/{kept.id}/delete").status_code == 303
    assert build.every(Calendar) == []


def listed_at(app, ada, moment: str) -> str:
    """The list as it is then; who signed in before would have to do so again."""
    with travel(datetime.fromisoformat(moment), tick=False):
        return text_of(build.signed_in(app, ada).get("/calendars").text)


def test_names_are_never_markup(app, browser, ada):
    browser.post("/calendars", data=FORM | {"name": "<b>x</b>", "label-0": "<b>y</b>"})
    page = listed_at(app, ada, "2026-12-25T12:00Z")
    assert "&lt;b&gt;y" in page
    assert "<b>" not in page


def test_the_list_says_what_is_open_now(app, browser, ada):
    browser.post("/calendars", data=FORM)
    monday = listed_at(app, ada, "2026-11-23T09:00Z")  # 10:00 in Berlin
    assert "Open now; closes at 12:00" in monday
    friday = listed_at(app, ada, "2026-12-25T09:00Z")
    assert "Closed now (Christmas); opens on Sunday at 10:00" in friday


# F90: the hour that a clock skips and the one it shows twice, on the page's state line. The shop
# is open from 1:30 to 3:30 on Sundays, and on those days alone.
ODD = [
    # New York goes from 2:00 to 3:00 on 8 March 2026, and from 2:00 back to 1:00 on 1 November.
    ("America/New_York", "2026-03-08T06:29", "Closed now; opens at 1:30"),
    ("America/New_York", "2026-03-08T06:59", "Open now; closes at 3:30"),
    ("America/New_York", "2026-03-08T07:00", "Open now; closes at 3:30"),
    ("America/New_York", "2026-03-08T07:30", "Closed now"),
    ("America/New_York", "2026-11-01T05:29", "Closed now; opens at 1:30"),
    ("America/New_York", "2026-11-01T05:45", "Open now; closes at 1:00"),
    ("America/New_York", "2026-11-01T06:15", "Closed now; opens at 1:30"),
    ("America/New_York", "2026-11-01T06:30", "Open now; closes at 3:30"),
    # Berlin goes from 2:00 to 3:00 on 29 March 2026, and from 3:00 back to 2:00 on 25 October.
    ("Europe/Berlin", "2026-03-29T00:59", "Open now; closes at 3:30"),
    ("Europe/Berlin", "2026-03-29T01:30", "Closed now"),
    ("Europe/Berlin", "2026-10-25T00:45", "Open now; closes at 3:30"),
    ("Europe/Berlin", "2026-10-25T01:45", "Open now; closes at 3:30"),
    ("Europe/Berlin", "2026-10-25T02:30", "Closed now"),
    # Lord Howe Island goes only half an hour: from 2:00 to 2:30 on 4 October 2026, and from 2:00
    # back to 1:30 on 5 April.
    ("Australia/Lord_Howe", "2026-10-03T15:15", "Open now; closes at 3:30"),
    ("Australia/Lord_Howe", "2026-10-03T16:30", "Closed now"),
    ("Australia/Lord_Howe", "2026-04-04T14:45", "Open now; closes at 3:30"),
    ("Australia/Lord_Howe", "2026-04-04T15:15", "Open now; closes at 3:30"),
    ("Australia/Lord_Howe", "2026-04-04T17:00", "Closed now"),
]


@pytest.mark.parametrize(("zone", "at", "words"), ODD)
def test_f90_the_state_line_keeps_to_the_clock_on_the_wall(zone, at, words):
    hours = Hours(calendar({"name": "C", "zone": zone, "weekly": {"sun": ["01:30-03:30"]}}))
    line = state_line(hours, datetime.fromisoformat(f"{at}+00:00"))
    assert line.startswith(words)


def test_the_state_line_says_when_nothing_will_change():
    never = Hours(calendar({"name": "C", "zone": "UTC"}))
    assert state_line(never, datetime(2026, 1, 1, tzinfo=UTC)).endswith("no change for a year")
