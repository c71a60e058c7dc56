"""The inbox shows each user what they may see, and a thread says what became of every text."""

import re
from datetime import timedelta

import pytest
from flask.testing import FlaskClient

from smsinbox.core import clock
from smsinbox.models import Activity, Conversation, Message
from tests import build

IDS = re.compile(r'<li class="row[^"]*"\s+id="conversation-(\d+)"')


@pytest.fixture
def agent(app, ben) -> FlaskClient:
    return build.signed_in(app, ben)


@pytest.fixture
def outsider(app, cy) -> FlaskClient:
    return build.signed_in(app, cy)


@pytest.fixture
def viewer(app, number) -> FlaskClient:
    return build.signed_in(app, build.a_user("Vi", role="viewer", numbers=[number]))


@pytest.fixture
def maria(number) -> Conversation:
    return build.a_conversation(number, build.a_contact("+14155550111", name="Maria Lopez"))


def rows(html: str) -> list[int]:
    return [int(found) for found in IDS.findall(html)]


def unread(agent, conversation) -> tuple[str, str]:
    """What its row counts for those who see it and for those who hear it."""
    page = agent.get("/conversations/list?view=all").text
    there = rf'<span([^>]* id="count-{conversation.id}"[^>]*)>([^<]*)</span>'
    [(attributes, shown)] = re.findall(there, page)
    said = re.search('aria-label="([^"]*)"', attributes)
    return shown, said[1] if said else ""


def text_of(html: str) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", html).split())


# ── the list ────────────────────────────────────────────────────────────────


def test_home_is_what_needs_a_reply(agent):
    assert agent.get("/").location == "/conversations?view=needs-reply"


def test_the_list_is_a_region_with_the_newest_conversation_first(agent, number):
    now = clock.now()
    old, new = (
        build.a_conversation(number, last_message_at=now - timedelta(hours=hours))
        for hours in (5, 1)
    )
    page = agent.get("/conversations").text
    assert 'aria-label="Conversations"' in page
    assert rows(page) == [new.id, old.id]


def test_a_row_says_who_what_when_and_who_waits(agent, maria):
    since = clock.now() - timedelta(minutes=14)
    build.changed(maria, preview="Is it open?", waiting_since=since, last_direction="inbound")
    row = text_of(agent.get("/conversations/list").text)
    assert row == "ML Maria Lopez now Is it open? Waiting for 14m Support Unread Close"


def test_no_id_stands_twice_on_a_page(agent, maria):
    build.changed(maria, received=5, unanswered=2)
    page = agent.get(f"/conversations/{maria.id}?view=all").text
    found = re.findall(r'[ \n]id="([^"]*)"', page)
    assert sorted(found) == sorted(set(found))


@pytest.mark.parametrize(("new", "shown"), [(0, ""), (2, "2"), (9, "9"), (12, "9+")])
def test_a_row_counts_what_is_new_to_its_viewer(agent, maria, new, shown):
    build.changed(maria, received=20, unanswered=new)
    assert unread(agent, maria) == (shown, f"{new} unread" if new else "")


def test_the_longest_waiting_is_first_among_those_that_need_a_reply(agent, number):
    now = clock.now()
    late, early = (
        build.a_conversation(number, waiting_since=now - timedelta(hours=hours), unanswered=1)
        for hours in (1, 2)
    )
    build.a_conversation(number)
    assert rows(agent.get("/conversations?view=needs-reply").text) == [early.id, late.id]


def test_a_row_shows_who_spoke_last_and_who_has_it(agent, ben, maria):
    build.changed(maria, preview="See you", last_direction="outbound", assignee_id=ben.id)
    assert "We wrote: See you" in text_of(agent.get("/conversations/list").text)
    assert "Ben" in text_of(agent.get("/conversations/list").text)


def test_each_view_shows_its_own_conversations(agent, ben, number):
    free = build.a_conversation(number)
    mine = build.a_conversation(number, assignee_id=ben.id)
    closed = build.a_conversation(number, status="closed")
    shown = {
        view: set(rows(agent.get(f"/conversations?view={view}").text))
        for view in ("open", "mine", "unassigned", "closed", "all", "no such view")
    }
    assert shown == {
        "open": {free.id, mine.id},
        "mine": {mine.id},
        "unassigned": {free.id},
        "closed": {closed.id},
        "all": {free.id, mine.id, closed.id},
        "no such view": {free.id, mine.id},
    }


