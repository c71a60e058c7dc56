"""A rule asked about a quarter year of texts: how long until its page says what it would have done.

The floor is reading the same texts out of the same database and doing nothing with them.
"""

import time
from datetime import timedelta
from random import Random
from typing import Any

from sqlalchemy import insert, select

from smsinbox.core import clock
from smsinbox.core.database import db
from smsinbox.models.contact import Contact
from smsinbox.models.conversation import Conversation
from smsinbox.models.message import Author, Direction, Message, MessageState
from smsinbox.models.number import Number
from smsinbox.queries import past
from smsinbox.rules.decision import Mode
from smsinbox.services import backtest, rules
from tests.bench.figures import tell
from tests.bench.house import House

DAYS, PEOPLE, RULES = 90, 5_000, 20
COMMON = (
    "hi is my bike ready what are your hours on sunday can i bring it at ten thanks the chain is "
    "off again how much for a new tyre do you have lights yes no ok please call where do you stay"
).split()
WORDS = COMMON + [f"word{n}" for n in range(100)]  # so that one text in twenty is for the rule
DRAFT = {
    "id": None,
    "name": "Hours",
    "match": {"type": "word", "terms": ["hours", "open"]},
    "reply": "10 to 7",
}


def measure(house: House, count: int) -> None:
    """So many inbound texts, a quarter as many answers of agents, 20 rules beside the new one."""
    with house.inside():
        number = db.session.scalars(select(Number)).first()
        assert number is not None
        _fill(number, count)
        for n in range(RULES):
            written = {"match": {"type": "word", "terms": [f"thing{n}"]}, "reply": "Yes"}
            rules.create(number.id, f"R{n}", written, None, Mode.ON)
        took, found = _timed(lambda: backtest.run(number.id, DAYS, DRAFT))
        since = clock.now() - timedelta(days=DAYS)
        floor, _ = _timed(lambda: sum(1 for _ in past.texts(number.id, since)))
    tell(
        "backtest",
        house.database,
        "seconds",
        {"reading": floor},
        texts=found.texts,
        answered=found.answered,
        seconds=took,
        bound=2,
    )


def _timed(what: Any) -> tuple[float, Any]:
    """The better of two."""
    best, result = float("inf"), None
    for _ in range(2):
        db.session.rollback()
        began = time.perf_counter()
        result = what()
        best = min(best, time.perf_counter() - began)
    return best, result


def _fill(number: Number, count: int) -> None:
    random, now = Random(7), clock.now()
    people = [
        {
            "phone": f"+1312{5550000 + n}",
            "kind": "person",
            "name": "",
            "notes": "",
            "created_at": now,
        }
        for n in range(PEOPLE)
    ]
    db.session.execute(insert(Contact), people)
    contacts = db.session.scalars(
        select(Contact.id).where(Contact.phone.like("+1312555%")).order_by(Contact.id)
    )
    talks = [
        {"number_id": number.id, "contact_id": one, "last_message_at": now, "created_at": now}
        for one in contacts
    ]
    db.session.execute(insert(Conversation), talks)
    ids = list(db.session.scalars(select(Conversation.id)))
    step = timedelta(days=DAYS) / (count + 1)
    rows = [
        row
        for n in range(count)
        for row in _texts(number, random.choice(ids), now - step * (count - n), random)
    ]
    for begin in range(0, len(rows), 10_000):
        db.session.execute(insert(Message), rows[begin : begin + 10_000])
    db.session.commit()


def _texts(number: Number, talk: int, at: Any, random: Random) -> list[dict[str, Any]]:
    said = " ".join(random.choices(WORDS, k=random.randint(1, 9)))
    common = {
        "conversation_id": talk,
        "account_id": number.account_id,
        "number_id": number.id,
        "encoding": "gsm7",
    }
    theirs = {
        **common,
        "direction": Direction.INBOUND.value,
        "author": Author.CONTACT.value,
        "state": MessageState.RECEIVED.value,
        "body": said,
        "created_at": at,
    }
    if random.random() > 0.25:
        return [theirs]
    ours = {
        **theirs,
        "direction": Direction.OUTBOUND.value,
        "author": Author.USER.value,
        "state": MessageState.ACCEPTED.value,
        "body": "One of us will look at it.",
        "created_at": at + timedelta(seconds=random.randint(20, 400)),
    }
    return [theirs, ours]
