"""Who looks and who types is seen by those who may see it, and no longer than it is so."""

import re
import time

import orjson
import pytest

from smsinbox.core.database import db
from smsinbox.live import company as company_module
from smsinbox.live.company import Company
from smsinbox.live.screens import Screen
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


def company_of(sock, conversation) -> tuple[str, str | None]:
    """Who looks and who types, in the words that the screen was told last; None for not at all."""
    about = f'-{conversation.id}"'
    drawn = [frame["content"] for frame in sock.frames if about in frame.get("content", "")][-1]
    looking = re.search(rf'id="company{about}>\s*<span [^>]* aria-label="([^"]*)"', drawn)
    typing = re.search(rf'"#typing{about} hx-swap="innerMorph">([^<]*)<', drawn)
    return looking[1] if looking else "", typing[1] if typing else None


def test_colleagues_see_each_other_in_the_thread_and_on_its_row(tail, meet, there, ada, ben):
    row = open_screen(tail, ada, list="list:open")
    opened = open_screen(tail, ben, thread=f"conversation:{there.id}")
    meet()
    assert company_of(row, there) == ("Also here: Ben", None)
    assert company_of(opened, there) == ("", "")  # but nobody oneself
    tail.remove(next(one for one in tail._screens if one.sock is opened))
    meet()
    assert company_of(row, there) == ("", None)
    assert f'hx-target="#company-{there.id}" hx-swap="delete"' in row.content


def greet(tail, sock) -> None:
    tail.greet(next(one for one in tail._screens if one.sock is sock))


def test_who_comes_later_is_told_who_is_there(tail, meet, there, ada, ben):
    open_screen(tail, ben, thread=f"conversation:{there.id}")
    meet()
    late = open_screen(tail, ada, list="list:open")
    greet(tail, late)
    assert company_of(late, there) == ("Also here: Ben", None)


def test_a_page_that_turns_elsewhere_is_told_only_of_that(tail, meet, there, number, ada, ben):
    open_screen(tail, ben, thread=f"conversation:{there.id}")
    meet()
    page = open_screen(tail, ada, list="list:open")
    greet(tail, page)
    told = len(page.frames)
    greet(tail, page)
    assert len(page.frames) == told


def test_who_comes_back_is_not_left_with_those_who_went_meanwhile(tail, meet, there, ada):
    back = open_screen(tail, ada, list="list:open", thread=f"conversation:{there.id}")
    greet(tail, back)
    assert '<hx-partial hx-target="#company" hx-swap="innerHTML"></hx-partial>' in back.content
    assert company_of(back, there) == ("", "")


def test_nobody_without_a_grant_sees_or_is_seen(tail, meet, there, ada, ben, cy):
    stranger = open_screen(tail, cy, list="list:all", thread=f"conversation:{there.id}")
    insider = open_screen(tail, ada, list="list:all", thread=f"conversation:{there.id}")
    open_screen(tail, ben, thread=f"conversation:{there.id}")
    tail.company.type(cy.id, there.id)
    meet()
    assert stranger.frames == []
    greet(tail, stranger)
    assert str(there.id) not in stranger.content
    assert company_of(insider, there) == ("Also here: Ben", "")


def test_typing_is_told_to_those_who_have_it_open_and_fades(
    tail, meet, there, ada, ben, monkeypatch
):
    row = open_screen(tail, ada, list="list:open")
    opened = open_screen(tail, ada, thread=f"conversation:{there.id}")
    meet()
    tail.company.type(ben.id, there.id)
    meet()
    assert company_of(opened, there) == ("", "Ben is typing…")
    assert company_of(row, there) == ("", None)
    now = time.monotonic()
    monkeypatch.setattr(time, "monotonic", lambda: now + 6)
    meet()
    assert company_of(opened, there) == ("", "")


def test_a_page_says_that_somebody_types_by_a_request_that_names_nobody_else(
    app, tail, meet, there, ada, ben, monkeypatch
):
    monkeypatch.setitem(app.extensions, "smsinbox_tail", tail)
    opened = open_screen(tail, ada, thread=f"conversation:{there.id}")
    answer = build.signed_in(app, ben).post(f"/conversations/{there.id}/typing")
    meet()
    assert (answer.status_code, answer.text) == (204, "")
    assert company_of(opened, there) == ("", "Ben is typing…")


def test_each_screen_is_told_in_its_own_language(tail, meet, there, ada, ben):
    foreign = open_screen(tail, ada, language="de", thread=f"conversation:{there.id}")
    open_screen(tail, ben, thread=f"conversation:{there.id}")
    tail.company.type(ben.id, there.id)
    meet()
    assert company_of(foreign, there) == ("Auch hier: Ben", "Ben schreibt…")


def test_a_name_is_text_and_nothing_else(tail, meet, there, number, ada):
    named = build.a_user("\"><img src=x>'&", numbers=[number])
    open_screen(tail, named, thread=f"conversation:{there.id}")
    other = open_screen(tail, ada, thread=f"conversation:{there.id}")
    tail.company.type(named.id, there.id)
    meet()
    assert other.content.count("&lt;img src=x&gt;") == 3  # title, label and typing
    assert "<img" not in other.content


def test_screens_that_are_told_the_same_get_the_same_bytes(
    tail, meet, there, number, ada, ben, monkeypatch
):
    for user in (ada, build.a_user("Di", numbers=[number])):
        open_screen(tail, user, list="list:open")
    open_screen(tail, ben, list="list:open", thread=f"conversation:{there.id}")
    sent: list[bytes] = []
    monkeypatch.setattr(Screen, "send", lambda _, frame: sent.append(frame))
    meet()
    assert len(sent) == 3
    assert len({id(frame) for frame in sent}) == 2


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
    both = [Company(lambda user, _: user != 9, {}) for _ in range(2)]

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
        b'{"from": "x", "in_view": 7}',
        b'{"from": "x", "in_view": {"7": 1}}',
        b'{"from": "x", "in_view": {"a": [1]}}',
        orjson.dumps({"from": "x", "here": {"7": ["<b>"]}}),
    ],
)
def test_what_others_say_is_not_trusted(two, words):
    two[0].hear(words)
    assert two[0].news() == {}
