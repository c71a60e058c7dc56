"""What the tail sends, to whom: only what they may see, only where it belongs, once rendered."""

from smsinbox.core import events
from smsinbox.core.database import atomic, db
from smsinbox.live.frames import CROWDED
from smsinbox.live.screens import Screen
from smsinbox.live.tail import MOST_OF_ONE
from smsinbox.models import Grant, User
from smsinbox.models.events import UserChanged
from smsinbox.queries import personal
from smsinbox.services import (
    blocking,
    contact_tags,
    conversations,
    inbound,
    later,
    notifications,
    opt_outs,
    outbound,
    sign_ins,
    users,
)
from tests import build
from tests.live.sockets import Socket, open_screen
from tests.services.test_inbound import an_arrival


def test_a_text_reaches_the_list_and_the_open_conversation(tail, look, number, ben):
    inbound.receive([an_arrival(number, "First", "a")])
    screen = open_screen(tail, ben, list="list:open", thread="conversation:1")
    inbound.receive([an_arrival(number, "My order", "b")])
    look()
    assert screen.content.count("My order") == 2
    assert "hx-upsert" in screen.content
    assert "First" not in screen.content


def test_a_conversation_that_is_not_open_here_sends_only_its_row(tail, look, number, ben):
    screen = open_screen(tail, ben, list="list:open", thread="conversation:99")
    inbound.receive([an_arrival(number, "My order")])
    look()
    assert screen.content.count("My order") == 1


def test_nobody_sees_a_number_that_was_not_granted(tail, look, number, cy):
    screen = open_screen(tail, cy, list="list:all", thread="conversation:1")
    inbound.receive([an_arrival(number, "Secret")])
    look()
    assert screen.frames == []


def test_a_grant_taken_away_holds_from_the_next_event_on(tail, look, number, ben):
    screen = open_screen(tail, ben, list="list:open")
    inbound.receive([an_arrival(number, "Before", "a")])
    look()
    take_grants(ben)
    inbound.receive([an_arrival(number, "After", "b")])
    look()
    assert "Before" in screen.content
    assert "After" not in screen.content


def test_signing_out_closes_the_socket(tail, look, ben, ada):
    screen = open_screen(tail, ben, list="list:open")
    sign_ins.sign_out_everywhere(ben.id)
    look()
    assert screen.closed


def test_a_deactivated_user_is_cut_off(tail, look, ben, ada):
    screen = open_screen(tail, ben, list="list:open")
    users.edit(ben.id, ben.name, ben.role, False, [], "", by=ada)
    look()
    assert screen.closed


def test_of_too_many_pages_of_one_user_the_oldest_is_closed_with_a_code_that_it_knows(
    tail, ben, ada
):
    other = open_screen(tail, ada)
    pages = [open_screen(tail, ben) for _ in range(MOST_OF_ONE + 2)]
    assert [page.closed for page in pages] == [True] * 2 + [False] * MOST_OF_ONE
    assert {page.code for page in pages[:2]} == {CROWDED}
    assert not other.closed
    assert CROWDED > 4000  # one of ours: hx-ws connects again by itself after others only


def test_a_page_that_is_gone_leaves_its_place(tail, ben):
    for _ in range(MOST_OF_ONE * 2):
        sock = open_screen(tail, ben)
        tail.remove(next(screen for screen in tail._screens if screen.sock is sock))
    assert not sock.closed
    assert tail._of == {}


def test_a_closed_conversation_leaves_open_and_enters_closed(tail, look, number, ben):
    inbound.receive([an_arrival(number)])
    of_open = open_screen(tail, ben, list="list:open")
    of_closed = open_screen(tail, ben, list="list:closed")
    conversations.close(1, by=ben)
    look()
    assert 'hx-swap="delete"' in of_open.content
    assert "hx-upsert" not in of_open.content
    assert "hx-upsert" in of_closed.content


def test_mine_is_personal_although_the_row_is_rendered_for_all(tail, look, number, ada, ben):
    inbound.receive([an_arrival(number)])
    bens, adas = (open_screen(tail, user, list="list:mine") for user in (ben, ada))
    conversations.assign(1, ben.id, by=ada)
    look()
    assert "hx-upsert" in bens.content
    assert "hx-upsert" not in adas.content


def test_a_filters_list_follows_and_shows_nobody_more_than_is_granted(tail, look, number, ben, cy):
    inbound.receive([an_arrival(number)])
    topic = "list:filter::oldest:is%3Astarred%20OR%20tag%3Avip"
    bens, outsiders = (open_screen(tail, user, list=topic) for user in (ben, cy))
    conversations.star(1, by=ben)
    look()
    assert "hx-upsert" in bens.content
    assert f"data-topic='{topic}'" in bens.content
    bens.frames.clear()
    conversations.star(1, by=ben, starred=False)
    look()
    assert "hx-upsert" not in bens.content
    assert 'hx-swap="delete"' in bens.content
    bens.frames.clear()
    contact_tags.put_on(1, "vip", ben)
    look()
    assert "hx-upsert" in bens.content
    assert outsiders.frames == []


