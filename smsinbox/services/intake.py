"""How a batch of texts becomes rows: one statement on Postgres, a handful on SQLite.

Both do the same in the same order: our numbers, the webhooks that are new, contacts, conversations
brought up to their newest text, messages. Whatever they look up has one index that answers it: on
a fresh database the planner knows nothing yet, and a wrong plan would read whole tables.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, NamedTuple, TypeAlias

from smsinbox.core import clock
from smsinbox.core.database import is_sqlite
from smsinbox.services import intake_postgres, intake_sqlite
from smsinbox.services.ends import CONTACTS

Row: TypeAlias = dict[str, Any]  # with the members of intake_postgres.TEXT


class Stored(NamedTuple):
    """What became of the text with this `i`; one that was there before has no message."""

    i: int
    number_id: int
    has_rules: bool
    rules_stamp: int
    is_new: bool
    message_id: int | None
    conversation_id: int | None
    armed_id: int | None  # see Conversation.armed_id


def store(rows: Sequence[Row], at: datetime) -> list[Stored]:
    """Store texts in the transaction around us, as received at that instant; those to no number of
    ours are left out."""
    if not rows:
        return []
    now = clock.micros(at)
    return _in_steps(rows, now) if is_sqlite() else _at_once(rows, now)


def _at_once(rows: Sequence[Row], now: int) -> list[Stored]:
    stored = _ask(rows, now)
    # A new contact that another process stored at the same time: our next statement sees it.
    missed = {one.i for one in stored if one.is_new and one.message_id is None}
    if not missed:
        return stored
    again = _ask([row | {"known": True} for row in rows if row["i"] in missed], now)
    return [one for one in stored if one.i not in missed] + again


def _ask(rows: Sequence[Row], now: int) -> list[Stored]:
    return [Stored(*row) for row in intake_postgres.TEXTS.run(rows, now=now)]


def _in_steps(rows: Sequence[Row], now: int) -> list[Stored]:
    found = intake_sqlite.NUMBERS.run(rows)
    ours = {i: (number, bool(rules), stamp) for i, number, rules, stamp in found}
    placed = [row | {"number": ours[row["i"]][0]} for row in rows if row["i"] in ours]
    new = set(intake_sqlite.WEBHOOKS.run(placed, now=now))
    fresh = [row for row in placed if (row["account"], row["key"]) in new]
    ids = {}
    if fresh:
        CONTACTS.run(fresh, now=now)
        armed = {row[0]: row[1] for row in intake_sqlite.THREADS.run(fresh, now=now)}
        for message, conversation, account, carrier in intake_sqlite.MESSAGES.run(fresh, now=now):
            ids[account, carrier] = message, conversation, armed[conversation]
    return [
        Stored(
            row["i"],
            *ours[row["i"]],
            (row["account"], row["key"]) in new,
            *ids.get((row["account"], row["carrier"]), (None, None, None)),
        )
        for row in placed
    ]
