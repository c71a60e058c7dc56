"""The composer's doors: replies, notes, drafts, texts for later; each asks who may."""

from datetime import timedelta

import pytest

from smsinbox.core import clock
from smsinbox.models import Activity, Conversation, Draft, Message, SavedReply
from smsinbox.services import content_rules, saved_replies
from smsinbox.services.saved_replies import Wanted
from tests import build


@pytest.fixture
def conversation(number):
    return build.a_conversation(number, build.a_contact(name="Maria Lopez"))


@pytest.fixture
def browser(app, ben):
    return build.signed_in(app, ben)


def reply(browser, conversation, body="Hello", **fields):
    form = {"body": body, "client_token": "t1", **fields}
    return browser.post(f"/conversations/{conversation.id}/reply", data=form)


def test_a_missed_text_is_shown_and_sent_over_only_by_word(browser, conversation):
    missed = build.a_message(conversation, direction="inbound", state="received", body="<b>No</b>")
    answer = reply(browser, conversation, seen="0")
    assert (answer.status_code, answer.headers["HX-Retarget"]) == (409, "#doubts")
    assert f'name="seen" value="{missed.id}" form="composer"' in answer.text
    assert "&lt;b&gt;No" in answer.text
    assert "A message arrived while you wrote." in answer.text
    assert len(build.every(Message)) == 1
    assert (
        reply(browser, conversation, seen=["0", missed.id, "x"], anyway="overtaken").status_code
        == 200
    )
    assert len(build.every(Message)) == 2


def test_a_field_that_nobody_can_fill_in_comes_back_with_the_reason(browser, conversation):
    answer = reply(browser, conversation, "Your {{contact.attr.plan}} ends", anyway="unfilled")
    assert answer.status_code == 422
    assert "Nothing is known for {{contact.attr.plan}}." in answer.text
    assert reply(browser, conversation, "Hi {{contact.first_name}}").status_code == 200
    assert build.every(Message)[0].body == "Hi Maria"


def test_a_note_goes_to_nobody_but_colleagues(browser, conversation):
    answer = reply(
        browser, conversation, "Hi Maria", note="Careful", mode="note", seen="0", at="1h"
    )
    assert "activity-note" in answer.text
    assert build.every(Message) == []
    assert [one.body for one in build.every(Activity)] == ["Careful"]


def test_a_note_can_be_left_where_nobody_may_be_texted(browser, conversation):
    build.an_opt_out(conversation)
    assert reply(browser, conversation, note="They said stop", mode="note").status_code == 200
    assert reply(browser, conversation, "Hello").status_code == 409


def test_a_draft_is_there_again_on_any_device_and_gone_once_it_is_sent(browser, conversation):
    path = f"/conversations/{conversation.id}"
    draft = {"mode": "text", "body": "Thanks <we", "client_token": "d1", "turn": 1}
    assert browser.post(f"{path}/draft", data=draft).status_code == 200
    row = f'id="draft-{conversation.id}">Draft: Thanks &lt;we</span>'
    assert row in browser.get("/conversations?view=all").text
    page = browser.get(path).text
    assert "Thanks &lt;we</textarea>" in page
    assert 'name="restored"\n           value="d1"' in page
    reply(browser, conversation, "Thanks", restored="d1")
    row = f'id="draft-{conversation.id}" hidden></span>'
    assert row in browser.get("/conversations?view=all").text


def test_whoever_writes_is_told_what_makes_it_dear(browser, conversation):
    draft = {"mode": "text", "body": "It\u2019s <ready", "client_token": "d1", "turn": 1}
    path = f"/conversations/{conversation.id}/draft"
    told = browser.post(path, data=draft).text
    assert "\u201c\u2019\u201d at 3 forces Unicode." in told
    assert "Replace with &#39;" in told
    note = draft | {"mode": "note", "note": "It\u2019s", "turn": 2}
    assert "Unicode" not in browser.post(path, data=note).text


