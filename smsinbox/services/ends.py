"""Contacts and conversations that must be there before anything is written between two ends."""

from smsinbox.core.bulk import Bulk

CONTACTS = Bulk(
    """
    INSERT INTO contact (phone, kind, name, notes, created_at)
    SELECT r.phone, r.kind, '', '', :now FROM {rows} WHERE true
    ON CONFLICT (phone) DO NOTHING
    """,
    {"phone": "TEXT", "kind": "TEXT"},
)
CONVERSATIONS = Bulk(
    """
    INSERT INTO conversation
      (number_id, contact_id, status, unanswered, received, starred, last_message_at, preview,
       wants_out, created_at)
    SELECT r.number, (SELECT c.id FROM contact c WHERE c.phone = r.phone),
      'open', 0, 0, FALSE, :now, '', FALSE, :now
    FROM {rows} WHERE true
    ON CONFLICT (number_id, contact_id) DO NOTHING
    """,
    {"number": "BIGINT", "phone": "TEXT"},
)