def test_a_number_narrows_a_view(app, ada, number):
    here = build.a_conversation(number)
    build.a_conversation(build.a_number("+14155550199", account=number.account, name="Bookings"))
    page = build.signed_in(app, ada).get(f"/conversations?view=open&number={number.id}").text
    assert rows(page) == [here.id]
    assert "<h1>Support</h1>" in page


def test_the_list_goes_on_after_its_first_page_without_a_repeat(agent, number):
    now = clock.now()
    made = [
        build.a_conversation(number, last_message_at=now - timedelta(minutes=minutes)).id
        for minutes in range(60)
    ]
    first = agent.get("/conversations").text
    more = re.search(r'hx-get="(/conversations/list[^"]+before=[^"]+)"', first)
    assert more is not None
    second = agent.get(more[1].replace("&amp;", "&")).text
    assert rows(first) + rows(second) == made
    assert 'hx-trigger="intersect once"' not in second


@pytest.mark.parametrize("before", ["x", "-", "1-1", "9" * 40 + "-1", "1-" + "9" * 40, "\0"])
def test_a_strange_place_in_the_list_is_no_error(agent, before):
    answer = agent.get("/conversations/list", query_string={"before": before, "number": "x"})
    assert answer.status_code == 200


def test_an_empty_view_says_what_to_expect(agent):
    assert "Nothing is assigned to you" in agent.get("/conversations?view=mine").text


def test_the_list_names_what_it_shows_for_live_screens(agent, number):
    page = agent.get(f"/conversations?view=mine&number={number.id}").text
    assert f'data-topic="list:mine:{number.id}"' in page
    assert re.search(r'data-since="\d+\.\d+"', page)


def test_the_sidebar_counts_for_the_viewer_alone(agent, outsider, ben, number):
    build.a_conversation(number, assignee_id=ben.id, waiting_since=clock.now())
    assert "Needs reply 1 Open 1 Mine 1 Unassigned" in text_of(
        agent.get("/conversations/views").text
    )
    assert "Support 1 waiting" in text_of(agent.get("/conversations/views").text)
    assert not re.search(r"\d", text_of(outsider.get("/conversations/views").text))


def test_the_icon_has_a_dot_where_something_waits_for_whoever_looks(app, agent, maria, cy):
    outsider = build.signed_in(app, cy)
    for waiting, seen in [(None, "/favicon.svg"), (clock.now(), "/favicon-dot.svg")]:
        build.changed(maria, waiting_since=waiting)
        for path in ("/conversations", "/conversations/views"):
            [icon] = re.findall(r'<link id="icon"[^>]* href="([^"]*)"', agent.get(path).text)
            assert icon.endswith(seen)
        assert "favicon-dot" not in outsider.get("/conversations/views").text


# ── the thread ──────────────────────────────────────────────────────────────


def test_a_thread_has_the_names_that_people_rely_on(agent, maria):
    page = agent.get(f"/conversations/{maria.id}").text
    assert re.search(r'role="log"\s+aria-label="Messages"', page)
    assert re.search(r'id="body"[^>]+aria-label="Message"', page)
    assert ">Send</span>" in page


def test_texts_stand_oldest_first_and_the_older_ones_are_fetched_above(agent, maria):
    texts = [build.a_message(maria, body=f"text {at}").id for at in range(60)]
    page = agent.get(f"/conversations/{maria.id}").text
    assert bubbles(page) == texts[10:]
    above = re.search(r'hx-get="(/conversations/\d+/messages\?before=\d+)"', page)
    assert above is not None
    older = agent.get(above[1]).text
    assert bubbles(older) == texts[:10]
    assert "The beginning of this conversation" in older


