"""A contact is blocked and let in again from the menu of a conversation."""

import pytest

from tests import build


@pytest.fixture
def maria(number):
    contact = build.a_contact("+14155550111", name="Maria")
    build.a_conversation(number, contact, preview="See you")
    return contact


def test_a_contact_is_blocked_and_unblocked_from_the_menu(app, ben, number, maria):
    browser = build.signed_in(app, ben)
    assert "Block the contact" in browser.get("/conversations/1/pane").text
    bar = browser.post("/conversations/1/block").text
    assert "by Ben" in bar
    assert "data-blocked" in bar
    assert "Unblock the contact" in browser.get("/conversations/1/pane").text
    assert "Maria" in browser.get("/conversations?view=blocked").text
    assert "data-blocked" not in browser.post("/conversations/1/unblock").text
    assert not build.again(maria).is_blocked


@pytest.mark.parametrize("verb", ["block", "unblock"])
def test_only_those_who_may_answer_block(app, cy, number, maria, verb):
    viewer = build.a_user("Vi", role="viewer", numbers=[number])
    for user, status in ((cy, 404), (viewer, 403)):
        answer = build.signed_in(app, user).post(f"/conversations/1/{verb}")
        assert answer.status_code == status
    assert not build.again(maria).is_blocked


def test_a_reply_to_somebody_who_is_blocked_is_refused_in_words(app, ben, maria):
    browser = build.signed_in(app, ben)
    browser.post("/conversations/1/block")
    answer = browser.post("/conversations/1/reply", data={"body": "Hi"})
    assert (answer.status_code, "Unblock them first" in answer.text) == (409, True)
