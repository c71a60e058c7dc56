"""Nothing sounds for what is in view, on whichever page of whichever process that is."""

import time
from types import SimpleNamespace

import pytest

from smsinbox.live import attention as attention_module
from smsinbox.live import company as company_module
from smsinbox.live.socket import _Listener
from smsinbox.live.tail import Tail
from smsinbox.services import inbound
from tests import build
from tests.live.sockets import Socket, open_screen
from tests.services.test_inbound import an_arrival


@pytest.fixture
def elsewhere(app, tail, monkeypatch):
    """The tail of another process; each hears what the other whispers."""
    other = Tail(app)
    monkeypatch.setattr(other, "_start", lambda: setattr(other, "_started", True))

    def whisper(words: bytes) -> None:
        for one in (tail, other):
            one.company.hear(words)

    for module in (attention_module, company_module):
        monkeypatch.setattr(module, "whisper", whisper)
    return other


@pytest.fixture
def rings(tail, look, number):
    """Let a text arrive in a conversation; whether this page rings for it."""

    def now(page: Socket, phone: str = "+13125550101") -> bool:
        before = len(page.frames)
        inbound.receive([an_arrival(number, "My order", f"{time.perf_counter_ns()}", sender=phone)])
        look()
        return any("ring" in frame for frame in page.frames[before:])

    return now


def a_page(tail, user) -> Socket:
    return open_screen(tail, user, bell=f"notifications:{user.id}", thread="conversation:1")


def sees(tail, page: Socket, what: object) -> None:
    """That page says what is in view on it."""
    screen = next(one for one in tail._screens if one.sock is page)
    tail.company.attention.turn(screen, what)


def test_no_page_of_one_s_own_rings_for_what_one_of_them_has_in_view(tail, rings, ada, ben):
    page, other, colleague = a_page(tail, ben), a_page(tail, ben), a_page(tail, ada)
    sees(tail, other, 1)
    assert not rings(page)
    assert "ring" not in str(other.frames)
    assert rings(colleague)
    assert rings(page, "+13125550102")  # another conversation
    sees(tail, other, 0)
    assert rings(page)


@pytest.mark.parametrize("what", [None, True, "1", -1, 1.0, 2**60, [1], {}])
def test_whatever_is_no_id_is_not_in_view(tail, ben, what):
    page = a_page(tail, ben)
    sees(tail, page, what)
    assert [one.in_view for one in tail._of[ben.id]] == [0]
    assert page.frames == []


def test_a_page_says_in_one_word_whether_somebody_is_there_and_what_they_see(tail, ben):
    a_page(tail, ben)
    [screen] = tail._of[ben.id]
    said = [b'{"here": false, "in_view": 1}', b'{"here": true}']
    listener = _Listener(SimpleNamespace(input_buffer=said[:1]), screen, tail)
    listener.set()
    assert (screen.is_active, screen.in_view) == (False, 1)
    listener._ws.input_buffer.append(said[1])
    listener.set()
    assert (screen.is_active, screen.in_view) == (True, 0)


def test_a_page_that_is_gone_has_nothing_in_view(tail, elsewhere, rings, ben):
    page, there = a_page(tail, ben), a_page(elsewhere, ben)
    sees(elsewhere, there, 1)
    assert not rings(page)
    elsewhere.remove(next(iter(elsewhere._screens)))
    assert rings(page)


def test_what_a_page_of_another_process_has_in_view_is_quiet_until_it_says_otherwise(
    tail, elsewhere, rings, ben, ada
):
    page, there, colleague = a_page(tail, ben), a_page(elsewhere, ben), a_page(tail, ada)
    sees(elsewhere, there, 1)
    assert not rings(page)
    assert rings(colleague)
    sees(elsewhere, there, 0)
    assert rings(page)


def test_what_another_process_said_is_believed_as_long_as_it_repeats_it(
    tail, elsewhere, rings, ben, monkeypatch
):
    page, there = a_page(tail, ben), a_page(elsewhere, ben)
    sees(elsewhere, there, 1)
    now = time.monotonic()
    monkeypatch.setattr(time, "monotonic", lambda: now + 10)
    elsewhere.company.attention.repeat()
    monkeypatch.setattr(time, "monotonic", lambda: now + 20)
    assert not rings(page)
    monkeypatch.setattr(time, "monotonic", lambda: now + 30)
    assert rings(page)
    tail.company.attention.repeat()
    assert tail.company.attention._others == {}


def test_what_an_outsider_claims_to_have_in_view_brings_them_nothing(tail, rings, number, cy):
    outsider = a_page(tail, cy)
    sees(tail, outsider, build.a_conversation(number).id)
    assert not rings(outsider)
    assert outsider.frames == []
