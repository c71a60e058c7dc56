"""Who is told of what: those it concerns, who may see it, and never of their own deeds."""

from functools import partial

import pytest
import time_machine

from smsinbox.core import clock, events
from smsinbox.core.database import atomic
from smsinbox.dialects.base import Rank, Receipt
from smsinbox.dialects.errors import Rejected, Unavailable
from smsinbox.models import Conversation, Notification, NotificationKind
from smsinbox.queries import notifications as told_query
from smsinbox.services import (
    blocking,
    conversations,
    delivery,
    notifications,
    outbound,
    outcomes,
    receipts,
    upkeep,
    users,
)
from smsinbox.services.receipts import Reported
from tests import build
from tests.ruling import a_rule, receive


@pytest.fixture
def dee(number):
    """A second agent of the number."""
    return build.a_user("Dee", role="agent", numbers=[number])


@pytest.fixture
def there(number) -> Conversation:
    return build.a_conversation(number)


def told() -> list[tuple[str, int, int | None]]:
    return [(one.kind, one.user_id, one.message_id) for one in build.every(Notification)]


@atomic
def notify(*args, **more) -> None:
    notifications.notify(*args, **more)


def test_all_who_may_see_the_number_are_told_once_and_nobody_else(number, there, ada, ben, dee, cy):
    gone = build.a_user("Gone", numbers=[number], active=False)
    before = events.newest()
    notify(NotificationKind.WAITING, None, there.id, actor_id=dee.id, said="20 minutes")
    assert {user for _, user, _ in told()} == {ada.id, ben.id} - {gone.id, cy.id, dee.id}
    rung = [one.user_id for one in events.since(before) if one.kind == "UserNotified"]
    assert sorted(user for user in rung if user) == sorted([ada.id, ben.id])


def test_what_is_still_news_is_asked_of_some_users_about_some_conversations(
    number, there, ada, ben
):
    other, quiet = build.a_conversation(number), build.a_conversation(number)
    for place in (there, other):
        notify(NotificationKind.ALERT, [ada.id, ben.id], place.id)
    notify(NotificationKind.RULE, [ada.id], quiet.id)
    notifications.read_in(other.id, by=ada)
    unread = partial(told_query.unread_of, NotificationKind.ALERT)
    assert unread([ada.id], [there.id, other.id, quiet.id]) == {(ada.id, there.id)}
    assert unread([ada.id, ben.id], [other.id]) == {(ben.id, other.id)}
    assert unread([], [there.id]) == unread([ada.id], []) == set()


def test_of_those_who_are_named_only_those_who_may_see_it_are_told(there, ben, cy):
    notify(NotificationKind.MENTIONED, [ben.id, ben.id, cy.id, 4711], there.id)
    notify(NotificationKind.MENTIONED, [], there.id)
    assert told() == [("mentioned", ben.id, None)]


def test_what_was_granted_once_is_not_shown_any_more(there, ben):
    notify(NotificationKind.MENTIONED, [ben.id], there.id)
    assert told_query.unread(ben) == 1
    users.edit(ben.id, "Ben", ben.role, True, [], "", None)
    assert (told_query.unread(build.again(ben)), told_query.of(ben).items) == (0, [])


def test_an_assignment_is_told_to_the_assignee_unless_they_took_it(there, ada, ben):
    conversations.assign(there.id, ben.id, by=ben)
    conversations.assign(there.id, None, by=ada)
    assert told() == []
    conversations.assign(there.id, ben.id, by=ada)
    [one] = told_query.of(ben).items
    assert (one.kind, one.actor, one.leads_to) == (
        "assigned",
        "Ada",
        f"/conversations/{there.id}",
    )


def test_a_rule_tells_those_it_names_or_all_and_is_named_itself(number, ada, ben, dee, cy):
    a_rule(number, name="All", actions=[{"do": "notify"}], stop=False)
    named = ["ben@example.com", "cy@example.com"]
    a_rule(number, name="Some", actions=[{"do": "notify", "users": named}], stop=False)
    a_rule(number, name="Gone", actions=[{"do": "notify", "users": ["no@example.com"]}])
    receive(number, "help me please")
    kept = [(one.said, one.user_id) for one in build.every(Notification)]
    assert sorted(kept) == sorted(
        [("All", ada.id), ("All", ben.id), ("All", dee.id), ("Some", ben.id)]
    )
    [first, _] = told_query.of(ben).items
    assert first.excerpt == "help me please"
    assert first.leads_to.endswith(f"?at={first.message_id}")


