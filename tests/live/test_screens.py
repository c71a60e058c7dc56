"""A screen takes bytes without anybody waiting for its browser."""

import socket

import pytest

from smsinbox.core.events import Cursor
from smsinbox.live.frames import frame
from smsinbox.live.screens import MOST_UNSENT, Screen
from smsinbox.queries.views import View


@pytest.fixture
def pair():
    here, there = socket.socketpair()
    there.settimeout(2)
    with here, there:
        yield here, there


@pytest.mark.parametrize(("size", "head"), [(10, 2), (200, 4), (70_000, 10)])
def test_a_frame_is_what_a_browser_reads(size, head):
    made = frame({"content": "x" * size})
    assert made[0] == 0x81
    assert made[head:].startswith(b'{"content":"xx')


def test_a_screen_gets_its_bytes(pair):
    here, there = pair
    Screen(here, 1, 1).send(b"hello")
    assert there.recv(99) == b"hello"


def test_a_browser_that_does_not_read_is_dropped_before_it_costs_much(pair):
    here, _there = pair
    screen = Screen(here, 1, 1)
    for _ in range(300):
        screen.send(b"x" * 65_536)
    assert screen.gone
    assert len(screen.unsent) <= MOST_UNSENT


def test_a_slow_browser_gets_everything_in_order(pair):
    here, there = pair
    screen, sent, got = Screen(here, 1, 1), bytearray(), bytearray()
    for n in range(40):
        part = bytes([n]) * 16_384
        sent += part
        screen.send(part)
    assert screen.unsent
    while len(got) < len(sent):
        got += there.recv(65_536)
        screen.flush()
    assert got == sent


def test_a_closed_socket_only_ends_its_own_screen(pair):
    here, there = pair
    there.close()
    screen = Screen(here, 1, 1)
    screen.send(b"x")
    screen.send(b"x")
    assert screen.gone


def test_a_page_names_its_topics_and_gets_the_oldest_cursor_to_catch_up_from(pair):
    screen = Screen(pair[0], 1, 1)
    oldest = screen.show({"list:mine:3": "0.9", "conversation:7": "0.4", "nonsense": "x"})
    assert (screen.views, screen.conversations) == ((View("mine", 3),), frozenset({7}))
    assert oldest == Cursor(0, 4)


@pytest.mark.parametrize("text", ["", "1", "1.", ".1", "a.b", "1.-2", "１.２", "9" * 50 + ".1"])
def test_anything_else_is_no_cursor(text):
    assert Cursor.parse(text) is None
