"""What a page is told beside what it shows: how well the house goes, who is there, what rings."""

import re
from datetime import timedelta

import pytest

from smsinbox.core import clock
from smsinbox.core.database import atomic, db
from smsinbox.live.meter import Meter
from smsinbox.models import Hearing, NotificationKind
from smsinbox.services import availability, inbound, notifications, upkeep
from tests import build
from tests.live.sockets import open_screen
from tests.services.test_inbound import an_arrival


@pytest.fixture
def beat(app, tail, monkeypatch):
    """Let the tail beat now, at whatever moment it is, and write down at once who is there."""
    monkeypatch.setattr(tail._faces, "_begin", lambda here: availability.note(here))

    def now() -> None:
        db.session.rollback()
        tail._meter = Meter()
        with app.test_request_context():
            tail._beat()

    return now


def told(screen, name: str) -> list:
    return [frame[name] for frame in screen.frames if name in frame]


def people(screen) -> dict[str, str]:
    """Who is there, as the page was told last."""
    return dict(re.findall(r'data-person="(\d+)" data-presence="(\w+)"', screen.content))


def a_page(tail, user):
    return open_screen(tail, user, bell=f"notifications:{user.id}")


def test_a_beat_says_nothing_where_all_is_well_and_what_is_wrong_where_it_is_not(tail, beat, ben):
    screen = a_page(tail, ben)
    upkeep.lead("me")
    beat()
    assert (told(screen, "state"), told(screen, "words")) == (["live"], [""])
    with clock.at(clock.now() + timedelta(seconds=9)):
        beat()
    [_, word], [_, words] = told(screen, "word"), told(screen, "words")
    assert re.fullmatch(r"Behind (9|1\d) s", word)
    assert words


def test_what_went_wrong_is_told_at_the_next_look_and_not_at_the_next_beat(tail, ben, monkeypatch):
    meter = Meter()
    upkeep.lead("me")
    assert meter.is_due(tail._cursor)
    assert not meter.is_due(tail._cursor)
    meter._felt = 0.0
    with clock.at(clock.now() + timedelta(seconds=9)):
        assert meter.is_due(tail._cursor)


def test_a_silent_number_is_told_to_those_who_may_see_it(tail, beat, number, ben, cy):
    upkeep.lead("me")
    now = clock.now()
    build.added(
        Hearing(
            number_id=number.id,
            since=now - timedelta(days=9),
            heard=500,
            last_at=now - timedelta(hours=6),
            gap=60.0,
            longest=600.0,
        )
    )
    screen, other = a_page(tail, ben), a_page(tail, cy)
    beat()
    assert (told(screen, "state"), told(screen, "word")) == (["quiet"], ["Strangely quiet"])
    assert "Support" in told(screen, "words")[0]
    assert (told(other, "state"), told(other, "words")) == (["live"], [""])


def test_a_text_rings_on_the_pages_of_those_who_hear_of_it_and_of_nobody_else(
    tail, look, number, ben, cy
):
    page, bare, outsider = a_page(tail, ben), open_screen(tail, ben), a_page(tail, cy)
    inbound.receive([an_arrival(number, "My order")])
    look()
    [rung] = told(page, "ring")
    assert (rung["conversation_id"], rung["words"], rung["sounds"]) == (1, "My order", True)
    assert told(bare, "ring") == told(outsider, "ring") == []


def test_a_notification_rings_on_one_s_own_pages(tail, look, number, ada, ben):
    page, other = a_page(tail, ben), a_page(tail, ada)
    there = build.a_conversation(number)
    atomic(notifications.notify)(NotificationKind.ASSIGNED, [ben.id], there.id, None, ada.id)
    look()
    assert told(page, "ring")[0]["words"] == "Assigned to you"
    assert told(other, "ring") == []


def test_of_several_pages_of_one_user_one_that_is_touched_is_enough(tail, beat, ben, cy):
    upkeep.lead("me")
    mine, other = a_page(tail, ben), a_page(tail, cy)
    first, *_ = tail._of[ben.id]
    first.is_active = False
    beat()
    assert people(other) == {str(ben.id): "away", str(cy.id): "online"}
    a_page(tail, ben)
    beat()
    assert people(mine) == {str(ben.id): "online", str(cy.id): "online"}


def test_who_opens_a_page_is_there_at_once_and_others_hear_of_it_with_the_next_beat(
    tail, beat, ben, cy
):
    upkeep.lead("me")
    other = a_page(tail, cy)
    beat()
    mine = a_page(tail, ben)
    tail.introduce(tail._of[ben.id][0])
    assert (people(mine), people(other)) == ({str(ben.id): "online"}, {str(cy.id): "online"})
    beat()
    assert people(other)[str(ben.id)] == "online"
    told_so = other.content
    beat()
    assert other.content == told_so


def test_what_is_still_to_come_is_counted_for_a_page_that_comes_back(tail, app, number, ben):
    inbound.receive([an_arrival(number, "Before", "x")])
    screen = open_screen(tail, ben, list="list:open")
    [one] = tail._of[ben.id]
    since = tail._cursor
    for n in range(3):
        inbound.receive([an_arrival(number, "Hi", str(n))])
    with app.test_request_context():
        tail.catch_up(one, since)
    assert told(screen, "left")[0] >= 3
    assert told(screen, "beat") == [True]
