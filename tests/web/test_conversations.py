"""What people do with a conversation, and who may."""

import re

import pytest

from smsinbox.core import clock
from smsinbox.models import Conversation, Message
from tests import build
from tests.web.test_inbox_list import text_of, unread
from tests.web.test_threads import bubbles


def test_a_reply_is_answered_with_its_bubble(agent, maria):
    answer = agent.post(
        f"/conversations/{maria.id}/reply", data={"body": "Hello\r\nMaria", "client_token": "t1"}
    )
    (message,) = build.every(Message)
    assert (message.body, message.author_name, message.state) == ("Hello\nMaria", "Ben", "queued")
    assert bubbles(answer.text) == [message.id]
    assert 'data-token="t1"' in answer.text


def test_a_double_click_writes_once(agent, maria):
    form = {"body": "Hello", "client_token": "t1"}
    answers = [agent.post(f"/conversations/{maria.id}/reply", data=form).text for _ in range(2)]
    assert len(build.every(Message)) == 1
    assert bubbles(answers[0]) == bubbles(answers[1])


@pytest.mark.parametrize(("body", "words"), [(" ", "empty"), ("x" * 1601, "1 characters too long")])
def test_a_refused_reply_is_told_in_a_toast(agent, maria, body, words):
    answer = agent.post(
        f"/conversations/{maria.id}/reply", data={"body": body}, headers={"HX-Request": "true"}
    )
    assert answer.status_code == 422
    assert words in text_of(answer.text)
    assert build.every(Message) == []


def test_a_conversation_is_given_to_somebody_to_me_and_to_nobody(agent, ada, ben, maria):
    path = f"/conversations/{maria.id}/assign"
    for chosen, expected in ((str(ada.id), ada.id), ("me", ben.id), ("", None)):
        answer = agent.post(path, data={"assignee_id": chosen})
        assert f'id="header-{maria.id}"' in answer.text
        assert build.again(maria).assignee_id == expected


def test_it_can_only_be_given_to_those_who_may_answer(agent, cy, maria):
    page = agent.get(f"/conversations/{maria.id}").text
    assert f'<option value="{cy.id}"' not in page
    answer = agent.post(f"/conversations/{maria.id}/assign", data={"assignee_id": str(cy.id)})
    assert answer.status_code == 422


def test_nonsense_is_no_assignee(agent, maria):
    answer = agent.post(f"/conversations/{maria.id}/assign", data={"assignee_id": "x" * 30})
    assert answer.status_code == 422


def test_closing_and_reopening_swap_the_button(agent, maria):
    assert "Reopen" in agent.post(f"/conversations/{maria.id}/close").text
    assert build.again(maria).is_closed
    assert "Reopen" not in agent.post(f"/conversations/{maria.id}/reopen").text
    assert not build.again(maria).is_closed


def test_a_conversation_is_left_unread_and_read_again(agent, maria):
    build.changed(maria, received=3)
    path = f"/conversations/{maria.id}"
    assert "Left unread for you." in agent.post(f"{path}/unread").text
    assert unread(agent, maria) == ("1", "1 unread")
    assert agent.get(path).status_code == 200
    assert unread(agent, maria) == ("", "")


def test_a_conversation_that_needs_no_reply_waits_no_more(agent, maria):
    build.changed(maria, waiting_since=clock.now(), unanswered=2)
    assert "No reply needed" not in agent.post(f"/conversations/{maria.id}/settle").text
    assert (build.again(maria).waiting_since, build.again(maria).unanswered) == (None, 0)
    assert "No reply needed" in agent.post(f"/conversations/{maria.id}/unsettle").text
    assert build.again(maria).waiting_since


def test_a_star_is_set_and_taken_away(agent, maria):
    assert 'aria-pressed="true"' in agent.post(f"/conversations/{maria.id}/star").text
    assert build.again(maria).starred
    agent.post(f"/conversations/{maria.id}/star", data={"off": "1"})
    assert not build.again(maria).starred


def test_a_first_text_opens_its_conversation(agent, number):
    form = {
        "number_id": number.id,
        "phone": "(415) 555-0123",
        "body": "Hi. STOP to end",
        "client_token": "t",
    }
    answer = agent.post("/conversations", data=form)
    (message,) = build.every(Message)
    assert (answer.status_code, answer.location) == (
        303,
        f"/conversations/{message.conversation_id}",
    )


