"""A team shares its conversations: who has which, until when, and what the next one must know."""

from datetime import timedelta

import pytest
import time_machine

from smsinbox.core import clock, events
from smsinbox.core.database import atomic, db
from smsinbox.core.errors import Conflict, Forbidden, Invalid
from smsinbox.models import Activity, Conversation, Handover, Message, Notification
from smsinbox.queries import availability as availability_query
from smsinbox.queries import mentions as mentions_query
from smsinbox.queries import notifications as notifications_query
from smsinbox.queries import outbox, read_markers
from smsinbox.services import (
    availability,
    conversations,
    dealing,
    delivery,
    handovers,
    notes,
    outbound,
    pausing,
    snoozing,
)
from smsinbox.services import (
    read_markers as markers,
)
from smsinbox.services.handovers import Card
from tests import build


@pytest.fixture
def dee(number):
    """A second agent of the number."""
    return build.a_user("Dee", role="agent", numbers=[number])


@pytest.fixture
def there(number) -> Conversation:
    return build.a_conversation(number)


def lines() -> list[tuple[str, str]]:
    return [(one.author_name, one.body) for one in build.every(Activity)]


@atomic
def away() -> None:
    db.session.execute(db.text("UPDATE presence SET state = 'away'"))


def waiting(number, **fields) -> Conversation:
    return build.a_conversation(
        number, waiting_since=fields.pop("since", clock.now()), unanswered=1, **fields
    )


# ── what people do is written into the thread ───────────────────────────────


def test_the_thread_tells_who_did_what_and_once(there, ben, dee):
    for _ in range(2):
        conversations.assign(there.id, dee.id, by=ben)
    conversations.assign(there.id, dee.id, by=dee)
    conversations.assign(there.id, None, by=dee)
    conversations.assign(there.id, dee.id, by=dee)
    for _ in range(2):
        conversations.close(there.id, by=dee)
        conversations.reopen(there.id, by=ben)
    assert lines() == [
        ("Ben", "Assigned it to Dee."),
        ("Dee", "Unassigned it."),
        ("Dee", "Took it."),
        *[("Dee", "Closed it."), ("Ben", "Reopened it.")] * 2,
    ]


def test_what_is_done_makes_nothing_unread(there, ben, dee):
    build.changed(there, received=2)
    markers.read(there.id, by=ben)
    conversations.assign(there.id, dee.id, by=dee, note="@Ben please look")
    conversations.close(there.id, by=dee)
    assert read_markers.received(build.again(there), ben) == 2
    assert build.again(there).waiting_since is None


def test_a_note_goes_with_a_transfer_and_is_kept_even_if_nothing_changes_hands(there, ben, dee):
    conversations.assign(there.id, dee.id, by=ben, note="  They are in a hurry.  ")
    conversations.assign(there.id, dee.id, by=ben, note="Really.")
    assert [one.body for one in build.every(Activity) if one.kind == "note"] == [
        "They are in a hurry.",
        "Really.",
    ]
    [told] = build.every(Notification)
    assert (told.user_id, told.kind, told.said) == (dee.id, "assigned", "They are in a hurry.")


def test_only_a_number_that_says_so_gives_a_conversation_to_who_answers_first(number, ben, dee):
    free, asked = build.a_conversation(number), build.a_conversation(number)
    outbound.reply(free.id, "Hi", None, ben)
    build.changed(number, takes_up=True)
    for who in (ben, dee):
        outbound.reply(asked.id, "Hi", None, who)
    assert build.again(free).assignee_id is None
    assert build.again(asked).assignee_id == ben.id
    assert lines() == [("Ben", "Took it by answering.")]


# ── snoozing ────────────────────────────────────────────────────────────────


def test_a_snoozed_conversation_comes_back_at_its_time(there, ben):
    until = clock.now() + timedelta(hours=1)
    snoozing.snooze(there.id, until, by=ben, zone="Europe/Berlin")
    assert (snoozing.wake(), build.again(there).status) == (0, "snoozed")
    with time_machine.travel(until + timedelta(seconds=1)):
        assert (snoozing.wake(), build.again(there).status) == (1, "open")
    assert lines()[0][1].endswith("(Europe/Berlin).")


def test_one_that_waits_for_the_contact_does_not_come_back_by_itself(there, ben):
    snoozing.snooze(there.id, None, by=ben)
    with time_machine.travel(clock.now() + timedelta(days=400)):
        assert snoozing.wake() == 0
    assert lines() == [("Ben", "Snoozed it until they text.")]


def test_what_has_passed_or_is_closed_cannot_be_snoozed(there, ben):
    with pytest.raises(Invalid):
        snoozing.snooze(there.id, clock.now() - timedelta(seconds=1), by=ben)
    conversations.close(there.id, by=ben)
    with pytest.raises(Conflict):
        snoozing.snooze(there.id, None, by=ben)


# ── handing over ────────────────────────────────────────────────────────────


def test_a_card_is_pinned_replaced_and_taken_down_and_its_due_time_snoozes(there, ben, dee):
    due = clock.now() + timedelta(hours=2)
    handovers.hand_over(there.id, Card(next="Ask"), by=ben)
    handovers.hand_over(there.id, Card("A bike", "By noon", "Call the shop @Dee", due), by=ben)
    [card] = build.every(Handover)
    assert (card.asked, card.next, card.author_name) == ("A bike", "Call the shop @Dee", "Ben")
    assert build.again(there).snoozed_until == due
    assert [one.user_id for one in build.every(Notification)] == [dee.id]
    for _ in range(2):
        handovers.finish(there.id, by=dee)
    assert build.every(Handover) == []
    assert lines()[-1] == ("Dee", "Finished the hand-over: Call the shop @Dee")


