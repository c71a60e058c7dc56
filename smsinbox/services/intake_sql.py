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
    SELECT r.account, r.key, r.raw, 'processed', :now FROM {rows} WHERE true
    ON CONFLICT (account_id, dedupe_key) DO NOTHING
    RETURNING account_id, dedupe_key
    """,
    {"account": "BIGINT", "key": "TEXT", "raw": BYTES},
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
MESSAGES = Bulk(
    """
    INSERT INTO message
      (conversation_id, account_id, number_id, direction, body, encoding, segments, author,
       author_name, carrier_id, state, delivery, attempts, occurred_at, created_at)
    SELECT (SELECT v.id FROM conversation v WHERE v.number_id = r.number AND v.contact_id =
        (SELECT c.id FROM contact c WHERE c.phone = r.phone)),
      r.account, r.number, 'inbound', r.body, r.encoding, r.segments, 'contact',
      '', r.carrier, 'received', 0, 0, r.occurred, :now
    FROM {rows} WHERE true ORDER BY r.i
    ON CONFLICT DO NOTHING
    RETURNING id, conversation_id, account_id, carrier_id
    """,
    {
        "i": "INTEGER",
        "account": "BIGINT",
        "number": "BIGINT",
        "phone": "TEXT",
        "body": "TEXT",
        "encoding": "TEXT",
        "segments": "INTEGER",
        "carrier": "TEXT",
        "occurred": "BIGINT",
    },
)
THREADS = Bulk(
    """
    UPDATE conversation SET
      unread = unread + r.count, status = 'open',
      last_message_at = CASE WHEN last_message_at > :now THEN last_message_at ELSE :now END,
      last_message_id = r.message, last_direction = 'inbound', preview = r.preview,
      wants_out = conversation.wants_out OR r.wants_out
    FROM {rows} WHERE conversation.id = r.conversation
    """,
    {
        "conversation": "BIGINT",
        "message": "BIGINT",
        "count": "INTEGER",
        "preview": "TEXT",
        "wants_out": "BOOLEAN",
    },
)