@pytest.mark.parametrize("fields", [{"turn": "x"}, {"client_token": ""}, {"turn": str(10**30)}])
def test_a_draft_that_cannot_be_kept_is_not(browser, conversation, fields):
    draft = {"mode": "text", "body": "Hi", "client_token": "d1", "turn": "1"} | fields
    browser.post(f"/conversations/{conversation.id}/draft", data=draft)
    assert [one.turn for one in build.every(Draft) if one.turn > 1] == []


def test_drafts_are_ones_own(app, browser, ada, conversation):
    draft = {"mode": "text", "body": "Secret", "client_token": "d1", "turn": 1}
    browser.post(f"/conversations/{conversation.id}/draft", data=draft)
    other = build.signed_in(app, ada)
    assert "Secret" not in other.get(f"/conversations/{conversation.id}?view=all").text


def test_a_text_for_later_waits_and_can_be_said_or_taken_back(browser, conversation):
    answer = reply(browser, conversation, at="tomorrow", unless_texted="1")
    assert "scheduled" in answer.text
    assert "unless they text first" in answer.text
    [waits] = build.every(Message)
    assert waits.next_at > clock.now() + timedelta(minutes=1)
    assert browser.post(f"/messages/{waits.id}/send-now").status_code == 200
    [said] = build.every(Message)
    assert (said.state, said.body) == ("queued", "Hello")
    assert browser.post(f"/messages/{said.id}/take-back").status_code == 200
    assert build.every(Message)[0].state == "canceled"


def test_a_text_that_is_edited_is_written_anew_for_the_same_time(browser, conversation):
    at = f"{clock.now() + timedelta(days=9):%Y-%m-%d}T09:30"
    reply(browser, conversation, at="pick", at_time=at, unless_texted="1")
    [waits] = build.every(Message)
    beside = {"edit": "1", "body": "<i>\r\nit’s", "client_token": "d1", "turn": "7"}
    took_back = browser.post(f"/messages/{waits.id}/take-back", data=beside)
    answer = took_back.text
    assert build.again(waits).state == "canceled"
    assert "Hello\n&lt;i&gt;\nit’s</textarea></hx-partial>" in answer
    assert "“’” at 13 forces Unicode." in answer
    assert '"input": {"target": "#composer[data-conv' in took_back.headers["HX-Trigger"]
    [draft] = build.every(Draft)
    assert (draft.body, draft.client_token) == ("Hello\n<i>\nit’s", "d1")
    assert 'hx-target="#later-manner"' in answer
    assert f'value="{at}"' in answer
    assert "checked" in answer


@pytest.mark.parametrize("fields", [{"at": "pick"}, {"at": "soon"}, {"at": "2020-01-01T09:00"}])
def test_a_time_that_is_none_is_refused_in_words(browser, conversation, fields):
    assert reply(browser, conversation, **fields).status_code == 422
    assert build.every(Message) == []


def test_words_that_agents_may_not_send_are_refused_in_words(browser, conversation):
    content_rules.create("guarantee", does="block")
    answer = reply(browser, conversation, body="We guarantee it")
    assert answer.status_code == 422
    assert "Agents may not send “guarantee” here." in answer.text
    assert build.every(Message) == []


def test_what_waits_stands_at_the_end_of_the_thread(browser, conversation):
    reply(browser, conversation, "Reminder", at="tomorrow")
    build.a_message(conversation, body="Meanwhile", state="accepted")
    page = browser.get(f"/conversations/{conversation.id}").text
    assert page.index("Meanwhile") < page.index("Reminder</div>")


def test_undo_is_offered_as_long_as_the_text_is_held(app, ben, conversation):
    build.changed(ben, undo_seconds=10)
    browser = build.signed_in(app, ben)
    answer = reply(browser, conversation).text
    [held] = build.every(Message)
    assert f"undo-{held.id}" in answer
    build.changed(held, next_at=clock.now() - timedelta(seconds=1))
    assert f"undo-{held.id}" not in browser.get(f"/conversations/{conversation.id}").text


