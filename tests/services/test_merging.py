"""Two contacts become one person and two again: nothing is lost, consent stays with the phone."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from smsinbox.core import clock
from smsinbox.core.errors import Conflict, Forbidden, OptedOut
from smsinbox.models import Contact, Conversation, Merge, OptOut
from smsinbox.queries import contacts as contacts_query
from smsinbox.queries import conversations as conversations_query
from smsinbox.services import contact_tags, contacts, merging, outbound
from smsinbox.services.contacts import Details
from smsinbox.services.merging import Words, joined, parted
from tests import build

_word = st.sampled_from(["", "a", "b"])
_words = st.builds(
    Words,
    name=_word,
    notes=_word,
    language=_word,
    zone=_word,
    attributes=st.dictionaries(st.sampled_from("xyz"), st.sampled_from("ab")),
    tags=st.lists(st.sampled_from("tuv"), unique=True).map(sorted),
)


@given(_words, _words)
def test_apart_again_both_are_as_they_were(one, other):
    together = joined(one, other)
    assert (parted(one, together, together), parted(other, together, together)) == (one, other)


@given(_words, _words, _words)
def test_what_was_written_since_stays_with_both(one, other, now):
    together = joined(one, other)
    for before in (one, other):
        after = parted(before, together, now)
        assert now.name in (together.name, after.name)
        assert {*now.tags} - {*together.tags} <= {*after.tags}
        new = {k: v for k, v in now.attributes.items() if together.attributes.get(k) != v}
        assert new.items() <= after.attributes.items()


@pytest.fixture
def two(number):
    """The same person on two phones, each with a conversation."""
    found = []
    for phone, fields in (
        ("+13125550171", {"name": "Ana", "notes": "First", "attributes": {"plan": "Gold"}}),
        ("+13125550172", {"notes": "Second", "attributes": {"plan": "Iron", "size": "9"}}),
    ):
        contact = build.a_contact(phone, **fields)
        found.append((contact, build.a_conversation(number, contact)))
    return found


def known(contact):
    tags = contacts_query.tags_of([contact.id]).get(contact.id, [])
    build.again(contact)
    return contact.name, contact.notes, contact.attributes, [tag.name for tag in tags]


def test_both_phones_know_everything_and_after_the_undo_what_they_knew(ada, two):
    (one, _), (other, _) = two
    contact_tags.put_on(other.id, "vip", ada)
    before = known(one), known(other)
    made = merging.merge(one.id, other.id, ada)
    both = ("Ana", "First\n\nSecond", {"plan": "Gold", "size": "9"}, ["vip"])
    assert known(one) == known(other) == both
    assert len(conversations_query.history(ada, other.id)) == 2
    merging.undo(made.id, ada)
    assert (known(one), known(other)) == before
    assert {contact.person_id for contact in build.every(Contact)} == {None}


def test_consent_stays_with_the_phone_through_merge_and_undo(ada, two):
    (one, open_), (other, out) = two
    build.an_opt_out(out)
    made = merging.merge(one.id, other.id, ada)
    for _ in range(2):
        assert outbound.reply(open_.id, "Hello", None, ada).state == "queued"
        with pytest.raises(OptedOut):
            outbound.reply(out.id, "Hello", None, ada)
        if build.again(made).undone_at is None:
            merging.undo(made.id, ada)
    assert [opt_out.contact_id for opt_out in build.every(OptOut)] == [other.id]
    assert [one.contact_id for one in build.every(Conversation)] == [one.id, other.id]


def test_a_merge_of_merged_ones_is_undone_from_the_last_to_the_first(ada, two):
    (one, _), (other, _) = two
    third = build.a_contact("+13125550173", name="Third")
    first = merging.merge(one.id, other.id, ada)
    second = merging.merge(third.id, other.id, ada)
    assert contacts_query.phones_of(other) == [third.id, one.id, other.id]
    with pytest.raises(Conflict):
        merging.undo(first.id, ada)
    merging.undo(second.id, ada)
    assert contacts_query.phones_of(other) == [one.id, other.id]
    merging.undo(first.id, ada)
    assert contacts_query.phones_of(other) == [other.id]


def test_words_written_since_stay_with_both(ada, two):
    (one, _), (other, _) = two
    made = merging.merge(one.id, other.id, ada)
    contacts.describe(other.id, Details(name="Ana Flores"), ada)
    merging.undo(made.id, ada)
    assert (known(one)[0], known(other)[0]) == ("Ana Flores", "Ana Flores")
    assert known(other)[1] == "Second"


@pytest.mark.parametrize(
    "fields", [{"at": clock.now() - timedelta(days=31)}, {"undone_at": clock.now()}]
)
def test_it_can_be_undone_once_and_for_30_days(ada, two, fields):
    made = merging.merge(two[0][0].id, two[1][0].id, ada)
    build.changed(made, **fields)
    with pytest.raises(Conflict):
        merging.undo(made.id, ada)


def test_nobody_merges_what_they_may_not_write_about(ada, ben, two, number):
    (one, _), (other, _) = two
    secret = build.a_number("+14155550199", account=number.account)
    hidden = build.a_contact("+13125550174")
    build.a_conversation(secret, hidden)
    with pytest.raises(Forbidden):
        merging.merge(one.id, hidden.id, ben)
    with pytest.raises(Conflict):
        merging.merge(one.id, one.id, ada)
    assert contacts_query.candidates(ben, one, "0174") == []
    assert contacts_query.candidates(ben, one, "0172") == [other]
    assert build.every(Merge) == []
