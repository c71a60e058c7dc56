"""Drafts and saved replies; how each User sends; texts that give way when the contact is faster."""

import sqlalchemy as sa
from alembic import op

revision = "0020"
down_revision = "0019"
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
KNOWN = sa.text("client_token IS NOT NULL")


def upgrade() -> None:
    op.create_table(
        "draft",
        sa.Column("user_id", ID, _to("draft", "user"), nullable=False),
        sa.Column("conversation_id", ID, _to("draft", "conversation"), nullable=False),
        sa.Column("mode", sa.String(4), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("client_token", sa.String(64), nullable=False),
        sa.Column("turn", sa.BigInteger(), nullable=False),
        sa.Column("saved_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("user_id", "conversation_id", "mode", name=op.f("pk_draft")),
    )
    op.create_index("ix_draft_conversation_id", "draft", ["conversation_id"])
    op.create_table(
        "saved_reply",
        sa.Column("id", ID, nullable=False),
        sa.Column("title", sa.String(60), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("shortcut", sa.String(20), nullable=False),
        sa.Column("number_id", ID, _to("saved_reply", "number"), nullable=True),
        sa.Column("user_id", ID, _to("saved_reply", "user"), nullable=True),
        sa.Column("by_name", sa.String(80), nullable=False),
        sa.Column("is_button", sa.Boolean(), nullable=False),
        sa.Column("uses", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_saved_reply")),
    )
    for name, kind, first in (
        ("enter_sends", sa.Boolean(), sa.true()),
        ("undo_seconds", sa.Integer(), "0"),
    ):
        op.add_column("user", sa.Column(name, kind, server_default=first, nullable=False))
    op.add_column(
        "message",
        sa.Column("unless_texted", sa.Boolean(), server_default=sa.false(), nullable=False),
    )
    op.add_column("activity", sa.Column("client_token", sa.String(64), nullable=True))
    op.create_index(
        "ix_activity_client_token",
        "activity",
        ["conversation_id", "client_token"],
        unique=True,
        postgresql_where=KNOWN,
        sqlite_where=KNOWN,
    )


def downgrade() -> None:
    op.drop_index("ix_activity_client_token", "activity")
    op.drop_column("activity", "client_token")
    op.drop_column("message", "unless_texted")
    op.drop_column("user", "undo_seconds")
    op.drop_column("user", "enter_sends")
    op.drop_table("saved_reply")
    op.drop_table("draft")


def _to(table: str, other: str) -> sa.ForeignKey:
    return sa.ForeignKey(f"{other}.id", name=op.f(f"fk_{table}_{other}_id_{other}"))
