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


def test_the_page_shows_everything_between_us_and_leads_to_each_text(app, ben, number, maria):
    conversation = build.a_conversation(number, build.a_contact("+14155550112", name="Other"))
    text = build.a_message(conversation, body="<b>Bold</b> words")
    page = build.signed_in(app, ben).get(f"/contacts/{conversation.contact_id}").text
    assert f'href="/conversations/{conversation.id}?at={text.id}"' in page
    assert "&lt;b&gt;Bold&lt;/b&gt; words" in page
    assert "San Francisco" in page or "California" in page


@pytest.mark.parametrize("path", ["", "/timeline"])
def test_nobody_opens_a_contact_of_a_number_they_may_not_see(app, cy, maria, path):
    assert build.signed_in(app, cy).get(f"/contacts/{maria.id}{path}").status_code == 404


def test_tags_and_details_are_for_those_who_may_answer(app, ben, cy, number, maria):
    viewer = build.a_user("Vi", role="viewer", numbers=[number])
    for path, form in (("tags", {"tag": "VIP"}), ("details", {"name": "X"}), ("tags/1/off", {})):
        at = f"/contacts/{maria.id}/{path}"
        assert build.signed_in(app, viewer).post(at, data=form).status_code == 403
        assert build.signed_in(app, cy).post(at, data=form).status_code == 404
    answer = build.signed_in(app, ben).post(f"/contacts/{maria.id}/tags", data={"tag": " VIP "})
    assert '<span dir="auto">vip</span>' in answer.text


def test_only_admins_say_what_is_to_be_known(app, ben, ada):
    form = {"label": "Customer number", "kind": "number"}
    assert build.signed_in(app, ben).post("/attributes", data=form).status_code == 403
    browser = build.signed_in(app, ada)
    assert browser.post("/attributes", data=form).status_code == 303
    assert "customer_number" in browser.get("/attributes").text


def test_a_consent_page_of_a_phone_that_is_not_granted_stays_shut(app, ben, number, maria):
    other = build.a_number("+14155550199", account=number.account)
    hidden = build.a_contact("+13125550161", name="Maria", person_id=maria.id)
    build.a_conversation(other, hidden)
    browser = build.signed_in(app, ben)
    assert browser.get(f"/contacts/{hidden.id}/consent").status_code == 404
    assert browser.post(f"/contacts/{hidden.id}", data={"name": "X"}).status_code == 404
    assert "0161" not in browser.get(f"/contacts/{maria.id}").text
