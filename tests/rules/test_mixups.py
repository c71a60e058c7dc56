"""Seeded mistakes: at least nine of ten are caught, and fewer than one in a hundred is a false
alarm."""

import pytest

from smsinbox.rules.mixups import Person, mixed_up

NAMES = (
    "Maria Lopez,Jonas Weber,Will Smith,May Chen,Rose Taylor,Mark Stone,Grace Kim,Ali Yilmaz,"
    "Zoë Müller,Anne-Marie Roux,Bill Price,Art Young,Joy Banks,Chase Fields,Faith Rivers,"
    "Sofia Rossi,Ivan Petrov,Li Wei,Hope King,Dean Summers"
).split(",")
PEOPLE = [Person(name, f"+1312555{at:04}") for at, name in enumerate(NAMES, 1000)]
TO_SOMEBODY = (
    "Hi {first}, your order is ready.",
    "Hello {first}! We are open until six.",
    "{first}, the technician is on the way.",
    "Good morning {first}, shall we say 10:30?",
    "Thanks {first}!",
    "The invoice is made out to {name}.",
    "{name} has booked Friday at 9.",
    "You can call back on {phone}.",
    "Dear Ms {first}, it is settled.",
    "All done, {first}.",
)
ORDINARY = (
    "I will send the mark by May.",
    "Hope this helps! Rose bushes are in stock.",
    "We will be there at 9. Thank you!",
    "May I call you tomorrow?",
    "Will do. The bill is 40 dollars.",
    "Thanks, mark my words: it will arrive on Friday.",
    "Art supplies are on the second floor, joy to the world.",
    "Your code is 481223, valid until 12:30.",
    "We are at 12 Grace Street; ring the bell twice.",
    "In May we open at 10, in June at 9.",
    "Please have faith, the dean of the school will call.",
    "Order 2023-5550-1199 has left the warehouse.",
    "Good hope, good day. See you on 2026-11-23.",
    "Chase the parcel at dhl.example/1234567.",
)


def drafts_to(other):
    first, local = other.name.split()[0], other.phone[2:]
    phone = f"({local[:3]}) {local[3:6]}-{local[6:]}"
    return [text.format(first=first, name=other.name, phone=phone) for text in TO_SOMEBODY]


def test_nine_of_ten_seeded_mistakes_are_caught():
    here = PEOPLE[0]
    wrong = [(one, text) for one in PEOPLE[1:] for text in drafts_to(one)]
    caught = [text for _, text in wrong if mixed_up(text, PEOPLE[1:], ("Hi there",), here)]
    assert len(caught) / len(wrong) >= 0.9, sorted({text for _, text in wrong} - set(caught))


def test_fewer_than_one_in_a_hundred_right_texts_raises_an_alarm():
    right = [(one, text) for one in PEOPLE for text in (*drafts_to(one), *ORDINARY)]
    alarms = [
        (one.name, text)
        for one, text in right
        if mixed_up(text, [p for p in PEOPLE if p != one], ("Is it ready?",), one)
    ]
    assert len(alarms) / len(right) < 0.01, alarms


@pytest.mark.parametrize("said", ["My brother Jonas will come", "Jonas: +1 312 555 1001"])
def test_whom_the_thread_mentions_may_be_named(said):
    assert not mixed_up("Hi Jonas, come in.", PEOPLE[1:], (said,), PEOPLE[0])