def test_a_link_to_a_text_opens_the_thread_around_it_and_both_ends_load_from_there(agent, maria):
    texts = [build.a_message(maria, body=f"text {at}").id for at in range(150)]
    page = agent.get(f"/conversations/{maria.id}?at={texts[60]}").text
    assert bubbles(page) == texts[35:85]
    assert f'data-at="{texts[60]}"' in page
    assert re.search(rf'id="newer"\s+href="/conversations/{maria.id}"\s+hx-boost="false"\s*>', page)
    ways = re.findall(r'hx-get="(/conversations/\d+/messages\?(?:before|after)=\d+)"', page)
    above, below = (agent.get(way).text for way in ways)
    assert bubbles(above) == texts[:35]
    assert bubbles(below) == texts[85:135]
    assert re.search(rf'id="later-{texts[84]}"[^>]*hidden', below)
    last = agent.get(f"/conversations/{maria.id}/messages?after={texts[134]}").text
    assert bubbles(last) == texts[135:]
    assert "Loading" not in last


def test_lines_between_texts_come_once_whichever_way_they_are_loaded(agent, maria):
    texts = [build.a_message(maria, body=f"text {at}") for at in range(120)]
    notes = [_a_note(maria, texts[at]) for at in (9, 34, 84, 85, 119)]
    page = agent.get(f"/conversations/{maria.id}?at={texts[60].id}").text
    above = agent.get(f"/conversations/{maria.id}/messages?before={texts[35].id}").text
    below = agent.get(f"/conversations/{maria.id}/messages?after={texts[84].id}").text
    found = re.findall(r'id="activity-(\d+)"', above + page + below)
    assert [int(one) for one in found] == notes


def _a_note(conversation, message) -> int:
    note = Activity(
        conversation_id=conversation.id,
        message_id=message.id,
        kind="note",
        body="n",
        author_name="Ben",
        at=message.created_at,
    )
    return build.added(note).id


def test_a_text_that_is_not_of_this_conversation_opens_the_newest(agent, maria):
    other = build.a_message(build.a_conversation(maria.number, build.a_contact("+13125550777")))
    texts = [build.a_message(maria, body=f"text {at}").id for at in range(60)]
    for at in (other.id, 10**12, "x"):
        page = agent.get(f"/conversations/{maria.id}?at={at}").text
        assert bubbles(page) == texts[10:]


def test_new_texts_stay_unread_while_an_old_one_is_looked_at(agent, maria):
    texts = [build.a_message(maria, body=f"text {at}", direction="inbound").id for at in range(60)]
    build.changed(maria, received=60, unanswered=2)
    for at, shown in ((0, None), (50, 2), (50, None)):
        assert new_in(agent.get(f"/conversations/{maria.id}?at={texts[at]}").text) == shown


def new_in(page: str) -> int | None:
    """How many texts the divider above the first new one tells of."""
    found = re.search(r'<p class="fresh" data-key="\d+">New · (\d+)</p>', page)
    return int(found[1]) if found else None


@pytest.mark.parametrize(
    ("unread", "folded", "above", "told"),
    [(0, (), None, None), (2, (), 3, 2), (9, (), 0, 9), (2, (4,), 3, 1), (2, (3, 4), None, None)],
)
def test_the_divider_stands_above_the_first_text_that_is_new(
    agent, maria, unread, folded, above, told
):
    ids: list[int] = []
    for at in range(5):
        about = ids[0] if at in folded else None
        ids.append(build.a_message(maria, direction="inbound", reacts_to_id=about).id)
    build.changed(maria, received=unread, unanswered=unread)
    page = agent.get(f"/conversations/{maria.id}").text
    assert new_in(page) == told
    if above is not None:
        assert bubbles(page.partition('class="fresh"')[2])[0] == ids[above]


def bubbles(html: str) -> list[int]:
    return [int(found) for found in re.findall(r'id="message-(\d+)"', html)]


