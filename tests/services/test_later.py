"""What people wrote for later waits, is said in its place, and can be taken back."""

from datetime import UTC, datetime, timedelta

import pytest
import time_machine

from smsinbox.core import clock, events
from smsinbox.core.errors import Conflict, Invalid, OptedOut
from smsinbox.core.presets import moment
from smsinbox.models import Activity, Attachment, Message
from smsinbox.services import delivery, later, outbound, schedules
from smsinbox.services.manner import Manner
from smsinbox.services.sendable import RawFile
from tests import build
from tests.files import PNG


@pytest.fixture
def conversation(number):
    return build.a_conversation(number, waiting_since=clock.now(), unanswered=1, preview="Hello?")


def scheduled(conversation, by, body="See you at 9", hours=2, token="t", files=(), **manner):
    how = Manner(at=clock.now() + timedelta(hours=hours), **manner)
    return outbound.reply(conversation.id, body, token, by, files, how)


def held(conversation, by, body="Oops", seconds=10):
    build.changed(by, undo_seconds=seconds)
    return outbound.reply(conversation.id, body, "t", build.again(by))


def bodies():
    return [(one.body, one.state) for one in build.every(Message)]


def test_a_scheduled_text_says_nothing_yet(conversation, ben):
    assert scheduled(conversation, ben).state == "scheduled"
    row = build.again(conversation)
    assert (row.preview, row.waiting_since is None) == ("Hello?", False)


def test_when_its_time_comes_it_stands_behind_what_was_said_meanwhile(conversation, ben):
    waited = scheduled(conversation, ben)
    between = build.a_message(conversation, body="Meanwhile", state="accepted")
    with time_machine.travel(clock.now() + timedelta(hours=2.01), tick=False):
        assert schedules.release() == 1
        assert delivery.claim()
    said = build.every(Message)[-1]
    assert (said.body, said.client_token, said.author_name) == ("See you at 9", "t", "Ben")
    assert said.id > between.id
    assert waited.id not in [one.id for one in build.every(Message)]
    assert build.again(conversation).waiting_since is None


def test_its_files_and_lines_move_with_it(app, ada):
    number = build.a_number(account=build.an_account(dialect="telnyx_v1"))
    conversation = build.a_conversation(number)
    waited = scheduled(
        conversation, ada, files=[RawFile("a.png", PNG)], agreed=frozenset({"overtaken"})
    )
    assert [line.message_id for line in build.every(Activity)] == [waited.id]
    said = later.send_now(waited.id, ada)
    assert [file.message_id for file in build.every(Attachment)] == [said.id]
    assert [line.message_id for line in build.every(Activity)] == [said.id]


def test_it_gives_way_when_they_text_first_if_so_wanted(conversation, ben):
    scheduled(conversation, ben, "Reminder", unless_texted=True)
    scheduled(conversation, ben, "Whatever", token="u")
    assert later.give_way() == 0
    build.a_message(conversation, direction="inbound", state="received", body="I paid")
    assert later.give_way() == 1
    assert ("Reminder", "canceled") in bodies()
    assert ("Whatever", "scheduled") in bodies()


def test_it_gives_way_at_the_last_moment_too(conversation, ben):
    scheduled(conversation, ben, unless_texted=True)
    build.a_message(conversation, direction="inbound", state="received", body="I paid")
    with time_machine.travel(clock.now() + timedelta(hours=3), tick=False):
        schedules.release()
        assert delivery.claim() is None
    assert ("See you at 9", "canceled") in bodies()


def test_it_is_not_said_to_somebody_who_opted_out_meanwhile(conversation, ben):
    waited = scheduled(conversation, ben)
    build.an_opt_out(conversation)
    with pytest.raises(OptedOut):
        later.send_now(waited.id, ben)
    with time_machine.travel(clock.now() + timedelta(hours=3), tick=False):
        schedules.release()
        assert delivery.claim() is None


def test_a_scheduled_text_is_taken_back_once_for_all(conversation, ben):
    waited = scheduled(conversation, ben)
    later.take_back(waited.id, ben)
    assert later.take_back(waited.id, ben).state == "canceled"
    with pytest.raises(Conflict):
        later.send_now(waited.id, ben)
    with time_machine.travel(clock.now() + timedelta(hours=3), tick=False):
        assert schedules.release() == 0


@pytest.mark.parametrize("hours", [-1, 24 * 400])
def test_a_time_that_was_or_is_too_far_away_is_refused(conversation, ben, hours):
    with pytest.raises(Invalid):
        scheduled(conversation, ben, hours=hours)


def test_undo_is_a_real_hold(conversation, ben):
    held(conversation, ben)
    assert delivery.claim() is None
    with time_machine.travel(clock.now() + timedelta(seconds=10.1), tick=False):
        assert delivery.claim()


def test_what_is_undone_was_never_said(conversation, ben):
    asked = build.a_message(conversation, direction="inbound", state="received", body="Hello?")
    message, before = held(conversation, ben), events.newest()
    later.take_back(message.id, ben)
    row = build.again(conversation)
    assert (row.preview, row.waiting_since) == ("Hello?", asked.created_at)
    told = [entry.kind for entry in events.since(before)]
    assert told == ["ConversationSettled", "MessageChanged"]
    with time_machine.travel(clock.now() + timedelta(seconds=20), tick=False):
        assert delivery.claim() is None


def test_what_is_leaving_cannot_be_undone(conversation, ben):
    message = held(conversation, ben, seconds=0)
    assert delivery.claim()
    with pytest.raises(Conflict):
        later.take_back(message.id, ben)


def test_texts_of_programs_are_theirs_to_take_back(conversation, ben):
    message = build.a_message(conversation, author="program", state="queued")
    with pytest.raises(Conflict):
        later.take_back(message.id, ben)


FRIDAY = datetime(2026, 11, 20, 23, 30, tzinfo=UTC)  # 17:30 in Chicago, Saturday in Berlin


@pytest.mark.parametrize(
    ("preset", "zone", "expected"),
    [
        ("1h", "America/Chicago", "2026-11-21T00:30"),
        ("tomorrow", "America/Chicago", "2026-11-21T15:00"),
        ("tomorrow", "Europe/Berlin", "2026-11-22T08:00"),
        ("monday", "Europe/Berlin", "2026-11-23T08:00"),
        ("2026-11-25T09:15", "America/Chicago", "2026-11-25T15:15"),
        ("2026-11-25T09:15+00:00", "America/Chicago", "2026-11-25T09:15"),
    ],
)
def test_presets_go_by_the_clock_of_the_contact(preset, zone, expected):
    assert f"{moment(preset, zone, FRIDAY):%Y-%m-%dT%H:%M}" == expected


def test_nonsense_is_no_time():
    with pytest.raises(ValueError, match="soon"):
        moment("soon", "UTC", FRIDAY)
