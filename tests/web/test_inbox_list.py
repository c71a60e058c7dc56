"""The list shows each user what they may see, who waits longest, and what is new to them."""

import re
from datetime import timedelta

import pytest

from smsinbox.core import clock
from tests import build

IDS = re.compile(r'<li class="row[^"]*"\s+id="conversation-(\d+)"')


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
    assert row == "ML Maria Lopez now Is it open? Waiting for 14m Support"


def test_no_id_stands_twice_on_a_page(agent, maria):
    build.changed(maria, received=5, unanswered=2)
    page = agent.get(f"/conversations/{maria.id}?view=all").text
    drawn = re.sub(r"<template.*?</template>", "", page, flags=re.DOTALL)  # each a tree of its own
    found = re.findall(r'[ \n]id="([^"]*)"', drawn)
    assert {"messages", "older", "composer"} <= set(found)
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