def test_a_first_text_that_does_not_say_how_to_stop_asks_once(agent, number):
    form = {"number_id": number.id, "phone": "(415) 555-0123", "body": "Hi <b>"}
    asked = agent.post("/conversations", data=form, headers={"HX-Request": "true"})
    assert (asked.status_code, asked.text.count("<html")) == (409, 0)
    form_asked = asked.text.partition('id="new-conversation"')[2]
    by_enter = re.search(r'<button[^>]*type="submit"[^>]*>', form_asked)
    assert by_enter is not None
    assert "disabled" in by_enter[0]  # Enter in another field agrees to nothing
    assert 'value="\nReply STOP to opt out."' in asked.text
    assert "Hi &lt;b&gt;</textarea>" in asked.text
    assert agent.post("/conversations", data=form).text.count('value="endless"') == 1
    form["anyway"] = "endless"
    sent = agent.post("/conversations", data=form, headers={"HX-Request": "true"})
    (message,) = build.every(Message)
    assert sent.headers["HX-Redirect"] == f"/conversations/{message.conversation_id}"
    assert "does not say how to stop" in agent.get(sent.headers["HX-Redirect"]).text


def test_a_first_text_goes_with_the_words_that_settle_the_doubt(agent, number):
    form = {"number_id": number.id, "phone": "(415) 555-0123", "body": "See bit.ly/x"}
    added = {**form, "add": "\nReply STOP to opt out."}
    asked = agent.post("/conversations", data=added)
    assert 'value="shortened"' in asked.text  # the other doubt stays, and so do the words
    assert "See bit.ly/x\nReply STOP to opt out.</textarea>" in asked.text
    agent.post("/conversations", data=added | {"anyway": "shortened"})
    (message,) = build.every(Message)
    assert message.body == "See bit.ly/x\nReply STOP to opt out."


def test_a_refused_first_text_keeps_what_was_typed(agent, number):
    form = {"number_id": number.id, "phone": "12", "body": "A long text to keep"}
    answer = agent.post("/conversations", data=form)
    assert answer.status_code == 422
    assert "A long text to keep" in answer.text
    assert 'aria-invalid="true"' in answer.text


PEOPLE = "/conversations/new/people"


def test_a_name_offers_whom_it_may_mean_and_a_number_is_read_beside_ours(agent, maria):
    build.changed(maria.contact, name="Maria <Lopez>")
    offered = agent.get(f"{PEOPLE}?phone=mari").text
    assert '<option value="+1 415-555-0111" label="Maria &lt;Lopez&gt;">' in offered
    assert "<option" not in agent.get(f"{PEOPLE}?phone=m").text
    read = agent.get(f"{PEOPLE}?phone=(415)+555-0111").text
    assert "Maria &lt;Lopez&gt;" in read
    assert "<option" not in read
    assert "+1 415-555-0123" in agent.get(f"{PEOPLE}?phone=4155550123").text
    assert "nobody by that name" in agent.get(f"{PEOPLE}?phone=Zoe").text


def test_a_name_that_nobody_chose_from_is_asked_for_again(agent, number, maria):
    form = {"number_id": number.id, "phone": "Maria", "body": "Hi"}
    answer = agent.post("/conversations", data=form)
    assert answer.status_code == 422
    assert "Choose somebody from the list" in answer.text
    assert 'label="Maria Lopez"' in answer.text


# ── grants ──────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("path", ["", "/pane", "/messages"])
def test_an_outsider_cannot_tell_that_a_conversation_exists(outsider, maria, path):
    there = outsider.get(f"/conversations/{maria.id}{path}")
    nowhere = outsider.get(f"/conversations/999999{path}")
    assert there.status_code == nowhere.status_code == 404
    assert "Maria" not in there.text


