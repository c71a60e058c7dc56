"""What each sees of their own: language, clock, what is new to them, what they began to write."""

import re
from datetime import UTC, datetime, timedelta

from smsinbox.core import clock, events
from smsinbox.core.i18n import PSEUDO, Style
from smsinbox.core.pseudo import pseudo
from smsinbox.live.redraw import Change, changes
from smsinbox.models import Mode
from smsinbox.queries.personal import Personal
from smsinbox.queries.views import View
from smsinbox.services import (
    conversations,
    drafts,
    inbound,
    read_markers,
)
from tests import build
from tests.live.sockets import open_screen
from tests.live.test_tail import take_grants
from tests.services.test_inbound import an_arrival

EVENING = datetime(2026, 3, 8, 22, 30, tzinfo=UTC)


def test_each_screen_reads_its_own_language(tail, look, number, ada, ben):
    inbound.receive([an_arrival(number, "My order")])
    shown = {"list": "list:all", "thread": "conversation:1"}
    plain = open_screen(tail, ben, **shown)
    foreign = open_screen(tail, ada, language=PSEUDO, **shown)
    conversations.close(1, ada)
    look()
    assert [plain.content.count(words) for words in ("Closed<", pseudo("Closed"))] == [2, 0]
    assert [foreign.content.count(words) for words in ("Closed<", pseudo("Closed"))] == [0, 2]
    assert pseudo("Closed it.") in foreign.content


def test_each_screen_reads_its_own_clock_and_those_alike_are_drawn_for_once(
    tail, look, number, ada, ben
):
    opened, since = {"list": "list:all", "thread": "conversation:1"}, events.newest()
    tokyo = [open_screen(tail, one, zone="Asia/Tokyo", **opened) for one in (ada, ben, ben)]
    berlin = open_screen(tail, ben, zone="Europe/Berlin", **opened)
    with clock.at(EVENING):
        inbound.receive([an_arrival(number, "My order")])
        look()
    for screen in tokyo:
        assert "7:30\u202fAM<" in screen.content
        assert 'id="day-2026-03-09"' in screen.content
    assert "11:30\u202fPM<" in berlin.content
    assert 'id="day-2026-03-08"' in berlin.content
    [change] = changes(events.since(since))
    assert change.thread(Style(zone="Asia/Tokyo")) is change.thread(Style(zone="Asia/Tokyo"))


def test_the_first_text_of_a_day_brings_its_line_in_place_of_that_of_plans(tail, look, number, ben):
    screen = open_screen(tail, ben, thread="conversation:1")
    brought = []
    for hour in range(4):
        with clock.at(EVENING + timedelta(hours=hour)):
            inbound.receive([an_arrival(number, f"Text {hour}", str(hour))])
            look()
        brought.append(
            re.findall(r'id="day-2026-03-0(\d)"|"#planned-2026-03-0(\d)"', screen.content)
        )
        screen.frames.clear()
    assert brought == [[("", "8"), ("8", "")], [], [("", "9"), ("9", "")], []]


def test_a_row_comes_with_what_is_ones_own_and_is_drawn_once_for_all_who_see_the_same(
    tail, look, number, ada, ben, monkeypatch
):
    di, eve = (build.a_user(name, numbers=[number]) for name in ("Di", "Eve"))
    inbound.receive([an_arrival(number, "Seen", "a")])
    read_markers.read(1, by=ben)
    drafts.save(1, Mode.TEXT, "Thanks", "t1", 1, by=ada)
    screens = [open_screen(tail, user, list="list:open") for user in (ben, ada, di, eve)]
    drawn: list[Personal | None] = []
    draw = Change._list_html

    def noted(change: Change, view: View, own: Personal | None) -> str:
        drawn.append(own)
        return draw(change, view, own)

    monkeypatch.setattr(Change, "_list_html", noted)
    inbound.receive([an_arrival(number, "New", "b")])
    look()
    assert [unread(screen) for screen in screens] == ["1 unread", *["2 unread"] * 3]
    assert ["Draft: Thanks" in one.content for one in screens] == [False, True, False, False]
    assert set(drawn) == {Personal(1), Personal(2, "Thanks"), Personal(2)}
    assert len(drawn) == 3


def test_what_was_read_elsewhere_changes_the_count_on_ones_own_screens_and_no_other(
    tail, look, number, ada, ben
):
    bens, adas = (open_screen(tail, user, list="list:open") for user in (ben, ada))
    elsewhere = open_screen(tail, ben, bell=f"notifications:{ben.id}")
    inbound.receive([an_arrival(number, "New", "a")])
    look()
    assert unread(bens) == "1 unread"
    read_markers.read(1, by=ben)
    look()
    assert (unread(bens), unread(adas)) == (None, "1 unread")
    read_markers.leave_unread(1, by=ben)
    look()
    assert unread(bens) == "1 unread"
    assert elsewhere.frames[-1] == {"content": "", "read": [1]}
    take_grants(ben)
    read_markers.read(1, by=ben)
    bens.frames.clear()
    look()
    assert bens.content == ""


def test_what_one_begins_to_write_shows_on_ones_own_screens_and_no_other(
    tail, look, number, ada, ben
):
    inbound.receive([an_arrival(number)])
    screens = bens, _adas, elsewhere = [
        open_screen(tail, ben, list="list:open"),
        open_screen(tail, ada, list="list:open"),
        open_screen(tail, ben, bell=f"notifications:{ben.id}"),
    ]
    look()
    for screen in screens:
        screen.frames.clear()
    drafts.save(1, Mode.TEXT, "Thanks <we", "t1", 1, by=ben)
    look()
    assert 'hx-target="#draft-1"' in bens.content
    assert "Draft: Thanks &lt;we" in bens.content
    assert [screen.frames[1:] for screen in screens] == [[], [], []]
    assert [bool(screen.frames) for screen in screens] == [True, False, False]
    assert bens.frames[0]["read"] == []
    take_grants(ben)
    bens.frames.clear()
    drafts.save(1, Mode.TEXT, "", "t1", 2, by=ben)
    look()
    assert bens.frames == []
    assert elsewhere.frames == []


def unread(sock) -> str | None:
    """What the last count of the first conversation says aloud; None: nothing."""
    count = re.findall(r'<span[^>]* id="count-1"[^>]*>', sock.content)[-1]
    said = re.search('aria-label="([^"]*)"', count)
    return said[1] if said else None
