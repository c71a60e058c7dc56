"""A program that names no sender gets one of its pool."""

from datetime import timedelta

import pytest

from smsinbox.core import clock
from smsinbox.core.errors import Invalid, OptedOut
from smsinbox.dialects.base import Asked, OutboundText
from smsinbox.dialects.errors import Reason, Refusal
from smsinbox.models import Author, Message, Number
from smsinbox.queries import health
from smsinbox.services import profiles
from smsinbox.services.outbox import Writer
from smsinbox.services.submission import Submission
from smsinbox.services.submissions import submit
from tests import build

SHOP = Writer(Author.PROGRAM, "Shop")


@pytest.fixture
def other(number: Number) -> Number:
    return build.a_number("+14155550143", account=number.account, name="Other")


def sent(*, to: str = build.THEIRS, sender: str = "", **asked) -> Submission:
    submission = Submission(Asked(OutboundText(sender, to, "Hello"), **asked), SHOP)
    submit([submission])
    return submission


def from_whom(submission: Submission) -> str:
    assert submission.taken is not None, submission.problem
    return submission.taken.text.sender


def delivered(number: Number, count: int, delivery: int, **fields) -> None:
    conversation = build.a_conversation(number)
    for at in range(count):
        build.a_message(
            conversation,
            **{
                "state": "accepted",
                "delivery": delivery,
                "carrier_id": f"{number.id}-{delivery}-{at}",
            }
            | fields,
        )


def test_the_number_of_the_contacts_newest_conversation_is_kept_to(number, other):
    contact = build.a_contact(build.THEIRS)
    old = clock.now() - timedelta(days=1)
    build.a_conversation(number, contact, last_message_at=old)
    build.a_conversation(other, contact)
    assert from_whom(sent()) == other.phone


def test_a_stranger_gets_the_number_that_has_least_to_do(number, other):
    conversation = build.a_conversation(number)
    for _ in range(3):
        build.a_message(conversation)
    assert from_whom(sent()) == other.phone


def test_a_batch_spreads_itself_over_the_pool(number, other):
    batch = [
        Submission(Asked(OutboundText("", f"+1312555{at:04d}", "Hello")), SHOP) for at in range(10)
    ]
    submit(batch)
    assert sorted(map(from_whom, batch)) == [number.phone] * 5 + [other.phone] * 5


def test_a_healthy_number_goes_before_one_with_less_to_do(number, other):
    delivered(number, 25, 50)
    build.a_message(build.a_conversation(other))
    assert from_whom(sent()) == other.phone


def test_a_paused_account_is_not_chosen_when_there_is_another(number):
    other = build.a_number("+14155550143", account=build.an_account())
    build.changed(number.account, paused_at=clock.now())
    assert from_whom(sent()) == other.phone


def test_only_numbers_of_the_profile_are_chosen(number, other):
    profile = profiles.create("Sales", [other])
    assert from_whom(sent(profile=profile.id)) == other.phone


def test_without_any_profile_made_every_id_means_all_numbers(number):
    assert from_whom(sent(profile="4000eba1-a0c0-4563-9925-b25e842a7cb6")) == number.phone


def test_an_unknown_profile_is_refused_once_there_are_some(number, other):
    profiles.create("Sales", [other])
    problem = sent(profile="4000eba1").problem
    assert isinstance(problem, Invalid)
    assert problem.field == "messaging_profile_id"


def test_a_sender_of_another_profile_is_refused(number, other):
    profile = profiles.create("Sales", [other])
    problem = sent(profile=profile.id, sender=number.phone).problem
    assert isinstance(problem, Invalid)
    assert problem.field == "from"


def test_who_said_stop_to_one_number_of_the_pool_is_texted_from_none(number, other):
    contact, old = build.a_contact(build.THEIRS), clock.now() - timedelta(days=1)
    build.an_opt_out(build.a_conversation(number, contact, last_message_at=old))
    build.a_conversation(other, contact)
    assert isinstance(sent().problem, OptedOut)
    assert build.every(Message) == []


def test_a_stop_in_another_pool_says_nothing_about_this_one(number, other):
    profile = profiles.create("Sales", [other])
    build.an_opt_out(build.a_conversation(number, build.a_contact(build.THEIRS)))
    assert from_whom(sent(profile=profile.id)) == other.phone


def test_short_codes_and_names_are_never_chosen(app):
    build.a_number("12345", account=build.an_account())
    build.a_number("Shop", account=build.an_account())
    assert isinstance(sent().problem, Invalid)


def test_a_text_to_our_own_only_number_finds_no_sender(number):
    assert isinstance(sent(to=number.phone).problem, Invalid)


def test_an_unhealthy_sender_is_refused_only_when_asked_to(number):
    delivered(number, 25, 50)
    problem = sent(sender=number.phone, refuse_unhealthy=True).problem
    assert isinstance(problem, Refusal)
    assert problem.reason is Reason.UNHEALTHY
    assert sent(sender=number.phone).problem is None


def test_of_a_number_that_sent_little_nothing_bad_is_thought(number):
    delivered(number, health.FEWEST - 1, 50)
    assert sent(sender=number.phone, refuse_unhealthy=True).problem is None


def test_health_looks_at_a_hundred_texts_of_a_day(number):
    delivered(number, 30, 50, created_at=clock.now() - timedelta(hours=25))
    assert health.of_numbers([number.id])[number.id] == (0, 0)
    delivered(number, 30, 50, body="older", carrier_id=None)
    delivered(number, 100, 60)
    assert health.of_numbers([number.id])[number.id] == (100, 0)


def test_one_name_is_one_profile(number):
    profiles.create("Sales")
    with pytest.raises(Invalid):
        profiles.create("Sales")
