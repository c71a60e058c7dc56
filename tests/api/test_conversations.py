"""Programs page through conversations, newest first, and look at one."""

from datetime import UTC, datetime, timedelta

import pytest

from smsinbox.core.database import atomic
from tests import build

NOON = datetime(2026, 3, 9, 12, 0, 0, 250, tzinfo=UTC)


@atomic
def many(number, count: int) -> list[int]:
    """Conversations, three of which share each moment; their ids, newest first."""
    made = [
        build.a_conversation(number, last_message_at=NOON + timedelta(seconds=at // 3))
        for at in range(count)
    ]
    return [one.id for one in reversed(made)]


def ids(page) -> list[int]:
    return [item["id"] for item in page.json["items"]]


def test_a_conversation_shows_its_ends_its_status_and_its_last_moment(program, number):
    contact = build.a_contact(build.THEIRS, name="Zoë")
    conversation = build.a_conversation(number, contact, unanswered=2, last_message_at=NOON)
    expected = {
        "id": conversation.id,
        "number": {"id": number.id, "phone": build.OURS, "name": "Support"},
        "contact": {"id": contact.id, "phone": build.THEIRS, "name": "Zoë"},
        "status": "open",
        "unanswered": 2,
        "waiting_since": None,
        "last_message_at": "2026-03-09T12:00:00.000250Z",
    }
    assert program.get("/conversations").json == {"items": [expected], "next": None}
    assert program.get(f"/conversations/{conversation.id}").json == expected


def test_following_next_to_the_end_shows_each_conversation_once_newest_first(program, number):
    newest_first = many(number, 120)
    pages = program.walk("/conversations")
    assert [len(page) for page in pages] == [50, 50, 20]
    assert [item["id"] for page in pages for item in page] == newest_first


def test_next_keeps_the_filters(program, number):
    other = build.a_number("+14155550143", account=number.account)
    wanted = many(number, 60)
    many(other, 60)
    build.a_conversation(number, status="closed")
    pages = program.walk(f"/conversations?status=open&number={number.id}")
    assert [item["id"] for page in pages for item in page] == wanted


def test_a_full_last_page_has_no_next(program, number):
    many(number, 50)
    assert program.get("/conversations").json["next"] is None


def test_the_status_narrows_the_list(program, number):
    is_open = build.a_conversation(number)
    closed = build.a_conversation(number, status="closed")
    assert ids(program.get("/conversations?status=closed")) == [closed.id]
    assert ids(program.get("/conversations?status=open")) == [is_open.id]
    assert len(ids(program.get("/conversations"))) == 2


def test_a_number_that_nobody_knows_has_no_conversations(program, number):
    build.a_conversation(number)
    assert ids(program.get("/conversations?number=4711")) == []


@pytest.mark.parametrize(
    "query",
    [
        "status=mine",
        "status=OPEN",
        "status=open:1",
        "status=%00",
        "number=x",
        "number=-1",
        "number=1.0",
        "number=٣",
        f"number={'9' * 30}",
        "cursor=x",
        "cursor=1",
        "cursor=-1-1",
        f"cursor={'9' * 30}-1",
        "cursor=1-1'--",
    ],
)
def test_a_query_that_makes_no_sense_is_422_and_says_what_is_wrong(program, query):
    answer = program.get(f"/conversations?{query}")
    assert answer.status_code == 422
    assert answer.json["type"].endswith("/errors/validation-error")
    assert answer.json["detail"].startswith(query.partition("=")[0])


@pytest.mark.parametrize("cursor", [f"{'9' * 18}-{'9' * 18}", "0-0"])
def test_a_cursor_of_another_time_is_a_place_in_the_list_like_any_other(program, number, cursor):
    build.a_conversation(number)
    assert program.get(f"/conversations?cursor={cursor}").status_code == 200


@pytest.mark.parametrize("unknown", [0, 4711, 2**63 - 1])
def test_an_unknown_conversation_is_404(program, unknown):
    for path in (f"/conversations/{unknown}", f"/conversations/{unknown}/messages"):
        assert program.get(path).status_code == 404
    assert program.post(path, json={"body": "Hi"}).status_code == 404


@pytest.mark.parametrize("impossible", ["x", "-1", 2**63, 10**30])
def test_what_cannot_be_an_id_is_404(program, impossible):
    assert program.get(f"/conversations/{impossible}/messages").status_code == 404
