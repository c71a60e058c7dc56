"""Who looks and who types is seen by those who may see it, and no longer than it is so."""

import time

import orjson
import pytest

from smsinbox.core.database import db
from smsinbox.live import company as company_module
from smsinbox.live.company import Company
from tests import build
from tests.live.sockets import open_screen


@pytest.fixture
def meet(app, tail):
    def now() -> None:
        db.session.rollback()
        tail._keep_company()

    return now


@pytest.fixture
def there(number):
    return build.a_conversation(number)


def company_of(sock, conversation) -> dict[str, list[str]]:
    """Names, as the screen was told last."""
    told = [frame["company"] for frame in sock.frames if "company" in frame]
    here = [one[str(conversation.id)] for one in told if str(conversation.id) in one]
    return {what: [name for _, name, _ in people] for what, people in here[-1].items()}


def test_colleagues_see_each_other_in_the_thread_and_on_its_row(tail, meet, there, ada, ben):
    row = open_screen(tail, ada, list="list:open")
    opened = open_screen(tail, ben, thread=f"conversation:{there.id}")
    meet()
    assert company_of(row, there) == {"looking": ["Ben"], "typing": []}
    assert company_of(opened, there) == {"looking": [], "typing": []}  # but nobody oneself
    tail.remove(next(one for one in tail._screens if one.sock is opened))
    meet()
    assert company_of(row, there) == {"looking": [], "typing": []}


def test_who_comes_later_is_told_who_is_there(tail, meet, there, ada, ben):
    open_screen(tail, ben, thread=f"conversation:{there.id}")
    meet()
    late = open_screen(tail, ada, list="list:open")
    tail.greet(next(one for one in tail._screens if one.sock is late))
    assert company_of(late, there)["looking"] == ["Ben"]


def test_nobody_without_a_grant_sees_or_is_seen(tail, meet, there, ada, ben, cy):
    stranger = open_screen(tail, cy, list="list:all", thread=f"conversation:{there.id}")
    insider = open_screen(tail, ada, list="list:all")
    open_screen(tail, ben, thread=f"conversation:{there.id}")
    tail.company.type(cy.id, there.id)
    meet()
    assert stranger.frames == []
    assert company_of(insider, there) == {"looking": ["Ben"], "typing": []}


def test_typing_is_told_to_those_who_have_it_open_and_fades(
    tail, meet, there, ada, ben, monkeypatch
):
    row = open_screen(tail, ada, list="list:open")
    opened = open_screen(tail, ada, thread=f"conversation:{there.id}")
    meet()
    tail.company.type(ben.id, there.id)
    meet()
    assert company_of(opened, there)["typing"] == ["Ben"]
    assert company_of(row, there)["typing"] == []
    now = time.monotonic()
    monkeypatch.setattr(time, "monotonic", lambda: now + 6)
    meet()
    assert company_of(opened, there)["typing"] == []


def test_nothing_is_sent_when_nothing_changed(tail, meet, there, ben):
    screen = open_screen(tail, ben, thread=f"conversation:{there.id}")
    meet()
    count = len(screen.frames)
    tail.moved()
    meet()
    assert len(screen.frames) == count


# ── between processes ───────────────────────────────────────────────────────


@pytest.fixture
def two(monkeypatch) -> list[Company]:
    """Two processes that hear each other; user 9 may see nothing."""
    both = [Company(lambda user, _: user != 9) for _ in range(2)]

    def whisper(words: bytes) -> None:
        for one in both:
            one.hear(words)

    monkeypatch.setattr(company_module, "whisper", whisper)
    return both


class Shown:
    def __init__(self, user_id: int, *conversations: int) -> None:
        self.user_id, self.conversations = user_id, frozenset(conversations)


def test_processes_tell_each_other_who_is_there(two):
    one, other = two
    one.look([Shown(1, 7), Shown(2, 7), Shown(9, 7)])
    one.type(2, 7)
    assert other.of(7) == ([1, 2], [2])
    assert other.news() == {7: ([1, 2], [2])}
    one.look([Shown(1, 7)])
    assert other.of(7)[0] == [1]


def test_a_process_that_is_silent_is_forgotten(two, monkeypatch):
    one, other = two
    one.look([Shown(1, 7)])
    other.news()
    now = time.monotonic()
    monkeypatch.setattr(time, "monotonic", lambda: now + 16)
    assert other.news() == {7: ([], [])}


@pytest.mark.parametrize(
    "words",
    [
        b"",
        b"\xff",
        b"[]",
        b"null",
        b'{"from": "x"}',
        b'{"from": "x", "types": [1]}',
        b'{"from": "x", "types": "soon"}',
        b'{"from": "x", "here": [1]}',
        b'{"from": "x", "here": {"a": [1]}}',
        b'{"from": "x", "here": {"7": 1}}',
        orjson.dumps({"from": "x", "here": {"7": ["<b>"]}}),
    ],
)
def test_what_others_say_is_not_trusted(two, words):
    two[0].hear(words)
    assert two[0].news() == {}
