"""The desk of a team: who has it, until when, what the next one must know; and the kill switch."""

from datetime import timedelta

import pytest
from flask.testing import FlaskClient

from smsinbox.core import clock
from smsinbox.models import Activity, Attempt, Number, Receipt
from smsinbox.services import availability
from tests import build
from tests.web.test_inbox_list import text_of

SHEETS = ("people", "snooze", "tags", "handover")
VERBS = ("snooze", "handover", "handover/done")


@pytest.fixture
def admin(app, ada) -> FlaskClient:
    return build.signed_in(app, ada)


def test_strangers_find_nothing_and_viewers_change_nothing(app, number, maria, cy):
    vi = build.signed_in(app, build.a_user("Vi", role="viewer", numbers=[number]))
    stranger = build.signed_in(app, cy)
    for client, status in ((stranger, 404), (vi, 403)):
        for sheet in SHEETS:
            path = f"/conversations/{maria.id}/sheets/{sheet}"
            assert client.get(path).status_code == status, sheet
        for verb in VERBS:
            answer = client.post(
                f"/conversations/{maria.id}/{verb}", data={"for": "1h", "next": "x"}
            )
            assert answer.status_code == status, verb
    assert build.again(maria).status == "open"
    assert build.every(Activity) == []


def test_people_are_found_by_name_and_who_is_online_is_first(agent, number, maria, cy, ada):
    dee = build.a_user("Dee", numbers=[number])
    availability.note(dict.fromkeys([dee.id], True))
    path = f"/conversations/{maria.id}/sheets/people"
    everybody = text_of(agent.get(path).text)
    assert everybody.index("Assign to me") < everybody.index("Dee Online") < everybody.index("Ada")
    assert "Cy" not in everybody
    found = text_of(agent.get(path + "?q=DEE").text)
    assert "Dee" in found
    assert "Ada" not in found
    assert "Nobody of that name" in agent.get(path + "?q=zzz").text


def test_the_header_says_who_has_it_and_what_was_said_to_them(agent, number, maria):
    dee = build.a_user("Dee", numbers=[number])
    form = {"assignee_id": str(dee.id), "note": "<b>Hurry</b> @Dee"}
    header = agent.post(f"/conversations/{maria.id}/assign", data=form).text
    assert "Dee" in text_of(header)
    assert f'id="claim-{maria.id}"' not in header
    page = agent.get(f"/conversations/{maria.id}").text
    assert '&lt;b&gt;Hurry&lt;/b&gt; <mark class="mention">@Dee</mark>' in page


@pytest.mark.parametrize(
    ("form", "words"),
    [
        ({"for": "1h"}, "Snoozed until"),
        ({"for": "reply"}, "Snoozed until they text"),
        ({"until": "2090-01-01T09:00"}, "Snoozed until"),
    ],
)
def test_a_snoozed_conversation_says_until_when(agent, maria, form, words):
    assert words in text_of(agent.post(f"/conversations/{maria.id}/snooze", data=form).text)


def test_times_are_those_of_the_browsers_zone(agent, maria):
    agent.set_cookie("zone", "Asia/Tokyo")
    agent.post(f"/conversations/{maria.id}/snooze", data={"until": "2090-01-01T09:00"})
    assert build.again(maria).snoozed_until.isoformat() == "2090-01-01T00:00:00+00:00"
    assert "(Asia/Tokyo)" in build.every(Activity)[0].body


@pytest.mark.parametrize(
    "form", [{}, {"for": "x"}, {"until": "soon"}, {"until": "2001-01-01T00:00"}]
)
def test_nonsense_and_the_past_are_no_time(agent, maria, form):
    assert agent.post(f"/conversations/{maria.id}/snooze", data=form).status_code == 422
    assert build.again(maria).status == "open"


def test_a_card_is_pinned_above_the_thread_until_it_is_done(agent, maria):
    form = {"asked": "<i>A bike</i>", "promised": "", "next": "Call"}
    card = agent.post(f"/conversations/{maria.id}/handover", data=form).text
    assert text_of(card).endswith("Done Asked &lt;i&gt;A bike&lt;/i&gt; Next Call")
    assert "handover-card" in agent.get(f"/conversations/{maria.id}").text
    done = agent.post(f"/conversations/{maria.id}/handover/done").text
    assert "handover-card" not in done
    assert "handover-card" not in agent.get(f"/conversations/{maria.id}").text


def test_a_card_without_words_is_refused(agent, maria):
    assert agent.post(f"/conversations/{maria.id}/handover", data={"next": " "}).status_code == 422


