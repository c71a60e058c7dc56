"""Whether a conversation needs a reply is the team's; how far one has read is each User's own."""

import sqlalchemy as sa
from alembic import op

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
WAITS = sa.text("waiting_since IS NOT NULL")
SCHEDULED = sa.text("state = 'scheduled'")
TROUBLED = sa.text("""direction = 'outbound' AND author <> 'program' AND dismissed_at IS NULL
    AND (state IN ('failed', 'uncertain') OR (state = 'accepted' AND delivery = 50))""")
UNREAD = sa.text("unread > 0")


def upgrade() -> None:
    op.drop_index("ix_conversation_unread", "conversation")
    op.execute("ALTER TABLE conversation RENAME COLUMN unread TO unanswered")
    op.add_column("conversation", sa.Column("waiting_since", sa.BigInteger(), nullable=True))
    for name in ("received", "starred"):
        kind, nothing = (sa.Integer(), "0") if name == "received" else (sa.Boolean(), sa.false())
        op.add_column("conversation", sa.Column(name, kind, server_default=nothing, nullable=False))
    op.execute("""
        UPDATE conversation SET received = (SELECT count(*) FROM message m
          WHERE m.conversation_id = conversation.id AND m.direction = 'inbound')
    """)
    op.execute("UPDATE conversation SET unanswered = 0 WHERE last_direction = 'outbound'")
    op.execute("UPDATE conversation SET waiting_since = last_message_at WHERE unanswered > 0")
    op.create_index(
        "ix_conversation_waiting",
        "conversation",
        ["waiting_since", "id"],
        postgresql_where=WAITS,
        sqlite_where=WAITS,
    )
    op.create_table(
        "read_marker",
        sa.Column("user_id", ID, _to("user"), nullable=False),
        sa.Column("conversation_id", ID, _to("conversation"), nullable=False),
        sa.Column("received", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("user_id", "conversation_id", name=op.f("pk_read_marker")),
    )

    op.add_column("message", sa.Column("dismissed_at", sa.BigInteger(), nullable=True))
    for name, which in (("scheduled_in", SCHEDULED), ("troubled", TROUBLED)):
        op.create_index(
            f"ix_message_{name}",
            "message",
            ["conversation_id"],
            postgresql_where=which,
            sqlite_where=which,
        )


def downgrade() -> None:
    op.drop_index("ix_message_troubled", "message")
    op.drop_index("ix_message_scheduled_in", "message")
    op.drop_column("message", "dismissed_at")
    op.drop_table("read_marker")
    op.drop_index("ix_conversation_waiting", "conversation")
    for name in ("starred", "received", "waiting_since"):
        op.drop_column("conversation", name)
    op.execute("ALTER TABLE conversation RENAME COLUMN unanswered TO unread")
    op.create_index(
        "ix_conversation_unread",
        "conversation",
        ["number_id"],
        postgresql_where=UNREAD,
        sqlite_where=UNREAD,
    )


def _to(table: str) -> sa.ForeignKey:
    name = op.f(f"fk_read_marker_{table}_id_{table}")
    return sa.ForeignKey(f"{table}.id", name=name)