@pytest.mark.parametrize("card", [Card(), Card(next="x" * 501), Card(next="x", due_at=clock.EPOCH)])
def test_an_empty_long_or_late_card_is_none(there, ben, card):
    with pytest.raises(Invalid):
        handovers.hand_over(there.id, card, by=ben)
    assert build.every(Handover) == []


# ── being named ─────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("@Ben can you?", ["Ben"]),
        ("ask @BEN, and @dee.", ["Ben", "Dee"]),
        ("@benjamin", []),
        ("ben@example.com", []),
        ("mail me@ben", []),
        ("@cy may not see it", []),
    ],
)
def test_a_note_names_people_who_may_see_the_number(number, ben, dee, cy, text, found):
    assert sorted(one.name for one in mentions_query.named(text, number.id)) == found


def test_a_full_name_counts_before_a_first_name(number, ben):
    build.a_user(
        "Ben Okafor",
        numbers=[number],
    )
    both = mentions_query.named("@Ben", number.id)
    assert sorted(one.name for one in both) == ["Ben", "Ben Okafor"]
    assert [one.name for one in mentions_query.named("@Ben Okafor!", number.id)] == ["Ben Okafor"]


def test_who_is_named_is_told_and_not_who_wrote_it(there, ben, dee, cy):
    note = notes.write(there.id, "@Ben @Dee @Cy", None, by=ben)
    assert [(one.kind, one.user_id) for one in build.every(Notification)] == [("mentioned", dee.id)]
    (told,) = notifications_query.of(dee).items
    assert told.leads_to == f"/conversations/{there.id}?activity={note.id}"


# ── work goes round ─────────────────────────────────────────────────────────


def owners() -> list[int | None]:
    return [one.assignee_id for one in build.every(Conversation)]


def test_what_waits_goes_round_among_who_is_online_up_to_capacity(number, ben, dee, ada):
    build.changed(number, deals=True, capacity=2)
    availability.note(dict.fromkeys([ben.id, dee.id, ada.id], True))
    for hours in (5, 4, 3, 2, 1):
        waiting(number, since=clock.now() - timedelta(hours=hours))
    assert dealing.deal() == 4
    assert owners() == [ben.id, dee.id, ben.id, dee.id, None]
    assert dealing.deal() == 0


def test_nobody_who_is_away_gone_or_not_granted_is_dealt_to(number, ben, dee, cy):
    waiting(number)
    availability.note(dict.fromkeys([ben.id, cy.id], True))
    assert dealing.deal() == 0
    build.changed(number, deals=True)
    db.session.execute(
        db.text("UPDATE presence SET state = 'away' WHERE user_id = :u"), {"u": ben.id}
    )
    db.session.commit()
    assert dealing.deal() == 0
    with time_machine.travel(clock.now() + timedelta(minutes=2)):
        assert (availability_query.online(), dealing.deal()) == ([], 0)
        availability.note(dict.fromkeys([dee.id], True))
        assert dealing.deal() == 1
    assert owners() == [dee.id]


def test_what_its_assignee_leaves_unanswered_is_free_again(number, ben):
    build.changed(number, returns_after=30)
    mine, answered = waiting(number), build.a_conversation(number)
    for one in (mine, answered):
        conversations.assign(one.id, ben.id, by=ben)
    assert dealing.take_back() == 0
    with time_machine.travel(clock.now() + timedelta(minutes=31)):
        assert dealing.take_back() == 1
        assert dealing.take_back() == 0
    assert owners() == [None, ben.id]
    assert lines()[-1] == ("", "Ben had it for 30 minutes without an answer: it is free again.")


def test_who_took_it_late_has_the_whole_time(number, ben):
    build.changed(number, returns_after=30)
    late = waiting(number, since=clock.now() - timedelta(hours=3))
    conversations.assign(late.id, ben.id, by=ben)
    assert dealing.take_back() == 0


# ── the kill switch ─────────────────────────────────────────────────────────


@pytest.mark.parametrize("everywhere", [False, True])
def test_nothing_leaves_while_sending_is_paused_and_all_does_afterwards(number, ada, everywhere):
    text = build.a_message(build.a_conversation(number))
    law = build.a_message(build.a_conversation(number), author="consent", author_name="")
    which = None if everywhere else number.id
    for _ in range(2):
        pausing.pause(which, by=ada)
    assert (delivery.claim(), outbox.ready_at()) == (None, None)
    assert [one.attempts for one in build.every(Message)] == [0, 0]
    pausing.resume(which, by=ada)
    taken = {claim.message_id for claim in (delivery.claim(), delivery.claim()) if claim}
    assert taken == {text.id, law.id}


def test_a_pause_of_one_number_leaves_the_others_alone(number, ada):
    other = build.a_number("+14155550143", account=number.account)
    build.a_message(build.a_conversation(number))
    text = build.a_message(build.a_conversation(other))
    pausing.pause(number.id, by=ada)
    assert getattr(delivery.claim(), "message_id", None) == text.id
    assert delivery.claim() is None


def test_both_switches_must_be_open(number, ada):
    build.a_message(build.a_conversation(number))
    pausing.pause(None, by=ada)
    pausing.pause(number.id, by=ada)
    pausing.resume(None, by=ada)
    assert delivery.claim() is None


def test_only_admins_pause_and_the_screens_hear_of_it(number, ada, ben):
    before = events.newest()
    with pytest.raises(Forbidden):
        pausing.pause(None, by=ben)
    pausing.pause(number.id, by=ada)
    heard = [(one.kind, one.number_id) for one in events.since(before)]
    assert heard == [("SendingPaused", number.id)]
