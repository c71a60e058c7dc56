"""Filters under a name, the order of each user's lists, and when a number's customers may wait."""

import sqlalchemy as sa
from alembic import op

revision = "0021"
down_revision = "0019"
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "saved_filter",
        sa.Column("id", ID, nullable=False),
        sa.Column("user_id", ID, _to_user("saved_filter"), nullable=False),
        sa.Column("name", sa.String(length=60), nullable=False),
        sa.Column("query", sa.String(length=1000), nullable=False),
        sa.Column("shared", sa.Boolean(), nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_saved_filter")),
    )
    op.create_index(op.f("ix_saved_filter_user_id"), "saved_filter", ["user_id"])
    op.create_table(
        "list_order",
        sa.Column("user_id", ID, _to_user("list_order"), nullable=False),
        sa.Column("view", sa.String(length=20), nullable=False),
        sa.Column("sort", sa.String(length=7), nullable=False),
        sa.PrimaryKeyConstraint("user_id", "view", name=op.f("pk_list_order")),
    )
    op.add_column("number", sa.Column("calendar", sa.String(length=60), nullable=True))


def downgrade() -> None:
    op.drop_column("number", "calendar")
    op.drop_table("list_order")
    op.drop_table("saved_filter")


def _to_user(table: str) -> sa.ForeignKey:
    return sa.ForeignKey("user.id", name=op.f(f"fk_{table}_user_id_user"))
