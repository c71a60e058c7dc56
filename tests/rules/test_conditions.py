"""When a rule whose words occur keeps silent, and that it says why."""

from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from smsinbox.rules.facts import Contact, Conversation
from tests.rules.build import MONDAY_NOON, a_rule, answer, decided, facts, outcomes, reason, turns

CLOSED: dict[str, Any] = {"when": {"calendar": "Office", "is": "closed"}}


@pytest.mark.parametrize(
    ("written", "known", "why"),
    [
        ({"when": {"calendar": "Office", "is": "closed"}}, {}, "“Office” is open; that changes at"),
        ({"when": {"calendar": "Gone", "is": "closed"}}, {}, "no calendar “Gone”"),
        ({"valid_from": "2026-05-05"}, {}, "begins on 2026-05-05"),
        ({"valid_until": "2026-05-03"}, {}, "ended on 2026-05-03"),
        ({"who": "new"}, {}, "written before"),
        ({"who": "known"}, {"contact": Contact(new=True)}, "first text"),
        ({"who": {"is": "has_tag", "of": "vip"}}, {}, "do not have the tag “vip”"),
        (
            {"who": {"is": "lacks_tag", "of": "vip"}},
            {"contact": Contact(tags=frozenset({"VIP"}))},
            "have the tag “vip”",
        ),
        ({"who": {"is": "language", "of": "es"}}, {}, "language is not known"),
        ({"who": {"is": "language", "of": "es"}}, {"contact": Contact(language="est")}, "is est"),
        (
            {"started_by": "customer"},
            {"conversation": Conversation(started_by_customer=False)},
            "We wrote first",
        ),
        (
            {"human_grace": 5},
            {"conversation": turns((4, "human", "hi"))},
            "stays silent 60|1 minute more",
        ),
        ({"cooldown": "5m"}, {"ago": 4}, "rests 1 minute more|rests 60 seconds"),
        ({"cooldown": "once_ever"}, {"ago": 999_999}, "once ever"),
        ({"cooldown": "once_per_opening"}, {"ago": 999}, "in this opening"),
        ({"daily_budget": 2}, {"spent": {1: 2}}, "2 of 2 texts sent today"),
        (
            {},
            {
                "conversation": turns(
                    (50, "automatic", "a"), (9, "automatic", "b"), (3, "automatic", "c")
                )
            },
            "3 automatic texts within an hour",
        ),
        ({"reply": "Hi {{contact.name}}"}, {}, "{{contact.name}} has no value"),
    ],
)
def test_a_condition_that_does_not_hold_silences_the_rule_and_is_the_reason(written, known, why):
    ago = known.pop("ago", None) if (known := dict(known)) else None
    if ago:
        known["fired"] = {1: MONDAY_NOON - timedelta(minutes=ago)}
    decision = decided(
        "x",
        a_rule("A", id=1, **written),
        a_rule("B", reply="", actions=[{"do": "close"}]),
        given=facts(**known),
    )
    assert outcomes(decision) == {"A": "silent", "B": "acted"}
    assert any(words in reason(decision, "A") for words in why.split("|"))
    assert [check.passed for check in decision.rules[0].checks].count(False) == 1


@pytest.mark.parametrize(
    ("written", "known"),
    [
        ({"when": {"calendar": "Office", "is": "open"}}, {}),
        ({"valid_from": "2026-05-04", "valid_until": "2026-05-04"}, {}),
        ({"who": "new"}, {"contact": Contact(new=True)}),
        ({"who": {"is": "has_tag", "of": "vip"}}, {"contact": Contact(tags=frozenset({"VIP"}))}),
        ({"who": {"is": "language", "of": "es"}}, {"contact": Contact(language="es-MX")}),
        ({"human_grace": 5}, {"conversation": turns((5, "human", "hi"))}),
        ({"human_grace": 5}, {"conversation": turns((1, "program", "Reply X to know more"))}),
        ({"cooldown": "5m"}, {"ago": 5}),
        (
            {"cooldown": "once_per_opening"},
            {"ago": 9, "conversation": Conversation(opened_at=MONDAY_NOON - timedelta(minutes=8))},
        ),
        ({"daily_budget": 2}, {"spent": {1: 1}}),
        (
            {},
            {
                "conversation": turns(
                    (50, "automatic", "a"),
                    (9, "automatic", "b"),
                    (3, "automatic", "c"),
                    (2, "human", "I am here"),
                )
            },
        ),
    ],
)
def test_a_condition_that_holds_lets_the_rule_answer(written, known):
    known = dict(known)
    if ago := known.pop("ago", None):
        known["fired"] = {1: MONDAY_NOON - timedelta(minutes=ago)}
    assert answer("x", a_rule("A", id=1, **written), given=facts(**known)) == "A!"


def test_dates_are_those_of_the_calendars_zone():
    rule = a_rule("A", valid_until="2026-05-04", when={"calendar": "Office", "is": "always"})
    late_evening = datetime(2026, 5, 5, 3, tzinfo=UTC)  # 23:00 on the 4th in New York
    assert answer("x", rule, given=facts(late_evening)) == "A!"
    assert answer("x", rule, given=facts(late_evening + timedelta(hours=1))) is None


@pytest.mark.parametrize(("fold", "closed"), [(0, False), (1, False)])
def test_f90_the_hour_that_happens_twice_is_decided_by_its_instant(fold, closed):
    zone = ZoneInfo("America/New_York")
    at = datetime(2026, 11, 1, 1, 30, tzinfo=zone, fold=fold).astimezone(UTC)
    assert (answer("x", a_rule("A", **CLOSED), given=facts(at)) is None) is closed


def test_every_rule_is_explained_with_its_checks():
    rule = a_rule("A", "hours", who="known", human_grace=5, cooldown="1h")
    [one] = decided("hours", rule).rules
    assert [(check.name, check.passed) for check in one.checks] == [
        ("text", True),
        ("who", True),
        ("agents", True),
        ("cooldown", True),
        ("limit", True),
    ]
