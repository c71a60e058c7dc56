"""The statement by which a batch of texts becomes rows on Postgres: one way there and back.

Every part of it sees the database as it was when it began. So a contact is either among those that
it makes or among those that were there; one that another process commits in between is in neither,
its texts get no message, and they are asked for again with `known` set.

Rows are taken in one order everywhere (webhooks by key, contacts and conversations by phone): two
processes that took the same ones in different orders would wait for each other.
"""

from smsinbox.core.bulk import BYTES, Bulk

TEXT = {
    "i": "INTEGER",  # tells the texts of a batch apart; their order of arrival
    "account": "BIGINT",
    "ours": "TEXT",  # E.164
    "key": "TEXT",  # by what a repeated webhook is known
    "raw": BYTES,
    "carrier": "TEXT",  # the carrier's id of the text
    "phone": "TEXT",  # the contact's address
    "kind": "TEXT",
    "body": "TEXT",
    "encoding": "TEXT",
    "segments": "INTEGER",
    "occurred": "BIGINT",
    "preview": "TEXT",
    "wants_out": "BOOLEAN",
    "known": "BOOLEAN",  # its webhook was stored by the statement before
}

TEXTS = Bulk(
    """
    WITH placed AS MATERIALIZED (
      SELECT r.*, n.id AS number,
        EXISTS (SELECT 1 FROM rule WHERE rule.mode <> 'off'
          AND (rule.number_id = n.id OR rule.number_id IS NULL))
        OR EXISTS (SELECT 1 FROM consent_word) AS has_rules,
        n.rules_stamp AS stamp
      FROM {rows} JOIN number n ON n.phone = r.ours AND (n.account_id = r.account OR EXISTS (
        SELECT 1 FROM backup b WHERE b.number_id = n.id AND b.account_id = r.account))
    ),
    webhooks AS (
      INSERT INTO webhook (account_id, dedupe_key, body, state, received_at)
      SELECT account, key, raw, 'processed', :now FROM placed p
      WHERE known IS NOT true AND (SELECT m.id FROM message m WHERE m.account_id = p.account
        AND m.direction = 'inbound' AND m.carrier_id = p.carrier) IS NULL
      ORDER BY key
      ON CONFLICT (account_id, dedupe_key) DO NOTHING
      RETURNING account_id, dedupe_key
    ),
    fresh AS MATERIALIZED (
      SELECT * FROM placed
      WHERE known OR (account, key) IN (SELECT account_id, dedupe_key FROM webhooks)
    ),
    made AS (
      INSERT INTO contact (phone, kind, name, notes, created_at)
      SELECT phone, kind, '', '', :now FROM fresh ORDER BY phone
      ON CONFLICT (phone) DO NOTHING
      RETURNING id, phone
    ),
    contacts AS MATERIALIZED (
      SELECT id, phone FROM made UNION
      SELECT (SELECT c.id FROM contact c WHERE c.phone = f.phone), f.phone FROM fresh f
    ),
    threads AS (
      INSERT INTO conversation
        (number_id, contact_id, status, unanswered, waiting_since, received, starred,
         last_message_at, last_direction, preview, wants_out, opened_at, created_at)
      SELECT f.number, c.id, 'open', count(*), :now, count(*), FALSE, :now, 'inbound',
        (array_agg(f.preview ORDER BY f.i DESC))[1], bool_or(f.wants_out), :now, :now
      FROM fresh f JOIN contacts c ON c.phone = f.phone AND c.id IS NOT NULL
      GROUP BY f.number, c.id, f.phone ORDER BY f.phone
      ON CONFLICT (number_id, contact_id) DO UPDATE SET
        unanswered = conversation.unanswered + excluded.unanswered,
        waiting_since = coalesce(conversation.waiting_since, excluded.waiting_since),
        received = conversation.received + excluded.received, status = 'open', snoozed_until = NULL,
        opened_at = CASE WHEN conversation.status = 'closed' THEN excluded.opened_at
          ELSE conversation.opened_at END,
        last_message_at = greatest(conversation.last_message_at, excluded.last_message_at),
        last_direction = 'inbound', preview = excluded.preview,
        wants_out = conversation.wants_out OR excluded.wants_out
      RETURNING id, number_id, contact_id, armed_id
    ),
    messages AS (
      INSERT INTO message
        (conversation_id, account_id, number_id, direction, body, encoding, segments, author,
         author_name, carrier_id, state, delivery, attempts, occurred_at, created_at)
      SELECT t.id, f.account, f.number, 'inbound', f.body, f.encoding, f.segments, 'contact',
        '', f.carrier, 'received', 0, 0, f.occurred, :now
      FROM fresh f JOIN contacts c ON c.phone = f.phone
        JOIN threads t ON t.number_id = f.number AND t.contact_id = c.id
      ORDER BY f.i
      ON CONFLICT DO NOTHING
      RETURNING id, conversation_id, account_id, carrier_id
    )
    SELECT p.i, p.number, p.has_rules, p.stamp, f.i IS NOT NULL, m.id, m.conversation_id, t.armed_id
    FROM placed p LEFT JOIN fresh f ON f.i = p.i
      LEFT JOIN messages m ON m.account_id = f.account AND m.carrier_id = f.carrier
      LEFT JOIN threads t ON t.id = m.conversation_id
    """,
    TEXT,
)