@pytest.mark.parametrize("verb", ["reply", "assign", "close", "reopen", "settle", "star"])
def test_only_those_who_may_answer_change_a_conversation(outsider, viewer, maria, verb):
    before = (maria.status, maria.assignee_id, maria.starred)
    path, form = f"/conversations/{maria.id}/{verb}", {"body": "x", "assignee_id": "me"}
    assert outsider.post(path, data=form).status_code == 404
    assert viewer.post(path, data=form).status_code == 403
    again = build.again(maria)
    assert (again.status, again.assignee_id, again.starred) == before
    assert build.every(Message) == []


def test_nobody_starts_a_conversation_from_a_number_that_is_not_theirs(outsider, number):
    form = {"number_id": number.id, "phone": "+14155550123", "body": "Hi"}
    assert outsider.post("/conversations", data=form).status_code == 403
    assert build.every(Conversation) == []


def test_a_new_conversation_offers_only_numbers_to_answer_on(agent, viewer, outsider):
    assert "Support" in agent.get("/conversations/new").text.split('id="number_id"')[1]
    for nobody in (viewer, outsider):
        assert "No number to send from" in nobody.get("/conversations/new").text


@pytest.mark.parametrize("typed", ["Maria", "+14155550111"])
def test_nobody_is_offered_a_contact_they_may_not_see(outsider, maria, typed):
    assert "Maria Lopez" not in outsider.get(PEOPLE, query_string={"phone": typed}).text


def test_another_number_to_write_from_asks_once_or_is_the_conversation_there(app, number):
    granted, known = build.a_number("+14155550143", name="Sales"), build.a_number("+14155550144")
    build.a_number("+14155550145", name="Secret desk")
    maria = build.a_contact("+14155550111")
    here, there = build.a_conversation(number, maria), build.a_conversation(known, maria)
    agent = build.signed_in(app, build.a_user("Bo", numbers=[number, granted, known]))
    menu = agent.get(f"/conversations/{here.id}/pane").text.split('id="senders"')[1]
    assert 'a new conversation, from <span class="number">+1 415-555-0143</span>.' in menu
    assert f'"/conversations/new?number={granted.id}&amp;phone=%2B1%20415-555-0111"' in menu
    assert f'hx-get="/conversations/{there.id}/pane"' in menu
    assert menu.count("They will see") == 1
    assert "Secret desk" not in menu


@pytest.mark.parametrize(("role", "both"), [("viewer", True), ("agent", False)])
def test_who_may_write_from_no_other_number_has_no_menu_of_them(app, number, role, both):
    sales = build.a_number("+14155550143", name="Sales")
    maria = build.a_conversation(number)
    user = build.a_user("Bo", role=role, numbers=[number, sales] if both else [number])
    pane = build.signed_in(app, user).get(f"/conversations/{maria.id}/pane").text
    assert 'id="senders"' not in pane
    assert "another number" not in pane


def test_a_first_text_begins_with_the_number_and_the_contact_that_were_chosen(agent, number, maria):
    page = agent.get(f"/conversations/new?number={number.id}&phone=%2B14155550111").text
    assert re.search(rf'value="{number.id}"\s+selected', page)
    assert 'value="+14155550111"' in page
    assert "Maria Lopez <span" in page.split('id="phone-says"')[1][:120]


def test_a_number_is_read_beside_the_one_it_is_sent_from(app, ada, number):
    berlin = build.a_number("+4930901820")
    asked = {"phone": "0151 23456789", "number_id": berlin.id}
    assert "+49 1512 3456789" in build.signed_in(app, ada).get(PEOPLE, query_string=asked).text


@pytest.mark.parametrize("path", ["/conversations/99999999999999999999", "/conversations/0"])
def test_an_id_that_no_row_can_have_is_not_found(agent, path):
    assert agent.get(path).status_code == 404


@pytest.mark.parametrize(("now", "then"), [("?view=open&at=5&phone=1", "?view=open"), ("", "")])
def test_a_pane_keeps_the_lists_part_of_the_address(agent, maria, now, then):
    here = {"HX-Current-URL": f"http://localhost/conversations/9{now}"}
    path = f"/conversations/{maria.id}"
    assert agent.get(f"{path}/pane", headers=here).headers["HX-Push-Url"] == path + then
    blank = agent.get("/conversations/blank", headers=here)
    assert blank.headers["HX-Push-Url"] == f"/conversations{then}"
    assert 'id="conversations"' not in blank.text
