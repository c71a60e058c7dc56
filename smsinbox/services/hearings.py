"""Learns how often texts come in on each number, from the log of events. For the sweeper."""

from collections import Counter

from smsinbox.core import clock, events
from smsinbox.core.database import atomic, db
from smsinbox.models.events import MessageReceived
from smsinbox.models.hearing import Hearing
from smsinbox.models.number import Number
from smsinbox.queries import readers as readers_query
from smsinbox.services import readers

READER = "hearings"
_MOST = 10_000  # entries a round


@atomic
def listen() -> None:
    """Note what has come in since the last time."""
    cursor = readers_query.read_up_to(READER)
    if cursor is None:
        readers.remember(READER, events.newest())
        return
    entries = events.since(cursor, limit=_MOST)
    if not entries:
        return
    came = Counter(one.number_id for one in entries if one.kind == MessageReceived.__name__)
    now = clock.now()
    for number_id, texts in came.items():
        hearing = db.session.get(Hearing, number_id)
        if hearing is not None:
            hearing.hear(texts, now)
        elif number_id is not None and db.session.get(Number, number_id) is not None:
            first = Hearing(number_id=number_id, since=now, last_at=now, heard=texts)
            first.gap = first.longest = 0.0
            db.session.add(first)
    readers.remember(READER, entries[-1].cursor)
