"""What the team knows about a contact is written by those who may answer them."""

import pytest

from tests import build


@pytest.fixture
def maria(number):
    contact = build.a_contact("+14155550111", name="Maria")
    build.a_conversation(number, contact, preview="See you")
    return contact


def test_name_and_notes_are_kept_and_shown(app, ben, maria):
    form = {"name": " Maria  Lopez ", "notes": "Mornings only"}
    card = build.signed_in(app, ben).post(f"/contacts/{maria.id}", data=form).text
    assert f'id="contact-{maria.id}"' in card
    assert "Maria Lopez" in card
    assert (build.again(maria).name, maria.notes) == ("Maria Lopez", "Mornings only")


def test_a_card_lists_only_conversations_that_the_viewer_may_see(app, ben, number, maria):
    other = build.a_number("+14155550199", account=number.account, name="Secret desk")
    hidden = build.a_conversation(other, maria)
    card = build.signed_in(app, ben).post(f"/contacts/{maria.id}", data={"name": "M"}).text
    assert "Support" in card
    assert "Secret desk" not in card
    assert f'href="/conversations/{hidden.id}"' not in card


def test_a_name_that_is_too_long_is_refused_in_words(app, ben, maria):
    answer = build.signed_in(app, ben).post(
        f"/contacts/{maria.id}", data={"name": "x" * 81}, headers={"HX-Request": "true"}
    )
    assert (answer.status_code, "at most 80 characters" in answer.text) == (422, True)
    assert build.again(maria).name == "Maria"


def test_only_those_who_may_answer_write_about_a_contact(app, cy, number, maria):
    viewer = build.a_user("Vi", role="viewer", numbers=[number])
    form = {"name": "Changed"}
    assert build.signed_in(app, cy).post(f"/contacts/{maria.id}", data=form).status_code == 404
    assert build.signed_in(app, viewer).post(f"/contacts/{maria.id}", data=form).status_code == 403
    assert build.again(maria).name == "Maria"


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
