"""What people write down about a contact, by its kind, on every phone of the person."""

from datetime import UTC, datetime

import pytest

from smsinbox.core.errors import Conflict, Forbidden, Invalid
from smsinbox.core.whereabouts import local_time, zones
from smsinbox.models import Activity, Tag
from smsinbox.services import attributes, contact_tags, contacts
from smsinbox.services.contacts import Details
from tests import build


@pytest.mark.parametrize(
    ("kind", "typed", "kept"),
    [
        ("text", "  two  words ", "two words"),
        ("number", "3,5", "3.5"),
        ("date", "2026-01-31", "2026-01-31"),
        ("yes_no", "JA", "yes"),
        ("choice", "GOLD", "Gold"),
    ],
)
def test_an_attribute_is_kept_in_its_one_spelling(app, ada, kind, typed, kept):
    made = attributes.create("Größe (cm)", kind, "Gold\nSilver", ada)
    contact = build.a_contact(attributes={"from_a_rule": "stays"})
    contacts.describe(contact.id, Details(attributes={made.key: typed}), ada)
    assert build.again(contact).attributes == {"from_a_rule": "stays", made.key: kept}
    contacts.describe(contact.id, Details(attributes={made.key: ""}), ada)
    assert build.again(contact).attributes == {"from_a_rule": "stays"}


@pytest.mark.parametrize(
    ("kind", "typed"),
    [("number", "many"), ("date", "31.1.26"), ("yes_no", "maybe"), ("choice", "Iron")],
)
def test_what_does_not_fit_is_refused_in_words_and_changes_nothing(app, ada, kind, typed):
    made = attributes.create("Plan", kind, "Gold\nSilver", ada)
    contact = build.a_contact(name="Mo")
    with pytest.raises(Invalid, match="Plan must be"):
        contacts.describe(contact.id, Details(name="Mona", attributes={made.key: typed}), ada)
    assert build.again(contact).name == "Mo"


@pytest.mark.parametrize("label", ["", "…", "Phone", "plan"])
def test_an_attribute_needs_a_name_of_its_own(app, ada, label):
    attributes.create("Plan", "text", "", ada)
    with pytest.raises(Invalid):
        attributes.create(label, "text", "", ada)


def test_agents_define_nothing_and_paint_nothing(app, ben, number):
    contact = build.a_contact()
    contact_tags.put_on(contact.id, "vip", ben)
    [tag] = build.every(Tag)
    for refused in (
        lambda: attributes.create("Plan", "text", "", ben),
        lambda: contact_tags.paint(tag.id, "red", ben),
        lambda: contact_tags.throw_away(tag.id, ben),
    ):
        with pytest.raises(Forbidden):
            refused()


def test_what_is_written_about_a_person_is_on_all_their_phones_with_one_line(ada, number):
    leader = build.a_contact()
    other = build.a_contact(person_id=leader.id)
    build.a_conversation(number, other)
    contacts.describe(other.id, Details(name="Ana", zone="Europe/Berlin"), ada)
    contact_tags.put_on(leader.id, " VIP", ada)
    contact_tags.put_on(leader.id, "vip", ada)
    assert {build.again(one).name for one in (leader, other)} == {"Ana"}
    assert [line.body for line in build.every(Activity)] == [
        "Changed the name and the time zone of the contact.",
        "Tagged the contact “vip”.",
    ]


def test_nothing_is_written_about_somebody_who_was_erased(ada, number):
    with pytest.raises(Conflict):
        contacts.describe(build.a_contact("erased-1", kind="erased").id, Details(name="X"), ada)


@pytest.mark.parametrize(
    ("phone", "zone", "words", "quiet"),
    [
        ("+13125550199", "", "7:30\u202fAM", True),  # Chicago
        ("+13125550199", "Europe/Berlin", "2:30\u202fPM", False),
        ("+18005550199", "", None, None),  # a continent
        ("262966", "", None, None),
        ("+14155550142", "", "5:30\u202fAM", True),
        ("+61412345678", "", None, None),  # from Perth to Norfolk Island
    ],
)
def test_a_phone_tells_what_time_it_is_there_unless_it_may_be_anywhere(phone, zone, words, quiet):
    there = local_time(phone, zone, datetime(2026, 6, 1, 12, 30, tzinfo=UTC))
    assert (there and there.words, there and there.is_quiet) == (words, quiet)
    assert zones("+13125550199") == ("America/Chicago",)
