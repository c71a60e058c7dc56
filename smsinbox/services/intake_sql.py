"""The statements by which a batch of texts becomes rows, in the order in which they run."""

from smsinbox.core.bulk import BYTES, Bulk

NUMBERS = Bulk(
    """
    SELECT n.account_id, n.phone, n.id,
      EXISTS (SELECT 1 FROM rule WHERE rule.number_id = n.id AND rule.enabled)
    FROM {rows} JOIN number n ON n.account_id = r.account AND n.phone = r.phone
    """,
    {"account": "BIGINT", "phone": "TEXT"},
)
WEBHOOKS = Bulk(
    """
    INSERT INTO webhook (account_id, dedupe_key, body, state, received_at)
    SELECT r.account, r.key, r.raw, 'processed', :now FROM {rows}
    WHERE (SELECT m.id FROM message m WHERE m.account_id = r.account
      AND m.direction = 'inbound' AND m.carrier_id = r.carrier) IS NULL
    ON CONFLICT (account_id, dedupe_key) DO NOTHING
    RETURNING account_id, dedupe_key
    """,
    {"account": "BIGINT", "key": "TEXT", "carrier": "TEXT", "raw": BYTES},
)
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
      (number_id, contact_id, status, unread, last_message_at, preview, wants_out, created_at)
    SELECT r.number, (SELECT c.id FROM contact c WHERE c.phone = r.phone),
      'open', 0, :now, '', FALSE, :now
    FROM {rows} WHERE true
    ON CONFLICT (number_id, contact_id) DO NOTHING
    """,
    {"number": "BIGINT", "phone": "TEXT"},
)
THREADS = Bulk(
    """
    INSERT INTO conversation
      (number_id, contact_id, status, unread, last_message_at, last_direction, preview, wants_out,
       created_at)
    SELECT r.number, (SELECT c.id FROM contact c WHERE c.phone = r.phone),
      'open', r.count, :now, 'inbound', r.preview, r.wants_out, :now
    FROM {rows} WHERE true
    ON CONFLICT (number_id, contact_id) DO UPDATE SET
      unread = conversation.unread + excluded.unread, status = 'open',
      last_message_at = CASE WHEN conversation.last_message_at > excluded.last_message_at
        THEN conversation.last_message_at ELSE excluded.last_message_at END,
      last_direction = 'inbound', preview = excluded.preview,
      wants_out = conversation.wants_out OR excluded.wants_out
    RETURNING id, number_id, (SELECT c.phone FROM contact c WHERE c.id = contact_id)
    """,
    {
        "number": "BIGINT",
        "phone": "TEXT",
        "count": "INTEGER",
        "preview": "TEXT",
        "wants_out": "BOOLEAN",
    },
)
MESSAGES = Bulk(
    """
    INSERT INTO message
      (conversation_id, account_id, number_id, direction, body, encoding, segments, author,
       author_name, carrier_id, state, delivery, attempts, occurred_at, created_at)
    SELECT r.conversation, r.account, r.number, 'inbound', r.body, r.encoding, r.segments,
      'contact', '', r.carrier, 'received', 0, 0, r.occurred, :now
    FROM {rows} WHERE true
    ON CONFLICT DO NOTHING
    RETURNING id, account_id, carrier_id
    """,
    {
        "conversation": "BIGINT",
        "account": "BIGINT",
        "number": "BIGINT",
        "body": "TEXT",
        "encoding": "TEXT",
        "segments": "INTEGER",
        "carrier": "TEXT",
        "occurred": "BIGINT",
    },
)
