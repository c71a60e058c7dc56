"""What comes before somebody's eyes they have read, and only they; what they left unread stays."""

import re
from types import SimpleNamespace
from typing import Any

import orjson
import pytest

from smsinbox.core.database import db
from smsinbox.live.socket import _Listener
from smsinbox.queries import read_markers as query
from smsinbox.services import inbound, read_markers
from tests import build
from tests.live.sockets import open_screen
from tests.live.test_tail import take_grants
from tests.services.test_inbound import an_arrival

SEEN = re.compile(r'hx-post="(/conversations/\d+/seen)"')
PAGES: list[Any] = []


@pytest.fixture
def arrive(number):
    """Let the next text of the one conversation arrive."""
    ids = iter("abcdefgh")
    return lambda: inbound.receive([an_arrival(number, "Hello?", next(ids))])


@pytest.fixture
def unread(app, tail, look):
    """What is new to a user, once the loop has come round and pages did as they were told."""

    def now(user) -> int:
        look()
        with app.test_request_context():
            tail.reading.look()
        for page in PAGES:
            for told in page.told():
                assert build.signed_in(app, page.user).post(told).status_code == 204
        db.session.rollback()
        return query.unread(user.id, [1]).get(1, 0)

    yield now
    PAGES.clear()


def a_page(tail, user, in_view: object = 0):
    """A page with the conversation open; `says` tells what is before somebody's eyes on it."""
    sock = open_screen(tail, user, thread="conversation:1")
    screen = next(one for one in tail._screens if one.sock is sock)

    def says(what: object) -> None:
        said = orjson.dumps({"here": True, "in_view": what})
        _Listener(SimpleNamespace(input_buffer=[said]), screen, tail).set()

    done: set[int] = set()

    def told() -> list[str]:
        """What it is to post, each time once."""
        ways = [(at, SEEN.search(str(one))) for at, one in enumerate(sock.frames) if at not in done]
        done.update(range(len(sock.frames)))
        return [way[1] for _at, way in ways if way]

    says(in_view)
    page = SimpleNamespace(says=says, frames=sock.frames, screen=screen, told=told, user=user)
    PAGES.append(page)
    return page


def test_what_comes_before_somebodys_eyes_is_read_by_them_alone(tail, arrive, unread, ada, ben):
    a_page(tail, ben, in_view=1)
    a_page(tail, ada)
    arrive()
    arrive()
    assert (unread(ben), unread(ada)) == (0, 2)


def test_what_came_while_they_looked_elsewhere_is_read_when_they_turn_to_it(
    tail, arrive, unread, ben
):
    page, _other = a_page(tail, ben), a_page(tail, ben)
    arrive()
    assert unread(ben) == 1
    page.says(1)
    assert unread(ben) == 0
    page.says(0)
    arrive()
    assert unread(ben) == 1


def test_what_came_while_the_page_had_no_socket_is_read_once_it_says_what_is_in_view(
    tail, arrive, unread, ben
):
    page = a_page(tail, ben, in_view=1)
    assert unread(ben) == 0
    tail.remove(page.screen)
    arrive()
    assert unread(ben) == 1
    a_page(tail, ben, in_view=1)
    assert unread(ben) == 0


def test_what_was_left_unread_stays_so_until_another_text_comes(tail, arrive, unread, ben):
    page = a_page(tail, ben, in_view=1)
    arrive()
    assert unread(ben) == 0
    read_markers.leave_unread(1, ben)
    page.says(0)
    page.says(1)
    assert unread(ben) == 1
    arrive()
    assert unread(ben) == 0


def test_nothing_is_written_where_nothing_is_new(tail, arrive, unread, ben):
    page = a_page(tail, ben, in_view=1)
    arrive()
    unread(ben)
    unread(ben)
    told = len(page.frames)
    page.says(0)
    page.says(1)
    unread(ben)
    assert len(page.frames) == told


def test_nobody_reads_what_is_not_granted_to_them_whatever_their_page_says(
    tail, arrive, unread, number, ben, cy
):
    outsider = a_page(tail, cy, in_view=1)
    taken = a_page(tail, ben, in_view=1)
    arrive()
    take_grants(ben)
    outsider.says(1)
    outsider.says(77)
    taken.says(1)
    assert (unread(ben), unread(cy)) == (1, 1)