# ── one text ────────────────────────────────────────────────────────────────


def test_the_menu_of_a_text_has_what_its_viewer_may_do(app, agent, number, maria, cy):
    text = build.a_message(maria, body='See "you" <b>', state="failed", error_code="expired")
    path = f"/messages/{text.id}/menu"
    menu = agent.get(path).text
    assert 'data-copy="See &#34;you&#34; &lt;b&gt;"' in menu
    assert f"/conversations/{maria.id}?at={text.id}" in menu
    assert "/saved-replies/new?body=See+%22you%22+%3Cb%3E" in menu.replace("%20", "+")
    assert "Send again" in menu
    vi = build.signed_in(app, build.a_user("Vi", role="viewer", numbers=[number]))
    assert "Send again" not in vi.get(path).text
    stranger = build.signed_in(app, cy)
    assert stranger.get(path).status_code == 404
    assert stranger.get(f"/messages/{text.id}/story").status_code == 404


def test_a_text_has_a_story_and_carriers_words_are_for_admins(agent, admin, maria):
    text = build.a_message(maria, state="accepted", delivery=50, carrier_id="c-1")
    now = clock.now()
    for at, (outcome, code) in enumerate([("unavailable", "503"), ("accepted", None)]):
        began = now + timedelta(seconds=at)
        build.added(
            Attempt(
                message_id=text.id, account_id=text.account_id, fence=at, started_at=began,
                ended_at=began, outcome=outcome, error_code=code,
            )
        )  # fmt: skip
    later = now + timedelta(minutes=1)
    build.added(
        Receipt(
            account_id=text.account_id, message_id=text.id, carrier_id="c-1", status="weird",
            rank=None, detail="raw words", received_at=later,
        )
    )  # fmt: skip
    path = f"/messages/{text.id}/story"
    told = text_of(agent.get(path).text)
    order = ["Written by Ben", "try 1", "Not taken", "try 2", "Accepted by Trunx", "“weird”"]
    places = [told.index(words) for words in order]
    assert places == sorted(places)
    assert "raw words" not in told
    assert "raw words" in admin.get(path).text


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"state": "queued", "error_code": "503", "attempts": 2}, "Waiting to try again (3 of 12)"),
        ({"state": "accepted", "delivery": 10}, "Accepted"),
    ],
)
def test_a_mark_counts_tries(agent, maria, fields, words):
    build.a_message(maria, **fields)
    assert words in text_of(agent.get(f"/conversations/{maria.id}").text)


def test_a_day_without_a_receipt_is_said(agent, maria):
    long_ago = clock.now() - timedelta(hours=25)
    build.a_message(maria, state="accepted", delivery=20, created_at=long_ago, next_at=long_ago)
    assert "No delivery receipt" in agent.get(f"/conversations/{maria.id}").text


# ── the kill switch ─────────────────────────────────────────────────────────


def test_a_pause_is_said_where_people_write_and_where_they_look(agent, admin, number, maria):
    build.a_message(maria)
    assert admin.post(f"/numbers/{number.id}/pause").status_code == 303
    page = text_of(agent.get(f"/conversations/{maria.id}").text)
    assert "Sending from this number is paused." in page
    assert "Held" in page
    assert "Sending paused" in admin.get("/accounts").text
    admin.post(f"/numbers/{number.id}/resume")
    admin.post("/sending/pause")
    assert "Sending is paused." in agent.get(f"/conversations/{maria.id}").text
    assert "Nothing is sent from any number." in admin.get("/accounts").text
    admin.post("/sending/resume")
    assert "is paused" not in agent.get(f"/conversations/{maria.id}").text


@pytest.mark.parametrize("path", ["/sending/pause", "/sending/resume", "/numbers/1/pause"])
def test_only_admins_reach_the_switch(agent, number, path):
    assert agent.post(path).status_code == 403
    assert build.again(number).paused_at is None


def test_how_a_number_is_shared_is_set_on_its_form(admin, number):
    form = {"name": "Support", "pace": "1", "zone": "UTC", "deals": "1", "capacity": "3"}
    admin.post(f"/numbers/{number.id}", data=form | {"returns_after": "30"})
    [again] = build.every(Number)
    assert (again.takes_up, again.deals, again.capacity, again.returns_after) == (
        False,
        True,
        3,
        30,
    )
    assert 'name="deals" value="1" checked' in " ".join(
        admin.get(f"/accounts?number={number.id}").text.split()
    )
    for wrong in ({"capacity": "0"}, {"returns_after": "x"}):
        assert admin.post(f"/numbers/{number.id}", data=form | wrong).status_code == 422
