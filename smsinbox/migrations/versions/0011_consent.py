"""Consent in depth: opt-outs for all numbers, their proof, words of our own, and the last word of
the database: it takes no text for somebody who opted out, whatever the code forgets.

A later migration that rebuilds `message` on SQLite (batch_alter_table) drops its triggers there and
has to call `guard` again.
"""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
EVERYWHERE = sa.text("number_id IS NULL")

REFUSAL = "smsinbox: the contact opted out"  # core/database.py makes words for people of it
LEAVES = "NEW.direction = 'outbound' AND NEW.author <> 'consent' AND NEW.state IN ({states})"
OUT = """
    EXISTS (SELECT 1 FROM conversation v JOIN opt_out o ON o.contact_id = v.contact_id
      AND (o.number_id = v.number_id OR o.number_id IS NULL) WHERE v.id = NEW.conversation_id)
"""
WRITTEN = LEAVES.format(states="'scheduled', 'queued', 'sending'")
MOVED = LEAVES.format(states="'queued', 'sending'") + " AND NEW.state <> OLD.state"
KEPT = "smsinbox: what was said about consent is never rewritten"


def upgrade() -> None:
    with op.batch_alter_table("opt_out") as table:
        table.alter_column("number_id", existing_type=ID, nullable=True)
    op.create_index(
        "uq_opt_out_everywhere",
        "opt_out",
        ["contact_id"],
        unique=True,
        postgresql_where=EVERYWHERE,
        sqlite_where=EVERYWHERE,
    )
    _tables()
    _carry_over()
    guard()


def _tables() -> None:
    op.create_table(
        "consent_event",
        sa.Column("id", ID, nullable=False),
        sa.Column("contact_id", ID, _to("consent_event.contact_id", "contact"), nullable=False),
        sa.Column("number_id", ID, _to("consent_event.number_id", "number"), nullable=True),
        sa.Column("opted_out", sa.Boolean(), nullable=False),
        sa.Column("source", sa.String(length=20), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("message_id", ID, nullable=True),
        sa.Column("user_id", ID, _to("consent_event.user_id", "user"), nullable=True),
        sa.Column("author_name", sa.String(length=80), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_consent_event")),
    )
    op.create_index("ix_consent_event_contact", "consent_event", ["contact_id", "id"])
    op.create_table(
        "consent_word",
        sa.Column("id", ID, nullable=False),
        sa.Column("spelling", sa.String(length=40), nullable=False),
        sa.Column("meaning", sa.String(length=5), nullable=False),
        sa.Column("number_id", ID, _to("consent_word.number_id", "number"), nullable=True),
        sa.Column("country", sa.String(length=2), nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_consent_word")),
    )
    op.create_table(
        "inbox",
        sa.Column("id", ID, nullable=False),
        sa.Column("company", sa.String(length=60), nullable=False),
        sa.Column("contact", sa.String(length=120), nullable=False),
        sa.Column("opt_out_scope", sa.String(length=6), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_inbox")),
    )


def _to(column: str, table: str) -> sa.ForeignKey:
    return sa.ForeignKey(f"{table}.id", name=op.f(f"fk_{column.replace('.', '_')}"))


def _carry_over() -> None:
    """Of opt-outs that stand we know when they came and from where, and no more."""
    op.execute(
        """
        INSERT INTO consent_event
          (contact_id, number_id, opted_out, source, words, author_name, at)
        SELECT contact_id, number_id, true, source, '', '', at FROM opt_out ORDER BY at, id
        """
    )


def guard() -> None:
    """Lay down the triggers, which must not be there."""
    if op.get_bind().dialect.name == "sqlite":
        for statement in _SQLITE:
            op.execute(statement)
    else:
        for statement in _POSTGRES:
            op.execute(statement)


_SQLITE = (
    f"""
    CREATE TRIGGER message_consent_written BEFORE INSERT ON message WHEN {WRITTEN} AND {OUT}
    BEGIN SELECT RAISE(ABORT, '{REFUSAL}'); END
    """,
    f"""
    CREATE TRIGGER message_consent_moved BEFORE UPDATE OF state ON message WHEN {MOVED} AND {OUT}
    BEGIN SELECT RAISE(ABORT, '{REFUSAL}'); END
    """,
    f"""
    CREATE TRIGGER consent_event_kept BEFORE UPDATE ON consent_event
    BEGIN SELECT RAISE(ABORT, '{KEPT}'); END
    """,
)
_POSTGRES = (
    f"""
    CREATE FUNCTION message_consent() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
      IF {OUT} THEN
        RAISE EXCEPTION '{REFUSAL}' USING ERRCODE = 'check_violation';
      END IF;
      RETURN NEW;
    END $$
    """,
    f"""
    CREATE TRIGGER message_consent_written BEFORE INSERT ON message
    FOR EACH ROW WHEN ({WRITTEN}) EXECUTE FUNCTION message_consent()
    """,
    f"""
    CREATE TRIGGER message_consent_moved BEFORE UPDATE OF state ON message
    FOR EACH ROW WHEN ({MOVED}) EXECUTE FUNCTION message_consent()
    """,
    f"""
    CREATE FUNCTION consent_event_kept() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN RAISE EXCEPTION '{KEPT}' USING ERRCODE = 'check_violation'; END $$
    """,
    """
    CREATE TRIGGER consent_event_kept BEFORE UPDATE ON consent_event
    FOR EACH ROW EXECUTE FUNCTION consent_event_kept()
    """,
)


def downgrade() -> None:
    """An opt-out for all numbers becomes one for each of them: nobody is texted by mistake."""
    on_table = "" if op.get_bind().dialect.name == "sqlite" else " ON message"
    op.execute(f"DROP TRIGGER message_consent_written{on_table}")
    op.execute(f"DROP TRIGGER message_consent_moved{on_table}")
    for name in ("inbox", "consent_word", "consent_event"):
        op.drop_table(name)
    if on_table:
        op.execute("DROP FUNCTION message_consent()")
        op.execute("DROP FUNCTION consent_event_kept()")
    op.execute(
        """
        INSERT INTO opt_out (contact_id, number_id, source, at)
        SELECT o.contact_id, n.id, o.source, o.at FROM opt_out o CROSS JOIN number n
        WHERE o.number_id IS NULL AND NOT EXISTS (SELECT 1 FROM opt_out p
          WHERE p.contact_id = o.contact_id AND p.number_id = n.id)
        """
    )
    op.execute("DELETE FROM opt_out WHERE number_id IS NULL")
    op.drop_index("uq_opt_out_everywhere", table_name="opt_out")
    with op.batch_alter_table("opt_out") as table:
        table.alter_column("number_id", existing_type=ID, nullable=False)
