"""The statements by which a batch of texts becomes rows on SQLite, in the order in which they run.

They are many, but each costs microseconds, as no network lies between.
"""

from smsinbox.core.bulk import BYTES, Bulk

NUMBERS = Bulk(
    """
    SELECT r.i, n.id,
      EXISTS (SELECT 1 FROM rule WHERE rule.mode <> 'off'
          AND (rule.number_id = n.id OR rule.number_id IS NULL))
        OR EXISTS (SELECT 1 FROM consent_word), n.rules_stamp
    FROM {rows} JOIN number n ON n.phone = r.ours AND (n.account_id = r.account OR EXISTS (
      SELECT 1 FROM backup b WHERE b.number_id = n.id AND b.account_id = r.account))
    """,
    {"i": "INTEGER", "account": "BIGINT", "ours": "TEXT"},
)
WEBHOOKS = Bulk(
    """
    INSERT INTO webhook (account_id, dedupe_key, body, state, received_at)
    SELECT r.account, r.key, r.raw, 'processed', :now FROM {rows}
    WHERE NOT EXISTS (SELECT 1 FROM message m WHERE m.account_id = r.account
      AND m.direction = 'inbound' AND m.carrier_id = r.carrier)
    ON CONFLICT (account_id, dedupe_key) DO NOTHING
    RETURNING account_id, dedupe_key
    """,
    {"account": "BIGINT", "key": "TEXT", "carrier": "TEXT", "raw": BYTES},
)
# The preview is that of the row with the highest i: so SQLite reads a bare column beside max().
THREADS = Bulk(
    """
    INSERT INTO conversation
      (number_id, contact_id, status, unanswered, waiting_since, received, starred, last_message_at,
       last_direction, preview, wants_out, opened_at, created_at)
    SELECT r.number, (SELECT c.id FROM contact c WHERE c.phone = r.phone),
      'open', count(*), :now, count(*), FALSE, :now, 'inbound', r.preview,
      sum(r.wants_out) > 0, :now, :now
    FROM {rows} WHERE true GROUP BY r.number, r.phone HAVING max(r.i) >= 0
    ON CONFLICT (number_id, contact_id) DO UPDATE SET
      unanswered = conversation.unanswered + excluded.unanswered,
      waiting_since = coalesce(conversation.waiting_since, excluded.waiting_since),
      received = conversation.received + excluded.received, status = 'open', snoozed_until = NULL,
      opened_at = CASE WHEN conversation.status = 'closed' THEN excluded.opened_at
        ELSE conversation.opened_at END,
      last_message_at = max(conversation.last_message_at, excluded.last_message_at),
      last_direction = 'inbound', preview = excluded.preview,
      wants_out = conversation.wants_out OR excluded.wants_out
    RETURNING id, armed_id
    """,
    {
        "i": "INTEGER",
        "number": "BIGINT",
        "phone": "TEXT",
        "preview": "TEXT",
        "wants_out": "BOOLEAN",
    },
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