def test_a_rule_in_shadow_tells_nobody_and_one_that_assigns_tells_the_assignee(number, ben, dee):
    a_rule(number, name="Ghost", mode="shadow", actions=[{"do": "notify"}])
    a_rule(number, name="Give", actions=[{"do": "assign", "to": "ben@example.com"}])
    receive(number, "hi")
    assert [(kind, user) for kind, user, _ in told()] == [("assigned", ben.id)]


def test_a_text_that_is_refused_is_told_to_its_writer_alone(there, ben, dee):
    mine = outbound.reply(there.id, "Hi", None, ben)
    claim = delivery.claim()
    assert claim is not None
    outcomes.refuse(mine.id, claim.fence, Rejected("No such number"))
    assert told() == [("failed", ben.id, mine.id)]


def test_a_text_that_is_only_put_off_is_told_to_nobody(there, ben):
    mine = outbound.reply(there.id, "Hi", None, ben)
    claim = delivery.claim()
    assert claim is not None
    outcomes.refuse(mine.id, claim.fence, Unavailable("busy"))
    assert told() == []


def test_a_text_that_never_arrived_is_told_once_however_often_the_carrier_says_so(there, ben):
    mine = build.a_message(
        there, state="accepted", carrier_id="c1", user_id=ben.id, delivery=int(Rank.QUEUED)
    )
    for n in range(2):
        report = Receipt("c1", f"failed{n}", Rank.UNDELIVERED)
        receipts.receive([Reported(mine.account_id, report)])
    assert told() == [("failed", ben.id, mine.id)]


def test_a_text_that_grew_too_old_is_told_to_its_writer_and_a_program_s_to_nobody(there, ben):
    key = build.a_key()
    mine, _ = outbound.reply(there.id, "Hi", None, ben), outbound.reply(there.id, "Ho", None, key)
    with time_machine.travel(clock.now().timestamp() + 5 * 3600, tick=False):
        assert upkeep.expire_texts() == 2
    assert told() == [("failed", ben.id, mine.id)]


def test_nobody_is_told_of_a_contact_who_is_blocked(number, there, ada, ben):
    notify(NotificationKind.WAITING, [ben.id], there.id)
    blocking.block(there.contact_id, by=ada)
    notify(NotificationKind.WAITING, [ben.id], there.id)
    assert len(told()) == 1
    assert told_query.unread(ben) == 0


def test_reading_is_each_one_s_own_and_old_news_is_forgotten(number, there, ben, dee):
    other = build.a_conversation(number)
    for of in (there, other):
        notify(NotificationKind.WAITING, None, of.id)
    notifications.read_in(there.id, by=ben)
    assert (told_query.unread(ben), told_query.unread(dee)) == (1, 2)
    notifications.read_all(by=ben)
    assert (told_query.unread(ben), told_query.any_in(dee, other.id)) == (0, True)
    assert notifications.prune() == 0
    with time_machine.travel(clock.now().timestamp() + 91 * 86_400):
        assert notifications.prune() == 4


def test_a_hundred_are_told_in_one_statement(number, ada, ben, statements):
    news = [
        notifications.News(NotificationKind.RULE, None, build.a_conversation(number).id)
        for _ in range(50)
    ]
    with statements() as seen:
        atomic(notifications.notify_all)(news)
    assert len([one for one in seen if "INSERT INTO" in one]) == 2  # these, and their events
    assert told_query.unread(ben) == 50


def test_the_list_goes_on_where_it_ended(there, ben):
    for _ in range(3):
        notify(NotificationKind.WAITING, [ben.id], there.id)
    first = told_query.of(ben, limit=2)
    rest = told_query.of(ben, int(first.next or 0), limit=2)
    assert ([one.id for one in first.items + rest.items], rest.next) == ([3, 2, 1], None)