def test_a_page_that_opens_while_a_text_is_drawn_keeps_nobody_waiting(
    tail, look, number, ben, ada, monkeypatch
):
    page, find = open_screen(tail, ben, list="list:open"), personal.by_user

    def opens_one(row, users):
        open_screen(tail, ada, list="list:open")
        return find(row, users)

    monkeypatch.setattr(personal, "by_user", opens_one)
    inbound.receive([an_arrival(number, "My order")])
    look()
    assert "My order" in page.content


def test_a_burst_is_drawn_once(tail, look, number, ben):
    screen = open_screen(tail, ben, list="list:open")
    for n in range(20):
        inbound.receive([an_arrival(number, f"text {n}", str(n))])
    look()
    assert len(screen.frames) == 1
    assert "text 19" in screen.content


def test_a_screen_catches_up_from_its_cursor(app, tail, number, ben):
    inbound.receive([an_arrival(number, "Seen", "a")])
    since = events.newest()
    inbound.receive([an_arrival(number, "Missed", "b")])
    sock = Socket()
    screen = Screen(sock, ben.id, 1)
    screen.show({"conversation:1": "", "list:open": ""})
    with app.test_request_context():
        tail.catch_up(screen, since)
    assert "Missed" in sock.content
    assert sock.frames[-1]["beat"]


def test_a_screen_that_was_away_too_long_starts_anew(app, tail, number, ben):
    since = events.newest()
    arrivals = [an_arrival(number, "x", str(n), sender=f"+1312555{n:04}") for n in range(510)]
    inbound.receive(arrivals)
    sock = Socket()
    with app.test_request_context():
        tail.catch_up(Screen(sock, ben.id, 1), since)
    assert sock.frames == [{"refresh": True}]


def test_a_reply_and_an_opt_out_reach_the_thread(tail, look, number, ben):
    inbound.receive([an_arrival(number, "Hi", "a")])
    screen = open_screen(tail, ben, thread="conversation:1")
    outbound.reply(1, "Hello Maria", None, ben)
    inbound.receive([an_arrival(number, "STOP", "b")])
    look()
    assert "Hello Maria" in screen.content
    assert 'id="consent-1"' in screen.content


def test_please_stop_texting_me_shows_its_banner_at_once(tail, look, number, ben):
    inbound.receive([an_arrival(number, "Hi", "a")])
    screen = open_screen(tail, ben, thread="conversation:1")
    inbound.receive([an_arrival(number, "please stop texting me", "b")])
    look()
    assert "Opt them out" in screen.content
    opt_outs.dismiss(1, ben)
    look()
    assert screen.content.rpartition('id="consent-1"')[2].count("Opt them out") == 0


def test_customers_words_are_text_and_nothing_else(tail, look, number, ben):
    screen = open_screen(tail, ben, list="list:open", thread="conversation:1")
    inbound.receive([an_arrival(number, "<script>alert(1)</script><hx-partial hx-target='body'>")])
    look()
    assert "<script" not in screen.content
    assert "<hx-partial hx-target='body'" not in screen.content


@atomic
def take_grants(user: User) -> None:
    for grant in db.session.query(Grant).filter_by(user_id=user.id):
        db.session.delete(grant)
    events.emit(UserChanged(user_id=user.id))


def test_the_bell_rings_for_the_one_it_is_for_and_for_no_other(tail, look, number, ben, ada):
    there = build.a_conversation(number)
    mine = open_screen(tail, ben, bell=f"notifications:{ben.id}")
    hers = open_screen(tail, ada, bell=f"notifications:{ada.id}")
    spy = open_screen(tail, ada, bell=f"notifications:{ben.id}", list="list:open")
    assert [one.has_bell for one in tail._of[ada.id]] == [True, False]
    conversations.assign(there.id, ben.id, by=ada)
    look()
    assert "Notifications, 1 unread" in mine.content
    assert "bell-" not in spy.content + hers.content
    mine.frames.clear()
    notifications.read_all(by=ben)
    look()
    assert mine.content.count("bell-top") >= 1
    assert "unread" not in mine.content


def test_a_bell_that_comes_back_is_drawn_as_it_is(tail, look, number, ben, ada, app):
    conversations.assign(build.a_conversation(number).id, ben.id, by=ada)
    sock = Socket()
    screen = Screen(sock, ben.id, 1)
    screen.show({f"notifications:{ben.id}": ""})
    with app.test_request_context():
        tail.ring(screen)
    assert "Notifications, 1 unread" in sock.content
    assert "cursor" not in sock.frames[0]


def test_a_conversation_leaves_the_lists_of_waiting_work_when_its_contact_is_blocked(
    tail, look, number, ben
):
    inbound.receive([an_arrival(number, "Buy now")])
    work = open_screen(tail, ben, list="list:open", thread="conversation:1")
    kept = open_screen(tail, ben, list="list:blocked")
    blocking.block(1, by=ben)
    look()
    assert 'hx-swap="delete"' in work.content
    assert "Buy now" not in work.content
    assert "Unblock" in work.content
    assert "Buy now" in kept.content
    assert kept.frames[0]["counts"]


def test_the_figure_of_what_is_scheduled_falls_when_one_is_taken_back(tail, look, number, ben):
    text = build.a_message(build.a_conversation(number), state="scheduled", author="user")
    look()
    kept = open_screen(tail, ben, list="list:scheduled")
    later.take_back(text.id, ben)
    look()
    assert 'hx-swap="delete"' in kept.content
    assert kept.frames[0]["counts"]