def test_what_somebody_texted_is_text_and_never_markup(agent, maria):
    build.a_message(maria, direction="inbound", state="received", body="<b>&amp;\n  hi</b>")
    page = agent.get(f"/conversations/{maria.id}").text
    assert '<div class="bubble" dir="auto">&lt;b&gt;&amp;amp;\n  hi&lt;/b&gt;</div>' in page


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"author": "rule", "author_name": "Opening hours"}, "Auto-reply · Opening hours"),
        ({"author": "consent"}, "Automatic · consent"),
        ({"author": "program", "author_name": "Shop"}, "Shop"),
        ({"author": "user", "author_name": "Ben"}, "Ben"),
        ({"state": "accepted", "delivery": 60}, "Delivered"),
        ({"state": "queued"}, "Waiting to send"),
        ({"state": "uncertain"}, "Send again"),
        ({"state": "failed", "error_code": "expired"}, "Try again"),
    ],
)
def test_a_bubble_says_who_wrote_it_and_how_far_it_got(agent, maria, fields, words):
    build.a_message(maria, **fields)
    assert words in text_of(agent.get(f"/conversations/{maria.id}/messages").text)


@pytest.mark.parametrize(
    ("arming", "state", "words"),
    [
        ("armed", "accepted", "Will answer the next text:"),
        ("armed", "scheduled", "Will answer the next text:"),
        ("armed", "failed", "Answers nothing, as this text did not leave:"),
        ("answered", "accepted", "Answered:"),
        ("replaced", "accepted", "Replaced by a newer one:"),
        ("canceled", "accepted", "Answers nothing, as the contact opted out:"),
        ("expired", "accepted", "Answered nothing within three days:"),
    ],
)
def test_a_bubble_tells_what_becomes_of_the_reply_it_armed(agent, maria, arming, state, words):
    asked = {"auto_reply": "<b>We got it"}
    build.a_message(maria, arming=arming, state=state, author="program", asked=asked)
    page = agent.get(f"/conversations/{maria.id}/messages").text
    assert words in text_of(page)
    assert '<q dir="auto">&lt;b&gt;We got it</q>' in page


def test_opening_a_conversation_reads_it(agent, maria):
    build.a_message(maria, direction="inbound")
    build.changed(maria, received=1, unanswered=1)
    assert new_in(agent.get(f"/conversations/{maria.id}").text) == 1
    assert new_in(agent.get(f"/conversations/{maria.id}").text) is None


def test_what_one_has_read_is_still_new_to_another_and_still_waits(agent, viewer, maria):
    build.a_message(maria, direction="inbound")
    build.changed(maria, received=1, unanswered=1, waiting_since=clock.now())
    agent.get(f"/conversations/{maria.id}")
    page = viewer.get(f"/conversations/{maria.id}").text
    assert "You can read this conversation, but not answer it." in page
    assert "<textarea" not in page.split('id="contact-pane"')[0]
    assert new_in(page) == 1
    assert build.again(maria).unanswered == 1


def test_a_pane_is_the_thread_alone_with_its_title(agent, maria):
    pane = agent.get(f"/conversations/{maria.id}/pane").text
    assert pane.startswith("<title>Maria Lopez · smsinbox</title>")
    assert "<html" not in pane
    assert 'id="conversations"' not in pane


def test_somebody_who_opted_out_cannot_be_texted_and_the_desk_says_why(agent, maria):
    build.an_opt_out(maria)
    page = agent.get(f"/conversations/{maria.id}").text
    assert "data-blocked" in page
    assert "Maria Lopez opted out of texts from this number" in text_of(page)


def test_a_short_code_cannot_be_answered(agent, number):
    bank = build.a_conversation(number, build.a_contact("72345", kind="short_code"))
    page = agent.get(f"/conversations/{bank.id}").text
    assert "data-blocked" in page
    assert "short codes take no replies" in text_of(page)


# ── what people do ──────────────────────────────────────────────────────────


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
    form = {"number_id": number.id, "phone": "(415) 555-0123", "body": "Hi", "client_token": "t"}
    answer = agent.post("/conversations", data=form)
    (message,) = build.every(Message)
    assert (answer.status_code, answer.location) == (
        303,
        f"/conversations/{message.conversation_id}",
    )


def test_a_refused_first_text_keeps_what_was_typed(agent, number):
    form = {"number_id": number.id, "phone": "12", "body": "A long text to keep"}
    answer = agent.post("/conversations", data=form)
    assert answer.status_code == 422
    assert "A long text to keep" in answer.text
    assert 'aria-invalid="true"' in answer.text


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
