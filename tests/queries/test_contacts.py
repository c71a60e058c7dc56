"""Who sees which contact, and the one line through time of a person."""

from datetime import timedelta

import pytest

from smsinbox.core import clock
from smsinbox.core.errors import NotFound
from smsinbox.models import Activity, ConsentEvent
from smsinbox.queries import contacts, timeline
from tests import build


@pytest.fixture
def secret(number):
    """A number that Ben may not see."""
    return build.a_number("+14155550199", account=number.account, name="Secret desk")


def named(found):
    return [row.contact.name for row in found.items]


def test_an_agent_lists_only_those_who_texted_a_number_of_theirs(ada, ben, cy, number, secret):
    for name, where in (("Seen", number), ("Hidden", secret)):
        build.a_conversation(where, build.a_contact(name=name))
    build.a_contact(name="Imported")
    assert named(contacts.listed(ben)) == ["Seen"]
    assert named(contacts.listed(cy)) == []
    assert named(contacts.listed(ada)) == ["Hidden", "Imported", "Seen"]
    assert named(contacts.listed(ada, number_id=secret.id)) == ["Hidden"]
    assert named(contacts.listed(ben, number_id=secret.id)) == []


def test_a_search_finds_parts_of_names_and_phones_and_pages_go_on(ada, number, monkeypatch):
    for name, phone in (("Zoë", "+14155550171"), ("Abe", "+14155550172"), ("", "+14155550173")):
        build.a_contact(phone, name=name)
    monkeypatch.setattr(contacts, "_PAGE", 2)
    first = contacts.listed(ada)
    assert named(first) == ["Abe", "Zoë"]
    assert named(contacts.listed(ada, after=first.next or "")) == [""]
    assert named(contacts.listed(ada, "zo")) == ["Zoë"]
    assert named(contacts.listed(ada, "415 555-0172")) == ["Abe"]
    assert named(contacts.listed(ada, "100%")) == []


def test_a_phone_of_a_person_that_the_viewer_may_not_see_is_neither_shown_nor_found(
    ben, number, secret
):
    leader = build.a_contact("+13125550161", name="Ana")
    other = build.a_contact("+13125550162", name="Ana", person_id=leader.id)
    build.a_conversation(secret, leader)
    build.a_conversation(number, other)
    [row] = contacts.listed(ben).items
    assert (row.contact.phone, row.phones) == (other.phone, 1)
    assert contacts.listed(ben, "0161").items == []
    assert contacts.person(ben, other) == [other]
    with pytest.raises(NotFound):
        contacts.for_viewer(ben, leader.id)


def test_each_phone_of_whoever_is_called_so_can_be_chosen_if_the_viewer_sees_it(
    ada, ben, cy, number, secret
):
    maria = build.a_contact("+13125550001", name="Maria Lopez")
    for phone, where in (("+13125550002", number), ("+13125550003", secret)):
        other = build.a_contact(phone, name="Maria Lopez", person_id=maria.id)
        build.a_conversation(where, other)
    build.a_conversation(number, maria)
    build.a_conversation(number, build.a_contact(name="Mario", blocked_at=clock.now()))
    build.a_conversation(number, build.a_contact("MARIAS", name="Maria", kind="alphanumeric"))
    assert [one.phone[-1] for one in contacts.textable(ada, "maria  l")] == ["1", "2", "3"]
    assert [one.phone[-1] for one in contacts.textable(ben, "MARI")] == ["1", "2"]
    assert contacts.textable(cy, "Maria") == contacts.textable(ben, " ") == []
    assert contacts.seen_at(ben, "+13125550002")
    assert contacts.seen_at(ben, "+13125550003") is None


def test_the_timeline_runs_through_all_granted_numbers_page_by_page(ada, ben, number, secret):
    contact, now = build.a_contact(), clock.now()
    here, there = build.a_conversation(number, contact), build.a_conversation(secret, contact)
    for i in range(3):
        at = now - timedelta(minutes=10 * i)
        build.a_message(here, body=f"here {i}", created_at=at)
        build.a_message(there, body=f"there {i}", created_at=at)
        line = {"kind": "note", "body": f"note {i}", "author_name": "Ada"}
        build.added(Activity(conversation_id=here.id, at=at, **line))
    consent = {"opted_out": True, "source": "word", "words": "STOP", "at": now}
    build.added(ConsentEvent(contact_id=contact.id, number_id=secret.id, **consent))
    assert sorted(bodies(ben, contact, 2)) == sorted(
        f"{word} {i}" for word in ("here", "note") for i in range(3)
    )
    everything = bodies(ada, contact, 3)
    assert len(everything) == 10
    assert everything.index("STOP") == 3  # behind the texts and the note of that moment
    assert everything[-1] == "note 2"


def bodies(viewer, contact, limit):
    """What the pages show one after the other."""
    found, before = [], None
    while True:
        page = timeline.page(viewer, [contact], before, limit)
        found += [getattr(m.thing, "body", "STOP") for m in page.items]
        if page.next is None:
            return found
        before = page.next


@pytest.mark.parametrize("before", ["", "x", "1-2", "1-2-3-4", "-1-2-3", "9" * 30 + "-1-1"])
def test_a_place_that_nobody_gave_is_the_beginning(ada, number, before):
    contact = build.a_contact()
    build.a_message(build.a_conversation(number, contact))
    assert len(timeline.page(ada, [contact], before).items) == 1
