"""Rules stay in order, each has a name of its own, and no number has too many."""

import pytest

from smsinbox.core.errors import Forbidden, Invalid, NotFound
from smsinbox.models import Number, Rule
from smsinbox.queries import rules as rules_query
from smsinbox.rules.decision import Mode
from smsinbox.rules.rulebook import MOST_RULES
from smsinbox.services import rules
from tests import build

HOURS = {"match": {"terms": ["hours"]}, "reply": "9 to 5"}


def a_rule(number: Number | None, name: str, **fields) -> Rule:
    return rules.create(number.id if number else None, name, HOURS, None, **fields)


def order(number: Number) -> list[str]:
    return [rule.name for rule in rules_query.of_number(number.id)]


def test_a_new_rule_is_off_and_comes_last(number):
    a_rule(number, "Hours")
    last = a_rule(number, "Address")
    assert (last.mode, last.position) == ("off", 1)


def test_what_is_kept_is_the_whole_definition_with_its_defaults(number):
    kept = a_rule(number, "Hours").definition
    assert (kept["match"]["type"], kept["cooldown"], kept["human_grace"]) == ("exact", "5m", 5)


@pytest.mark.parametrize(
    ("wanted", "field"),
    [
        ({"match": {"terms": ["stop"]}, "reply": "No"}, "match.terms"),
        ({"match": {"type": "regex", "terms": ["(?=x)"]}, "reply": "No"}, "match.terms"),
        ({"match": {"type": "regex", "terms": ["a" * 501]}, "reply": "No"}, "match.terms"),
        ({"match": {"terms": ["hi"]}, "reply": "{{config}}"}, "reply"),
        ({"match": {"terms": ["hi"]}, "reply": "{{7*7}}"}, "reply"),
        ({"match": {"terms": ["hi"]}}, "reply"),
        ({"match": {"terms": ["hi"]}, "reply": "x", "nonsense": 1}, "nonsense"),
    ],
)
def test_s61_s62_what_cannot_be_a_rule_is_refused_with_its_field(number, wanted, field):
    with pytest.raises(Invalid) as refused:
        rules.create(number.id, "Bad", wanted, None)
    assert refused.value.field == field
    assert build.every(Rule) == []


def test_two_rules_for_the_same_texts_are_no_mistake(number):
    a_rule(number, "Hours", mode=Mode.ON)
    assert a_rule(number, "More hours", mode=Mode.ON).mode == Mode.ON


def test_a_name_is_there_once_on_a_number(number):
    other = build.a_number("+14155550143", account=number.account)
    a_rule(number, "Hours")
    a_rule(other, "Hours")
    with pytest.raises(Invalid) as refused:
        a_rule(number, "Hours")
    assert refused.value.field == "name"


def test_a_rule_keeps_its_place_and_switch_when_it_is_edited(number):
    rule = a_rule(number, "Hours", mode=Mode.SHADOW)
    rules.edit(rule.id, "Opening hours", HOURS | {"reply": "Until five"}, None)
    assert (rule.name, rule.reply, rule.mode) == ("Opening hours", "Until five", "shadow")


@pytest.mark.parametrize("mode", Mode)
def test_a_switch_has_three_places(number, mode):
    rule = a_rule(number, "Hours")
    assert rules.switch(rule.id, mode, None).mode == mode.value


def test_a_rule_that_fails_a_test_of_its_own_is_not_on(number):
    failing = HOURS | {"tests": [{"in": "what are your hours", "expect": "Hours"}]}
    rule = rules.create(number.id, "Hours", failing, None)
    rules.switch(rule.id, Mode.SHADOW, None)
    with pytest.raises(Invalid, match="a test of its own fails"):
        rules.switch(rule.id, Mode.ON, None)
    passing = HOURS | {"tests": [{"in": "HOURS!!", "expect": "Hours"}]}
    rules.edit(rule.id, "Hours", passing, None)
    rules.switch(rule.id, Mode.ON, None)
    with pytest.raises(Invalid) as refused:
        rules.edit(rule.id, "Hours", failing, None)
    assert refused.value.field == "tests"
    with pytest.raises(Invalid, match="should be answered by “Hours”"):
        rules.create(None, "Everywhere", failing, None, Mode.ON)
    assert [one.mode for one in build.every(Rule)] == ["on"]


