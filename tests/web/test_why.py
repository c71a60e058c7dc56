"""Why a text was answered, ghosts of rules in shadow, and paused automation."""

from datetime import timedelta

import pytest
from flask.testing import FlaskClient

from smsinbox.core import clock
from smsinbox.core.events import Entry
from smsinbox.core.i18n import Style
from smsinbox.live.redraw import changes
from smsinbox.models import Decision, Message
from smsinbox.models.activity import Activity
from smsinbox.models.events import ActivityWritten
from tests import build
from tests.rules.build import a_rule, decided


@pytest.fixture
def browser(app, ben) -> FlaskClient:
    return build.signed_in(app, ben)


@pytest.fixture
def text(number) -> Message:
    conversation = build.a_conversation(number, build.a_contact(build.THEIRS))
    return build.a_message(
        conversation, direction="inbound", state="received", author="contact", body="HOURS!!"
    )


def a_line(text: Message, kind: str = "ghost", **fields) -> Activity:
    ghost = {"ghost": "open", "message_id": text.id} if kind == "ghost" else {}
    return build.added(
        Activity(
            conversation_id=text.conversation_id,
            kind=kind,
            **{
                "body": "Nine to five.",
                "author_name": "Hours",
                "at": clock.now(),
                **ghost,
                **fields,
            },
        )
    )


def words(html: str) -> str:
    return " ".join(html.split())


def test_why_shows_each_rule_with_its_conditions_and_what_was_sent(browser, text):
    rules = [a_rule("Hours", "hours", human_grace=5), a_rule("Address", "where")]
    decision = decided("HOURS!!", *rules)
    at = clock.now()
    detail = decision.to_json()
    build.added(Decision(message_id=text.id, outcome="replied", reason="x", detail=detail, at=at))
    build.a_message(text.conversation, body="We are open.", author="rule", answers_id=text.id)
    page = words(browser.get(f"/messages/{text.id}/why").text)
    assert 'Compared as “<span class="normalised" dir="auto">hours</span>”' in page
    assert "No agent wrote in the last 5 minutes." in page
    assert "The text is not exactly one of its words." in page
    assert "What was sent" in page
    assert "We are open." in page


def test_why_leads_those_who_may_change_it_to_the_rule(app, ada, ben, number, text):
    rule = build.a_rule(number, "hours")
    kept = {"outcome": "replied", "reason": "x", "at": clock.now(), "rule_id": rule.id}
    build.added(Decision(message_id=text.id, detail=decided("HOURS!!").to_json(), **kept))
    path = f"/messages/{text.id}/why"
    assert f'href="/rules?edit={rule.id}"' in build.signed_in(app, ada).get(path).text
    assert "/rules" not in build.signed_in(app, ben).get(path).text


def test_every_decision_tells_its_loop_score_and_the_words_of_its_notes(browser, text):
    note = {"do": "note", "text": "They asked for {{contact.name|somebody}}"}
    decision = decided("HOURS!!", a_rule("Hours", "hours", actions=[note]))
    kept = {"outcome": "replied", "reason": "x", "at": clock.now()}
    build.added(Decision(message_id=text.id, detail=decision.to_json(), **kept))
    page = words(browser.get(f"/messages/{text.id}/why").text)
    assert "Loop score: 0 of 100." in page
    assert "“They asked for somebody”" in page


def test_why_of_a_text_without_a_decision_says_so(browser, text):
    page = browser.get(f"/messages/{text.id}/why").text
    assert "Nothing was decided about this text" in page
    assert "Nothing was sent by itself." in page


def test_why_of_a_decision_from_before_details_shows_its_reason(browser, text):
    kept = {"outcome": "held", "reason": "The contact <opted> out.", "at": clock.now()}
    build.added(Decision(message_id=text.id, **kept))
    assert "The contact &lt;opted&gt; out." in browser.get(f"/messages/{text.id}/why").text


def test_every_inbound_bubble_has_the_button_and_no_other(browser, text):
    ours = build.a_message(text.conversation)
    page = browser.get(f"/conversations/{text.conversation_id}").text
    assert f'hx-get="/messages/{text.id}/why"' in page
    assert f'hx-get="/messages/{ours.id}/why"' not in page
    assert browser.get(f"/messages/{ours.id}/why").status_code == 404


