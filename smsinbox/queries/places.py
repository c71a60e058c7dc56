"""Conversations and what was said in them lately, for facts: one statement each, however many."""

from collections.abc import Collection, Iterator
from datetime import datetime
from typing import NamedTuple

from smsinbox.core import clock
from smsinbox.core.bulk import Bulk

MOST_TURNS = 60  # of a conversation: as many as the evaluator remembers


class Place(NamedTuple):
    """A conversation as far as facts need it; the booleans only spare us questions."""

    id: int
    contact_id: int
    number_id: int
    number_name: str
    number_zone: str
    phone: str
    kind: str
    name: str
    language: str
    attributes: object
    assignee: str | None
    opened_at: int | None
    resumed_at: int | None
    is_paused: bool
    is_ours: bool
    is_paired: bool
    is_blocked: bool
    may_be_opted_out: bool
    has_fired: bool
    has_own_words: bool
    began_with: int | None  # the very first text
    began: str | None  # and its direction
    first: int | None  # the contact's first text


class Saying(NamedTuple):
    """A text of a conversation."""

    id: int
    conversation_id: int
    author: str
    body: str
    at: int


def places(conversation_ids: Collection[int]) -> dict[int, Place]:
    """These conversations, by id."""
    rows = _PLACES.run([{"conversation": one} for one in conversation_ids])
    return {row[0]: Place(*row) for row in rows}


def sayings(conversation_ids: Collection[int], since: datetime) -> Iterator[Saying]:
    """What was said there since then, oldest first; at most the latest 60 texts of each."""
    if conversation_ids:
        asked = [{"conversation": one} for one in conversation_ids]
        yield from (Saying(*row) for row in _TURNS.run(asked, since=clock.micros(since)))


# On a database that is young, Postgres would rather read whole tables than go to a handful of rows:
# OFFSET 0 keeps it from turning these inside out.
_PLACES = Bulk(
    """
    SELECT v.id, v.contact_id, v.number_id, n.name, n.zone, c.phone, c.kind, c.name, c.language,
      c.attributes, u.name, v.opened_at, v.resumed_at, v.paused_at IS NOT NULL,
      EXISTS (SELECT 1 FROM number o WHERE o.phone = c.phone LIMIT 1 OFFSET 0),
      EXISTS (SELECT 1 FROM paired_number p WHERE p.phone = c.phone LIMIT 1 OFFSET 0),
      c.blocked_at IS NOT NULL,
      EXISTS (SELECT 1 FROM opt_out o WHERE o.contact_id = v.contact_id LIMIT 1 OFFSET 0),
      EXISTS (SELECT 1 FROM firing f WHERE f.contact_id = v.contact_id LIMIT 1 OFFSET 0),
      EXISTS (SELECT 1 FROM consent_word),
      b.id, b.direction, CASE b.direction WHEN 'inbound' THEN b.id ELSE (
        SELECT m.id FROM message m WHERE m.conversation_id = v.id AND m.direction = 'inbound'
        ORDER BY m.id LIMIT 1) END
    FROM {rows} {conversation} {contact} JOIN number n ON n.id = v.number_id
      {first}
      LEFT JOIN "user" u ON u.id = v.assignee_id
    """,
    {"conversation": "BIGINT"},
    sqlite={
        "conversation": "JOIN conversation v ON v.id = r.conversation",
        "contact": "JOIN contact c ON c.id = v.contact_id",
        "first": "LEFT JOIN message b ON b.id = "
        "(SELECT m.id FROM message m WHERE m.conversation_id = v.id ORDER BY m.id LIMIT 1)",
    },
    postgres={
        "conversation": "CROSS JOIN LATERAL"
        " (SELECT * FROM conversation WHERE id = r.conversation OFFSET 0) v",
        "contact": "CROSS JOIN LATERAL (SELECT * FROM contact WHERE id = v.contact_id OFFSET 0) c",
        "first": "LEFT JOIN LATERAL (SELECT m.id, m.direction FROM message m"
        " WHERE m.conversation_id = v.id ORDER BY m.id LIMIT 1) b ON true",
    },
)
# A rule's text that waits for its few seconds counts as said: the next must not say it, too.
_TURNS = Bulk(
    f"""
    SELECT m.id, m.conversation_id, m.author, m.body, m.created_at
    FROM {{rows}} JOIN message m ON m.conversation_id = r.conversation AND m.id > coalesce((
      SELECT x.id FROM message x WHERE x.conversation_id = r.conversation
      ORDER BY x.id DESC LIMIT 1 OFFSET {MOST_TURNS}), 0)
    WHERE m.created_at > :since AND m.state NOT IN ('canceled', 'failed')
      AND (m.state <> 'scheduled' OR m.author = 'rule')
    ORDER BY m.id
    """,
    {"conversation": "BIGINT"},
)
