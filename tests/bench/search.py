"""How long somebody waits for what they search among 100,000 texts: the whole request, as an agent
who may see the number sends it. The floor is a page that asks the database for nothing of it."""

import time
from collections.abc import Iterator
from datetime import timedelta
from random import Random
from typing import Any

from sqlalchemy import insert, select, text

from smsinbox.core import clock
from smsinbox.core.database import db, is_sqlite
from smsinbox.models.contact import Contact
from smsinbox.models.conversation import Conversation
from smsinbox.models.message import Message
from smsinbox.models.number import Number
from tests import build
from tests.bench.figures import percentile, tell
from tests.bench.house import House

PEOPLE, AT_ONCE, TURNS = 20_000, 10_000, 60
COMMON = (
    "the to a is and you for my it on can i in of we at be your me have are this not what do with "
    "so will just bike ready order number thanks hi please when today tomorrow call open"
).split()
NAMES = "Ann Bo Cy Dee Eve Finn Gus Hal Ida Jo Kim Lee Mia Ned Oli Pat Quin Rex Sue Tom".split()
QUESTIONS = {
    "rare word": [f"rare{n}" for n in range(20)],
    "common word": ["the", "is", "you", "bike", "thanks"],
    "two common words": ["bike ready", "the order", "thanks you"],
    "as it is typed": ["th", "bi", "rea", "or", "t"],
    "phrase": ['"bike is ready"', '"what is the"', '"is the"'],
    "number suffix": ["0001", "5557", "1234", "0199"],
    "name": ["ann", "kim l", "sue"],
    "operators alone": ["is:failed", "is:open", "from:5557", "has:file", "before:2001"],
    "word and operators": ["the from:ann", "bike is:failed", "the -bike is:closed"],
    "nothing that is so": ["the -the", "zebra", '"ready bike order call"'],
}


def measure(house: House, count: int) -> None:
    """Fill a number with so many texts, and ask."""
    with house.inside():
        number = db.session.scalars(select(Number)).first()
        assert number is not None
        fill(number, count)
        client = build.signed_in(house.app, build.a_user("Bench", numbers=[number]))
    floor = _timed(client, ["!"] * TURNS)
    for name, questions in QUESTIONS.items():
        took = _timed(client, (questions * TURNS)[:TURNS])
        tell(
            f"search: {name}",
            house.database,
            "ms",
            {"an empty question": percentile(floor, 50)},
            texts=count,
            p50_ms=percentile(took, 50),
            p95_ms=percentile(took, 95),
        )


def _timed(client: Any, questions: list[str]) -> list[float]:
    """Milliseconds for each, ascending."""
    took = []
    for question in questions:
        began = time.perf_counter()
        answer = client.get("/search/results", query_string={"q": question})
        took.append((time.perf_counter() - began) * 1000)
        assert answer.status_code == 200, answer.status
    return sorted(took)


def fill(number: Number, count: int) -> None:
    """20,000 people, a conversation with each, and so many texts in them."""
    random, now = Random(7), clock.now()
    people = [
        {
            "phone": f"+1312{5550000 + n}",
            "kind": "person",
            "name": f"{random.choice(NAMES)} {random.choice(NAMES)}" if n % 2 else "",
            "notes": "",
            "created_at": now,
        }
        for n in range(PEOPLE)
    ]
    db.session.execute(insert(Contact), people)
    contacts = db.session.scalars(select(Contact.id).where(Contact.phone.like("+1312555%"))).all()
    talks = [
        {
            "number_id": number.id,
            "contact_id": one,
            "status": random.choice(("open", "closed")),
            "last_message_at": now - timedelta(minutes=random.randrange(100_000)),
            "created_at": now,
        }
        for one in contacts
    ]
    db.session.execute(insert(Conversation), talks)
    ids = db.session.scalars(select(Conversation.id)).all()
    rows = list(texts(number, list(ids), count, random))
    for begin in range(0, count, AT_ONCE):
        db.session.execute(insert(Message), rows[begin : begin + AT_ONCE])
    kept()


def kept() -> None:
    """Commit, and let the planner know of it."""
    db.session.commit()
    if not is_sqlite():
        db.session.execute(text("ANALYZE"))  # as autovacuum does within a minute of such a flood
        db.session.commit()


def texts(number: Number, talks: list[int], count: int, random: Random) -> Iterator[Any]:
    """Rows of texts in these conversations, the newest of this minute."""
    step, now = timedelta(minutes=1), clock.now()
    for n in range(count):
        said = random.choices(COMMON, k=random.randint(4, 16))
        said += [f"word{random.randrange(20_000)}"] + ([f"rare{n % 20}"] if n % 2_000 == 0 else [])
        ours = random.random() < 0.4
        state = ("failed" if n % 500 == 0 else "accepted") if ours else "received"
        yield {
            "conversation_id": random.choice(talks),
            "account_id": number.account_id,
            "number_id": number.id,
            "direction": "outbound" if ours else "inbound",
            "author": "user" if ours else "contact",
            "author_name": "Ben" if ours else "",
            "state": state,
            "encoding": "gsm7",
            "body": " ".join(said),
            "created_at": now - step * (count - n),
        }
