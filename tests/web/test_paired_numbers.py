"""Numbers behind which machines answer: named by admins, and no rule answers them."""

import pytest

from smsinbox.models import Activity, PairedNumber
from smsinbox.services import backtest
from tests import build
from tests.build import OURS, THEIRS
from tests.ruling import a_rule, kept, receive, replies


@pytest.fixture
def browser(app, ada):
    return build.signed_in(app, ada)


def test_no_rule_answers_a_number_on_the_list_and_the_thread_says_why(browser, number):
    form = {"phone": "(312) 555-0199", "note": "The other shop"}
    assert browser.post("/paired-numbers", data=form).status_code == 422
    browser.post("/paired-numbers", data=form | {"phone": THEIRS})
    assert "The other shop" in browser.get("/paired-numbers").text
    a_rule(number, reply="Hi")
    receive(number, "hello")
    assert (replies(), kept().held) == ([], "loop")
    assert "number of another inbox" in build.every(Activity)[0].body
    assert backtest.run(number.id, 7).answered == 0


def test_one_that_is_taken_off_is_answered(browser, number):
    browser.post("/paired-numbers", data={"phone": THEIRS})
    [paired] = build.every(PairedNumber)
    browser.post(f"/paired-numbers/{paired.id}/delete")
    a_rule(number, reply="Hi")
    receive(number, "hello")
    assert len(replies()) == 1


@pytest.mark.parametrize("phone", ["", "12345", "Acme", OURS, "+1312", THEIRS])
def test_what_cannot_be_on_the_list_is_refused_in_words(browser, number, phone):
    browser.post("/paired-numbers", data={"phone": THEIRS})
    assert browser.post("/paired-numbers", data={"phone": phone}).status_code == 422
    assert len(build.every(PairedNumber)) == 1


def test_only_admins_see_and_change_the_list(app, ben):
    agent = build.signed_in(app, ben)
    assert agent.get("/paired-numbers").status_code == 403
    assert agent.post("/paired-numbers", data={"phone": THEIRS}).status_code == 403
    assert agent.post("/paired-numbers/1/delete").status_code == 403
