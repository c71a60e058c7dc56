"""A team at work: hand-over cards, who is here, how a number shares its texts out, sending paused.

Which text a reaction ("Liked …") is about is noted with the reaction.
"""

import sqlalchemy as sa
from alembic import op

revision = "0022"
down_revision = "0021"
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
REACTS = sa.text("reacts_to_id IS NOT NULL")


def upgrade() -> None:
    for table in ("number", "inbox"):
        op.add_column(table, sa.Column("paused_at", sa.BigInteger(), nullable=True))
        op.add_column(table, sa.Column("paused_by", sa.String(80), nullable=True))
    for name in ("takes_up", "deals"):
        op.add_column(
            "number", sa.Column(name, sa.Boolean(), server_default=sa.false(), nullable=False)
        )
    op.add_column(
        "number", sa.Column("capacity", sa.Integer(), server_default="10", nullable=False)
    )
    op.add_column("number", sa.Column("returns_after", sa.Integer(), nullable=True))
    op.add_column("user", sa.Column("dealt_at", sa.BigInteger(), nullable=True))
    op.add_column("conversation", sa.Column("assigned_at", sa.BigInteger(), nullable=True))
    op.add_column("message", sa.Column("reacts_to_id", ID, nullable=True))
    op.add_column("message", sa.Column("reaction", sa.String(16), nullable=True))
    op.create_index(
        "ix_message_reacts", "message", ["reacts_to_id"],
        postgresql_where=REACTS, sqlite_where=REACTS,
    )  # fmt: skip
    op.create_table(
        "handover",
        sa.Column(
            "conversation_id", ID, _to("handover", "conversation_id", "conversation"),
            nullable=False,
        ),
        *(sa.Column(name, sa.Text(), nullable=False) for name in ("asked", "promised", "next")),
        sa.Column("due_at", sa.BigInteger(), nullable=True),
        sa.Column("user_id", ID, _to("handover", "user_id", "user"), nullable=False),
        sa.Column("author_name", sa.String(80), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("conversation_id", name=op.f("pk_handover")),
    )  # fmt: skip


def _to(table: str, column: str, other: str) -> sa.ForeignKey:
    return sa.ForeignKey(f"{other}.id", name=op.f(f"fk_{table}_{column}_{other}"))


def downgrade() -> None:
    op.drop_table("handover")
    op.drop_index("ix_message_reacts", "message")
    op.drop_column("message", "reaction")
    op.drop_column("message", "reacts_to_id")
    op.drop_column("conversation", "assigned_at")
    op.drop_column("user", "dealt_at")
    for name in ("returns_after", "capacity", "deals", "takes_up", "paused_by", "paused_at"):
        op.drop_column("number", name)
    op.drop_column("inbox", "paused_by")
    op.drop_column("inbox", "paused_at")
