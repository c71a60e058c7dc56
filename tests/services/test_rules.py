"""Rules stay in order, never overlap while they are on, and never touch what the law answers."""

import pytest

from smsinbox.core.errors import Forbidden, Invalid, NotFound
from smsinbox.models import Number, Rule
from smsinbox.queries import rules as rules_query
from smsinbox.services import rules
from tests import build


def a_rule(number: Number, *keywords: str, reply: str = "Yes.", name: str = "") -> Rule:
    return rules.create(number.id, list(keywords), reply, None, name)


def order(number: Number) -> list[str]:
    return [rule.name for rule in rules_query.of_number(number.id)]


def test_a_new_rule_is_on_and_comes_last(number):
    a_rule(number, "hours")
    last = a_rule(number, "address")
    assert (last.enabled, last.position) == (True, 1)


def test_a_rule_without_a_name_is_called_by_its_first_keyword(number):
    assert a_rule(number, "hours", "open").name == "hours"


def test_keywords_that_mean_the_same_are_kept_once_as_written_first(number):
    assert a_rule(number, "Hours", "HOURS!", " hóurs ", "open").keywords == ["Hours", "open"]


@pytest.mark.parametrize(
    "keywords", [[], [""], ["  "], ["?!"], ["x" * 61], [*"abcdefghijklmnopqrstu"]]
)
def test_keywords_that_cannot_be_compared_or_are_too_many_are_refused(number, keywords):
    with pytest.raises(Invalid) as refused:
        a_rule(number, *keywords)
    assert refused.value.field == "keywords"


@pytest.mark.parametrize("word", ["Stop", "stop all", "UNSUBSCRIBE.", "start", "Help!", "info"])
def test_a_consent_word_cannot_be_a_keyword(number, word):
    with pytest.raises(Invalid, match="law"):
        a_rule(number, "hours", word)


@pytest.mark.parametrize("reply", ["", " \n ", "x" * 1601])
def test_a_reply_has_1_to_1600_characters(number, reply):
    with pytest.raises(Invalid) as refused:
        a_rule(number, "hours", reply=reply)
    assert refused.value.field == "reply"


def test_a_keyword_of_another_enabled_rule_is_refused_by_that_rules_name(number):
    a_rule(number, "hours", name="Opening hours")
    with pytest.raises(Invalid, match="Opening hours"):
        a_rule(number, "open", "Hours?")


def test_a_keyword_of_a_rule_that_is_off_is_free(number):
    off = a_rule(number, "hours")
    rules.switch(off.id, False, None)
    a_rule(number, "hours", name="Second")
    assert order(number) == ["hours", "Second"]


def test_a_rule_stays_off_while_another_has_its_keyword(number):
    off = a_rule(number, "hours")
    rules.switch(off.id, False, None)
    a_rule(number, "hours", name="Second")
    with pytest.raises(Invalid, match="Second"):
        rules.switch(off.id, True, None)


def test_the_same_keyword_may_answer_on_another_number(number):
    other = build.a_number("+14155550143", account=number.account)
    a_rule(number, "hours")
    assert a_rule(other, "hours").position == 0


def test_a_rule_may_keep_its_own_keyword_when_it_is_edited(number):
    rule = a_rule(number, "hours")
    rules.edit(rule.id, ["hours", "open"], "Until five.", "Hours", None)
    assert (rule.keywords, rule.reply, rule.name) == (["hours", "open"], "Until five.", "Hours")


def test_a_rule_moves_past_one_neighbour(number):
    for word in ("a", "b", "c"):
        a_rule(number, word)
    last = rules_query.of_number(number.id)[2]
    rules.move(last.id, True, None)
    assert order(number) == ["a", "c", "b"]


@pytest.mark.parametrize(("at", "up"), [(0, True), (1, False)])
def test_at_the_end_of_the_list_a_move_changes_nothing(number, at, up):
    rule = [a_rule(number, "a"), a_rule(number, "b")][at]
    rules.move(rule.id, up, None)
    assert order(number) == ["a", "b"]


def test_deleting_a_rule_leaves_no_gap(number):
    first, *_ = [a_rule(number, word) for word in ("a", "b", "c")]
    rules.delete(first.id, None)
    assert [rule.position for rule in rules_query.of_number(number.id)] == [0, 1]


def test_a_rule_of_no_number_is_not_made(app):
    with pytest.raises(NotFound):
        rules.create(4711, ["hours"], "Yes.", None)


def test_only_admins_write_rules(number, ada, ben):
    rule = rules.create(number.id, ["hours"], "Yes.", ada)
    with pytest.raises(Forbidden):
        rules.switch(rule.id, False, ben)