def test_outsiders_learn_nothing_and_viewers_change_nothing(app, number, cy, text):
    ghost = a_line(text)
    build.changed(text.conversation, paused_at=clock.now())
    viewer = build.a_user("Vi", role="viewer", numbers=[number])
    doors = [
        f"/activities/{ghost.id}/send",
        f"/activities/{ghost.id}/refuse",
        f"/conversations/{text.conversation_id}/resume",
    ]
    for user, status in ((cy, 404), (viewer, 403)):
        client = build.signed_in(app, user)
        assert [client.post(door).status_code for door in doors] == [status] * 3
    assert build.signed_in(app, cy).get(f"/messages/{text.id}/why").status_code == 404
    assert build.again(ghost).ghost == "open"


def test_a_ghost_is_sent_once_by_the_person_who_says_so(browser, text):
    ghost = a_line(text)
    assert "would have sent" in browser.get(f"/conversations/{text.conversation_id}").text
    for _ in range(2):
        assert "Sent by a person." in browser.post(f"/activities/{ghost.id}/send").text
    [_, sent] = build.every(Message)
    assert (sent.body, sent.author, sent.author_name) == ("Nine to five.", "user", "Ben")
    assert browser.post(f"/activities/{ghost.id}/refuse").status_code == 409


def test_s61_what_a_ghost_took_from_a_contact_is_never_looked_at_again(browser, text):
    ghost = a_line(text, body="Hi {{agent.first_name}}, {{contact.nmae}}")
    browser.post(f"/activities/{ghost.id}/send")
    assert build.every(Message)[-1].body == ghost.body


def test_a_refused_ghost_stays_and_is_not_sent(browser, text):
    ghost = a_line(text)
    assert "Somebody said no." in browser.post(f"/activities/{ghost.id}/refuse").text
    assert browser.post(f"/activities/{ghost.id}/send").status_code == 409
    assert len(build.every(Message)) == 1


def test_a_ghost_is_not_sent_to_somebody_who_opted_out(browser, text):
    ghost = a_line(text)
    build.an_opt_out(text.conversation)
    assert browser.post(f"/activities/{ghost.id}/send").status_code == 409
    assert build.again(ghost).ghost == "open"


def test_what_is_no_ghost_cannot_be_sent(browser, text):
    note = a_line(text, "note", body="For us only")
    assert browser.post(f"/activities/{note.id}/send").status_code == 404


def test_lines_stand_among_the_texts_in_their_time(browser, text):
    early = clock.now() - timedelta(days=1)
    a_line(text, "done", body="tagged them", at=early)
    a_line(text, "note", body="Remember <this>")
    later = build.a_message(text.conversation, body="Later")
    a_line(text, body="A ghost of the first")
    page = browser.get(f"/conversations/{text.conversation_id}").text
    told = ["tagged them", "HOURS!!", "Remember &lt;this&gt;", "A ghost of the first", "Later"]
    thread = page[page.index('id="messages"') :]
    places = [thread.index(part) for part in told]
    assert places == sorted(places)
    assert f'data-key="{text.id}.' in page
    assert f'data-key="{later.id}.' not in page
    assert 'data-key="0.' in page


def test_older_pages_bring_their_own_lines(browser, text):
    a_line(text, "done", body="an old line")
    texts = [build.a_message(text.conversation, body=f"t{n}") for n in range(55)]
    a_line(text, "done", body="a new line")
    here = f"/conversations/{text.conversation_id}"
    newest = browser.get(here).text
    assert "a new line" in newest
    assert "an old line" not in newest
    older = browser.get(f"{here}/messages?before={texts[5].id}").text
    assert "an old line" in older
    assert "a new line" not in older


def test_a_line_is_drawn_on_open_screens(browser, text):
    a_line(text)
    entry = _entry(text)
    [change] = changes([entry])
    assert "would have sent" in change.thread(Style())
    assert f'id="paused-{text.conversation_id}"' in change.thread(Style())
    assert not change.counts


def _entry(text: Message):
    kind = ActivityWritten.__name__
    return Entry(0, 1, kind, text.conversation_id, text.id, text.number_id, None)


def test_automation_is_resumed_with_one_click_and_the_thread_says_who(browser, text):
    build.changed(text.conversation, paused_at=clock.now(), paused_reason="Looks like a robot.")
    here = f"/conversations/{text.conversation_id}"
    page = browser.get(here).text
    assert "Automatic texts are paused here." in page
    assert "Looks like a robot." in page
    for _ in range(2):
        assert "paused here" not in browser.post(f"{here}/resume").text
    [line] = build.every(Activity)
    assert (line.kind, line.author_name) == ("done", "Ben")
    assert build.again(text.conversation).paused_at is None
