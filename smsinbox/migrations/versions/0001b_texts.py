"""The first tables of texts: what was said, tried, decided and receipted."""

import sqlalchemy as sa
from alembic import op

revision = "0001b"
down_revision = "0001"
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "message",
        sa.Column("id", ID, nullable=False),
        sa.Column("conversation_id", ID, nullable=False),
        sa.Column("account_id", ID, nullable=False),
        sa.Column("number_id", ID, nullable=False),
        sa.Column("direction", sa.String(length=8), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("encoding", sa.String(length=8), nullable=False),
        sa.Column("segments", sa.Integer(), nullable=False),
        sa.Column("author", sa.String(length=8), nullable=False),
        sa.Column("user_id", ID, nullable=True),
        sa.Column("rule_id", ID, nullable=True),
        sa.Column("api_key_id", ID, nullable=True),
        sa.Column("author_name", sa.String(length=80), nullable=False),
        sa.Column("answers_id", ID, nullable=True),
        sa.Column("client_token", sa.String(length=64), nullable=True),
        sa.Column("carrier_id", sa.String(length=200), nullable=True),
        sa.Column("state", sa.String(length=9), nullable=False),
        sa.Column("delivery", sa.Integer(), nullable=False),
        sa.Column("fence", ID, nullable=True),
        sa.Column("lease_until", sa.BigInteger(), nullable=True),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("next_at", sa.BigInteger(), nullable=True),
        sa.Column("expires_at", sa.BigInteger(), nullable=True),
        sa.Column("error_code", sa.String(length=80), nullable=True),
        sa.Column("error_detail", sa.Text(), nullable=True),
        sa.Column("error_raw", sa.Text(), nullable=True),
        sa.Column("occurred_at", sa.BigInteger(), nullable=True),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_message_account_id")),
        sa.ForeignKeyConstraint(["answers_id"], ["message.id"], name=op.f("fk_message_answers_id")),
        sa.ForeignKeyConstraint(["api_key_id"], ["api_key.id"], name=op.f("fk_message_api_key_id")),
        sa.ForeignKeyConstraint(
            ["conversation_id"], ["conversation.id"], name=op.f("fk_message_conversation_id")
        ),
        sa.ForeignKeyConstraint(["number_id"], ["number.id"], name=op.f("fk_message_number_id")),
        sa.ForeignKeyConstraint(
            ["rule_id"], ["rule.id"], name=op.f("fk_message_rule_id"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(["user_id"], ["user.id"], name=op.f("fk_message_user_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_message")),
        sa.UniqueConstraint(
            "account_id",
            "direction",
            "carrier_id",
            name=op.f("uq_message_account_id_direction_carrier_id"),
        ),
        sa.UniqueConstraint("answers_id", name=op.f("uq_message_answers_id")),
        sa.UniqueConstraint(
            "conversation_id", "client_token", name=op.f("uq_message_conversation_id_client_token")
        ),
    )
    with op.batch_alter_table("message", schema=None) as batch_op:
        batch_op.create_index(
            "ix_message_doubtful",
            ["state", "lease_until"],
            unique=False,
            postgresql_where=sa.text("state IN ('sending', 'uncertain')"),
            sqlite_where=sa.text("state IN ('sending', 'uncertain')"),
        )
        batch_op.create_index(
            "ix_message_outbox",
            ["next_at", "id"],
            unique=False,
            postgresql_where=sa.text("state = 'queued'"),
            sqlite_where=sa.text("state = 'queued'"),
        )
        batch_op.create_index("ix_message_thread", ["conversation_id", "id"], unique=False)
        batch_op.create_index(
            "ix_message_unconfirmed",
            ["created_at"],
            unique=False,
            postgresql_where=sa.text("state = 'accepted' AND delivery < 40"),
            sqlite_where=sa.text("state = 'accepted' AND delivery < 40"),
        )
        batch_op.create_index(
            "ix_message_waiting",
            ["conversation_id", "id"],
            unique=False,
            postgresql_where=sa.text("state IN ('queued', 'sending')"),
            sqlite_where=sa.text("state IN ('queued', 'sending')"),
        )

    op.create_table(
        "attempt",
        sa.Column("id", ID, nullable=False),
        sa.Column("message_id", ID, nullable=False),
        sa.Column("fence", ID, nullable=False),
        sa.Column("started_at", sa.BigInteger(), nullable=False),
        sa.Column("ended_at", sa.BigInteger(), nullable=True),
        sa.Column("outcome", sa.String(length=20), nullable=True),
        sa.Column("carrier_id", sa.String(length=200), nullable=True),
        sa.Column("error_code", sa.String(length=80), nullable=True),
        sa.Column("error_detail", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(["message_id"], ["message.id"], name=op.f("fk_attempt_message_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_attempt")),
        sa.UniqueConstraint("fence", name=op.f("uq_attempt_fence")),
    )
    with op.batch_alter_table("attempt", schema=None) as batch_op:
        batch_op.create_index("ix_attempt_message", ["message_id", "id"], unique=False)

    op.create_table(
        "decision",
        sa.Column("message_id", ID, autoincrement=False, nullable=False),
        sa.Column("rule_id", ID, nullable=True),
        sa.Column("outcome", sa.String(length=20), nullable=False),
        sa.Column("reason", sa.String(length=200), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["message_id"], ["message.id"], name=op.f("fk_decision_message_id")
        ),
        sa.ForeignKeyConstraint(
            ["rule_id"], ["rule.id"], name=op.f("fk_decision_rule_id"), ondelete="SET NULL"
        ),
        sa.PrimaryKeyConstraint("message_id", name=op.f("pk_decision")),
    )
    op.create_table(
        "receipt",
        sa.Column("id", ID, nullable=False),
        sa.Column("account_id", ID, nullable=False),
        sa.Column("message_id", ID, nullable=True),
        sa.Column("carrier_id", sa.String(length=200), nullable=False),
        sa.Column("status", sa.String(length=60), nullable=False),
        sa.Column("rank", sa.Integer(), nullable=True),
        sa.Column("sender", sa.String(length=40), nullable=True),
        sa.Column("recipient", sa.String(length=40), nullable=True),
        sa.Column("code", sa.String(length=80), nullable=True),
        sa.Column("detail", sa.Text(), nullable=True),
        sa.Column("occurred_at", sa.BigInteger(), nullable=True),
        sa.Column("received_at", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_receipt_account_id")),
        sa.ForeignKeyConstraint(["message_id"], ["message.id"], name=op.f("fk_receipt_message_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_receipt")),
        sa.UniqueConstraint(
            "account_id",
            "carrier_id",
            "status",
            name=op.f("uq_receipt_account_id_carrier_id_status"),
        ),
    )
    with op.batch_alter_table("receipt", schema=None) as batch_op:
        batch_op.create_index("ix_receipt_message", ["message_id"], unique=False)
        batch_op.create_index(
            "ix_receipt_unmatched",
            ["received_at"],
            unique=False,
            postgresql_where=sa.text("message_id IS NULL"),
            sqlite_where=sa.text("message_id IS NULL"),
        )


def downgrade() -> None:
    for table in ("receipt", "decision", "attempt", "message"):
        op.drop_table(table)
