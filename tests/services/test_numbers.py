"""A number of ours is kept once, in its canonical form, and leaves at the pace it was given."""

import pytest

from smsinbox.core.errors import Invalid, NotFound
from smsinbox.models import LogEntry
from smsinbox.queries import numbers as numbers_query
from smsinbox.services import numbers
from tests import build


@pytest.fixture
def account(app):
    return build.an_account()


def test_a_number_is_kept_as_e164_and_named_by_itself(account):
    number = numbers.create(account.id, "+1 (415) 555-0142")
    assert (number.phone, number.name) == ("+14155550142", "+1 415-555-0142")


def test_a_short_code_can_be_ours(account):
    assert numbers.create(account.id, "24365", "Votes").phone == "24365"


def test_the_same_number_written_differently_is_refused(account):
    numbers.create(account.id, "+14155550142")
    with pytest.raises(Invalid) as refused:
        numbers.create(account.id, "+1 415 555 0142")
    assert refused.value.field == "phone"


def test_what_is_no_number_is_refused_in_words(account):
    with pytest.raises(Invalid, match="country") as refused:
        numbers.create(account.id, "415 555 0142")
    assert refused.value.field == "phone"


@pytest.mark.parametrize("pace", [0, -1, 0.001, 1001, float("nan"), float("inf")])
def test_a_pace_that_nobody_can_keep_is_refused(account, pace):
    with pytest.raises(Invalid) as refused:
        numbers.create(account.id, "+14155550142", pace=pace)
    assert refused.value.field == "pace"


def test_a_number_needs_an_account(app):
    with pytest.raises(NotFound):
        numbers.create(4711, "+14155550142")


def test_screens_hear_of_a_renamed_number(account):
    number = numbers.create(account.id, "+14155550142")
    numbers.edit(number.id, "Support", 2.5, None, None)
    entry = build.every(LogEntry)[-1]
    assert (entry.kind, entry.number_id) == ("NumberChanged", number.id)
    build.again(number)
    assert (number.name, number.pace) == ("Support", 2.5)


def test_people_see_the_numbers_granted_to_them_and_admins_see_all(number, ada, ben, cy):
    build.a_number("+14155550143", account=number.account)
    seen = {user.name: len(numbers_query.granted(user)) for user in (ada, ben, cy)}
    assert seen == {"Ada": 2, "Ben": 1, "Cy": 0}