def test_send_and_close_puts_the_conversation_away(browser, conversation):
    reply(browser, conversation, then="next")
    assert build.every(Conversation)[0].status == "closed"


def test_the_price_of_a_segment_is_learned_from_what_was_billed(browser, number, conversation):
    other = build.a_conversation(number)
    build.a_message(
        other,
        state="accepted",
        delivery=60,
        cost_micros=15_800,
        cost_currency="USD",
        billed={"segments": 2},
    )
    said = "|1 segment · # · $0.0079|2 segments · # · $0.016|"
    assert said in browser.get(f"/conversations/{conversation.id}").text


@pytest.mark.parametrize("path", ["reply", "draft"])
def test_nobody_writes_where_they_have_no_grant(app, cy, conversation, path):
    outsider = build.signed_in(app, cy)
    answer = outsider.post(f"/conversations/{conversation.id}/{path}", data={"body": "Hi"})
    assert answer.status_code == 404
    assert build.every(Message) == build.every(Draft) == []


@pytest.mark.parametrize("verb", ["take-back", "send-now"])
def test_nobody_touches_what_waits_where_they_have_no_grant(
    app, ben, cy, number, conversation, verb
):
    reply(build.signed_in(app, ben), conversation, at="tomorrow")
    [waits] = build.every(Message)
    viewer = build.a_user("Vi", role="viewer", numbers=[number])
    for user, status in ((cy, 404), (viewer, 403)):
        assert build.signed_in(app, user).post(f"/messages/{waits.id}/{verb}").status_code == status
    assert build.again(waits).state == "scheduled"


def test_saved_replies_are_offered_filled_in_and_escaped(app, browser, ben, cy, conversation):
    saved_replies.create(Wanted("Hello", 'Hi {{contact.first_name}} "<b>', is_button=True), ben)
    path = f"/conversations/{conversation.id}/saved-replies"
    assert "Hi Maria &#34;&lt;b&gt;" in browser.get(f"{path}?q=hel").text
    assert browser.get(f"{path}?q=nothing").text.strip() == ""
    assert 'data-insert="Hi Maria' in browser.get(f"/conversations/{conversation.id}").text
    assert build.signed_in(app, cy).get(path).status_code == 404


def test_a_saved_reply_is_written_used_changed_and_deleted(browser):
    made = {"title": "Hours", "body": "9 to 5", "shortcut": "h", "whose": "mine"}
    assert browser.post("/saved-replies", data=made).status_code == 303
    [reply] = build.every(SavedReply)
    assert browser.post(f"/saved-replies/{reply.id}/use").status_code == 204
    assert "used 1 time" in browser.get("/saved-replies").text
    changed = made | {"body": "{{nonsense}}"}
    answer = browser.post(f"/saved-replies/{reply.id}", data=changed)
    assert (answer.status_code, "is no field" in answer.text) == (422, True)
    assert browser.post(f"/saved-replies/{reply.id}/delete").status_code == 303
    assert build.every(SavedReply) == []


def test_a_text_can_be_brought_along_to_be_saved(browser):
    assert "Say &lt;it" in browser.get("/saved-replies/new?body=Say+<it").text


def test_emoji_are_found_by_what_they_are_called(browser):
    assert "🍕" in browser.get("/emoji").text
    found = browser.get("/emoji?q=pizz").text
    assert found.count("data-insert") == 1
    assert "🍕" in found


def test_how_one_sends_is_ones_own_choice(app, browser, ben, conversation):
    form = {"enter": "breaks", "undo_seconds": "5"}
    assert browser.post("/you/sending", data=form).status_code == 303
    assert 'data-enter="breaks"' in browser.get(f"/conversations/{conversation.id}").text
    assert build.again(ben).undo_seconds == 5
    assert browser.post("/you/sending", data=form | {"undo_seconds": "4"}).status_code == 422
