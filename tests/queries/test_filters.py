"""Filters: the language of search over conversations, in groups; each viewer sees only theirs."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from smsinbox.core import clock
from smsinbox.queries import conversations, filters
from smsinbox.queries.views import SORTS, View
from smsinbox.queries.waiting import wait
from smsinbox.services import contact_tags
from smsinbox.services import conversations as verbs
from tests import build


def found(viewer, query: str) -> set[int]:
    return {row.id for row in conversations.listed(viewer, View("filter", query=query)).items}


def test_conditions_of_a_group_all_hold_and_any_group_does(number, ada, ben):
    vip = build.a_conversation(number, build.a_contact(name="Maria Lopez"))
    contact_tags.put_on(vip.contact_id, "vip", ada)
    mine = build.a_conversation(number, assignee_id=ben.id, waiting_since=clock.now())
    starred = build.a_conversation(number, starred=True, status="closed")
    failed = build.a_conversation(number)
    build.a_message(failed, state="failed")
    build.a_message(vip, direction="inbound", state="received", body="hi")
    every = {vip.id, mine.id, starred.id, failed.id}
    for query, expected in {
        "is:open tag:vip": {vip.id},
        "is:open -tag:vip": {mine.id, failed.id},
        "tag:vip OR is:starred": {vip.id, starred.id},
        "is:mine is:waiting OR is:closed -is:starred": {mine.id},
        "assignee:me OR assignee:nobody": every,
        'assignee:"Ben"': {mine.id},
        "-assignee:nobody": {mine.id},
        "is:failed": {failed.id},
        "from:maria": {vip.id},
        f'number:"{number.name}" is:closed': {starred.id},
        "is:nonsense": set(),
        "is:open is:nonsense": set(),
        "number:elsewhere OR is:starred": {starred.id},
        "": set(),
        "OR OR": set(),
        "just words": set(),
    }.items():
        assert found(ben, query) == expected, query
        live = conversations.rows(every).values()
        view = View("filter", query=query)
        assert {row.id for row in live if view.shows(row, ben.id)} == expected, query


def test_a_filter_shows_nobody_what_is_not_granted(number, ada, ben, cy):
    secret = build.a_number("+14155550143", account=number.account, name="Secret")
    there = build.a_conversation(secret, starred=True)
    here = build.a_conversation(number, starred=True)
    queries = [
        "is:starred",
        "is:starred OR number:Secret",
        "-number:Secret OR is:starred",
        "-tag:x",
    ]
    for query in queries:
        assert found(ada, query) == {there.id, here.id} or "-number" in query
        assert there.id not in found(ben, query)
        assert found(cy, query) == set()
    assert "You see no number" in filters.problems("number:Secret", ben)[0]


@given(st.text(max_size=80))
def test_whatever_is_typed_is_read_and_written_the_same(text):
    read = filters.parse(text)
    assert filters.parse(str(read)).groups == read.groups


@given(
    st.sampled_from(["open", "needs-reply", "filter", "all"]),
    st.none() | st.integers(1, 10**9),
    st.sampled_from(["", *SORTS]),
    st.text(max_size=60),
)
def test_a_view_is_its_topic_whatever_its_query_holds(name, number_id, sort, query):
    view = View(name, number_id, sort, query if name == "filter" else "")
    assert View.parse(str(view)) == view
    assert not set(str(view)) & set("'\"\\<> ")


@pytest.mark.parametrize("sort", SORTS)
@pytest.mark.parametrize("name", ["needs-reply", "all"])
def test_every_order_has_each_row_once_on_its_pages_as_the_browser_sorts_it(
    number, ben, name, sort
):
    now = clock.now()
    for n in range(7):
        waits = now - timedelta(minutes=(n * 5) % 7) if n % 3 or name != "all" else None
        last = now - timedelta(minutes=n // 2)
        build.a_conversation(number, last_message_at=last, waiting_since=waits)
    view, seen, before = View(name, sort=sort), [], None
    while True:
        page = conversations.listed(ben, view, before, limit=2)
        seen += page.items
        before = page.next
        if before is None:
            break
    assert len({row.id for row in seen}) == len(seen) == 7
    keys = [tuple(map(int, view.key(row).split("-"))) for row in seen]
    assert keys == sorted(keys, reverse=view.order == "desc")


def test_nobody_waits_while_the_number_is_closed():
    weekly = dict.fromkeys(("mon", "tue", "wed", "thu", "fri"), ("09:00-17:00",))
    calendar = {"name": "Office", "zone": "UTC", "weekly": weekly}
    friday, monday = datetime(2026, 11, 20, 16, 50, tzinfo=UTC), datetime(2026, 11, 23, tzinfo=UTC)
    with clock.at(friday + timedelta(hours=5)):
        closed = wait(friday, calendar)
        assert (closed.length, closed.is_running, closed.level) == (
            timedelta(minutes=10),
            False,
            "",
        )
    with clock.at(monday + timedelta(hours=9, minutes=20)):
        waited = wait(friday, calendar)
        assert (waited.length, waited.is_running) == (timedelta(minutes=30), True)
        assert waited.level == "late"
        assert wait(friday, None).level == "too-late"


def test_thanks_are_proposed_as_needing_no_reply(number, ben):
    one, two = (
        build.a_conversation(
            number,
            unanswered=unanswered,
            waiting_since=clock.now(),
            last_direction="inbound",
            preview="Thanks! 👍",
        )
        for unanswered in (1, 2)
    )
    rows = conversations.rows([one.id, two.id])
    assert [rows[one.id].is_only_thanks, rows[two.id].is_only_thanks] == [True, False]
    verbs.settle(one.id, by=ben)
    assert not conversations.rows([one.id])[one.id].is_only_thanks