@pytest.mark.parametrize(
    ("position", "then"), [(0, "cab"), (1, "acb"), (2, "abc"), (99, "abc"), (-1, "cab")]
)
def test_a_rule_is_put_where_it_is_wanted(number, position, then):
    *_, last = [a_rule(number, name) for name in "abc"]
    rules.place(last.id, position, None)
    assert "".join(order(number)) == then


def test_a_copy_is_off_and_stands_behind_what_it_was_made_of(number):
    first, _ = a_rule(number, "Hours", mode=Mode.ON), a_rule(number, "Address")
    rules.copy(first.id, None)
    rules.copy(first.id, None)
    assert order(number) == ["Hours", "Hours (3)", "Hours (2)", "Address"]
    assert [rule.mode for rule in rules_query.of_number(number.id)][:3] == ["on", "off", "off"]


@pytest.mark.parametrize("moved", "abXY")
@pytest.mark.parametrize("to", range(4))
def test_a_rule_goes_where_it_is_seen_to_go_among_those_of_all_numbers(number, moved, to):
    made = {name: a_rule(number if name in "ab" else None, name) for name in "abXY"}
    for name in "XY":
        rules.place(made[name].id, 99, None, number.id)
    rules.place(made["X"].id, 1, None, number.id)
    assert "".join(order(number)) == "aXbY"
    rest = "aXbY".replace(moved, "")
    assert rules.place(made[moved].id, to, None, number.id) == to
    assert "".join(order(number)) == rest[:to] + moved + rest[to:]


def test_moving_between_neighbours_never_runs_out_of_room_and_leaves_other_numbers_alone(number):
    other = build.a_number("+14155550177", account=number.account)
    for name in "pq":
        a_rule(other, name)
    first, *_ = [a_rule(number, name) for name in "abcd"]
    a_rule(None, "X")
    before = order(other)
    for _ in range(12):
        last = rules_query.of_number(number.id)[-1]
        rules.place(last.id, 1, None, number.id)
    assert order(number)[0] == first.name
    assert [name for name in order(other) if name != "X"] == ["p", "q"]
    assert sorted(order(other)) == sorted(before)


def test_two_in_one_place_are_told_apart_when_a_third_comes_between(number):
    first, second, third = [build.a_rule(number, name, name=name) for name in "abc"]
    assert first.position == second.position == third.position
    rules.place(third.id, 1, None)
    assert "".join(order(number)) == "acb"


def test_a_rule_of_all_numbers_stands_behind_the_number_s_own_of_that_place(number):
    a_rule(None, "everywhere")
    a_rule(number, "own")
    assert order(number) == ["own", "everywhere"]


def test_f89_no_number_has_more_rules_than_can_be_looked_at_for_every_text(number):
    everywhere = a_rule(None, "everywhere")
    for n in range(MOST_RULES - 1):
        build.a_rule(number, f"word {n}", mode="off")
    for refused in (lambda: a_rule(number, "more"), lambda: a_rule(None, "more")):
        with pytest.raises(Invalid, match="200"):
            refused()
    with pytest.raises(Invalid, match="200"):
        rules.copy(everywhere.id, None)


def test_a_rule_of_no_number_is_not_made(app):
    with pytest.raises(NotFound):
        rules.create(4711, "Hours", HOURS, None)


def test_only_admins_write_rules(number, ada, ben):
    rule = rules.create(number.id, "Hours", HOURS, ada)
    for refused in (
        lambda: rules.create(number.id, "More", HOURS, ben),
        lambda: rules.edit(rule.id, "More", HOURS, ben),
        lambda: rules.switch(rule.id, Mode.ON, ben),
        lambda: rules.place(rule.id, 0, ben),
        lambda: rules.copy(rule.id, ben),
        lambda: rules.delete(rule.id, ben),
    ):
        with pytest.raises(Forbidden):
            refused()
