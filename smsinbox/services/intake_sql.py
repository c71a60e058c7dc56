"""The statements by which a batch of texts becomes rows: built once, the same on both databases.

A batch travels as one JSON parameter, so that the SQL does not depend on its size. `->>` reads a
member on both; only the function that unrolls the array and the cast to bytes differ.
"""

from dataclasses import dataclass

from sqlalchemy import TextClause, text

_WEBHOOKS = """
INSERT INTO webhook (account_id, dedupe_key, body, state, received_at)
SELECT CAST(r.value->>'account' AS BIGINT), r.value->>'key', {raw}, 'processed', :now
FROM {each} WHERE true
ON CONFLICT (account_id, dedupe_key) DO NOTHING
RETURNING account_id, dedupe_key
"""

_CONTACTS = """
INSERT INTO contact (phone, kind, name, notes, created_at)
SELECT r.value->>'phone', r.value->>'kind', '', '', :now
FROM {each} WHERE true
ON CONFLICT (phone) DO NOTHING
"""

_CONVERSATIONS = """
INSERT INTO conversation
  (number_id, contact_id, status, unread, last_message_at, preview, wants_out, created_at)
SELECT CAST(r.value->>'number' AS BIGINT), c.id, 'open', 0, :now, '', FALSE, :now
FROM {each} JOIN contact c ON c.phone = r.value->>'phone' WHERE true
ON CONFLICT (number_id, contact_id) DO NOTHING
"""

_MESSAGES = """
INSERT INTO message
  (conversation_id, account_id, number_id, direction, body, encoding, segments, author,
   author_name, carrier_id, state, delivery, attempts, occurred_at, created_at)
SELECT v.id, CAST(r.value->>'account' AS BIGINT), v.number_id, 'inbound', r.value->>'body',
  r.value->>'encoding', CAST(r.value->>'segments' AS INTEGER), 'contact', '',
  r.value->>'carrier', 'received', 0, 0, CAST(r.value->>'occurred' AS BIGINT), :now
FROM {each} JOIN contact c ON c.phone = r.value->>'phone'
JOIN conversation v ON v.number_id = CAST(r.value->>'number' AS BIGINT) AND v.contact_id = c.id
WHERE true ORDER BY CAST(r.value->>'i' AS INTEGER)
ON CONFLICT DO NOTHING
RETURNING id, conversation_id, account_id, carrier_id
"""

_THREADS = """
UPDATE conversation SET
  unread = unread + CAST(r.value->>'count' AS INTEGER), status = 'open',
  last_message_at = CASE WHEN last_message_at > :now THEN last_message_at ELSE :now END,
  last_message_id = CAST(r.value->>'message' AS BIGINT), last_direction = 'inbound',
  preview = r.value->>'preview',
  wants_out = wants_out OR CAST(r.value->>'wants_out' AS INTEGER) = 1
FROM {each} WHERE conversation.id = CAST(r.value->>'id' AS BIGINT)
"""


@dataclass(frozen=True, slots=True)
class Statements:
    """In the order in which they run."""

    webhooks: TextClause
    contacts: TextClause
    conversations: TextClause
    messages: TextClause
    threads: TextClause


def _build(each: str, raw: str) -> Statements:
    sources = (_WEBHOOKS, _CONTACTS, _CONVERSATIONS, _MESSAGES, _THREADS)
    built = [text(source.format(each=each, raw=raw)) for source in sources]
    return Statements(*built)


SQLITE = _build("json_each(:rows) AS r", "CAST(r.value->>'raw' AS BLOB)")
POSTGRES = _build(
    "json_array_elements(CAST(:rows AS json)) AS r(value)",
    "convert_to(r.value->>'raw', 'UTF8')",
)
