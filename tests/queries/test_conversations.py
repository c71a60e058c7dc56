"""The lists: newest first, page by page to the end, and only what the viewer may see."""

from datetime import timedelta

import pytest

from smsinbox.core import clock
from smsinbox.core.errors import NotFound
from smsinbox.queries import conversations
from smsinbox.queries.views import View
from tests import build


@pytest.fixture
def seven(number):
    now = clock.now()
    return [
        build.a_conversation(number, last_message_at=now - timedelta(minutes=n // 2))
        for n in range(7)
    ]


def test_pages_end_and_hold_each_conversation_once_newest_first(seven, ben):
    seen, before, pages = [], None, 0
    while pages < 10:
        page = conversations.listed(ben, View("open"), before, limit=2)
        seen += [row.id for row in page.items]
        pages += 1
        before = page.next
        if before is None:
            break
    newest_first = sorted(seven, key=lambda one: (one.last_message_at, one.id), reverse=True)
    assert seen == [one.id for one in newest_first]
    assert pages == 4


@pytest.mark.parametrize("before", ["", "x", "1", "1-", "-1", "9" * 30 + "-1", "１-１"])
def test_a_place_nobody_named_is_the_beginning(seven, ben, before):
    assert len(conversations.listed(ben, View("open"), before).items) == 7


def test_each_view_shows_its_own_and_agrees_with_the_live_list(number, ben, ada):
    mine = build.a_conversation(number, assignee_id=ben.id)
    free = build.a_conversation(number)
    closed = build.a_conversation(number, status="closed")
    snoozed = build.a_conversation(number, status="snoozed")
    waits = {"waiting_since": clock.now(), "unanswered": 1}
    waiting = build.a_conversation(number, assignee_id=ben.id, **waits)
    done = build.a_conversation(number, status="closed")
    for where, state, author in [
        (free, "scheduled", "user"),
        (mine, "failed", "rule"),
        (done, "failed", "user"),
        (snoozed, "failed", "program"),
    ]:
        build.a_message(where, state=state, author=author)
    build.a_message(free, state="failed", dismissed_at=clock.now())
    build.a_message(waiting, state="accepted", delivery=50)
    other = build.a_conversation(build.a_number("+14155550143", account=number.account))
    expected = {
        View("needs-reply"): {waiting},
        View("open"): {mine, free, waiting},
        View("mine"): {mine, waiting},
        View("snoozed"): {snoozed},
        View("scheduled"): {free},
        View("failed"): {mine, waiting},
        View("unassigned"): {free},
        View("closed"): {closed, done},
        View("all"): {mine, free, closed, snoozed, waiting, done},
        View("open", number.id): {mine, free, waiting},
        View("open", other.number_id): set(),
    }
    every = conversations.rows(one.id for one in expected[View("all")]).values()
    for view, wanted in expected.items():
        listed = {row.id for row in conversations.listed(ben, view).items}
        assert listed == {one.id for one in wanted}, view
        assert listed == {row.id for row in every if view.shows(row, ben.id)}, view


def test_counts_are_of_what_the_viewer_may_see(number, ben, cy):
    build.a_conversation(number, assignee_id=ben.id, waiting_since=clock.now())
    build.a_conversation(number, status="closed")
    counts = conversations.counts(ben)
    assert (counts.open, counts.mine, counts.unassigned, counts.needs_reply) == (1, 1, 0, 1)
    assert counts.by_number == {number.id: 1}
    assert conversations.counts(cy).open == 0


def test_a_conversation_of_another_number_is_not_there(number, cy, ada):
    conversation = build.a_conversation(number)
    with pytest.raises(NotFound):
        conversations.for_viewer(cy, conversation.id)
    assert conversations.for_viewer(ada, conversation.id).id == conversation.id


def test_history_shows_only_granted_numbers(number, ben, ada):
    contact = build.a_contact()
    other = build.a_number("+14155550143", account=number.account)
    here, _there = (build.a_conversation(one, contact) for one in (number, other))
    assert [row.id for row in conversations.history(ben, contact.id)] == [here.id]
    assert len(conversations.history(ada, contact.id)) == 2


@pytest.mark.parametrize(
    ("name", "number", "view"),
    [
        ("open:3", None, View("open", 3)),
        ("mine", "7", View("mine", 7)),
        ("nonsense", "x", View("open")),
        (None, None, View("open")),
        ("closed", "９", View("closed")),
    ],
)
def test_a_view_is_read_from_whatever_a_page_names(name, number, view):
    assert View.parse(name, number) == view
