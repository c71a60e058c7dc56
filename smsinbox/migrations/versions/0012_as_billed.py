"""What carriers bill in detail, patterns that programs may not send, and what admins have seen."""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("message", sa.Column("billed", sa.JSON(), nullable=True))
    op.add_column("receipt", sa.Column("cost_breakdown", sa.JSON(), nullable=True))
    op.add_column("callback", sa.Column("off_at", sa.BigInteger(), nullable=True))
    op.add_column("user", sa.Column("callbacks_seen_at", sa.BigInteger(), nullable=True))
    with op.batch_alter_table("content_rule", schema=None) as batch_op:
        batch_op.alter_column("words", existing_type=sa.String(80), type_=sa.String(500))
        batch_op.add_column(
            sa.Column("is_pattern", sa.Boolean(), server_default=sa.false(), nullable=False)
        )


def downgrade() -> None:
    rules = sa.table("content_rule", sa.column("is_pattern", sa.Boolean()))
    op.execute(sa.delete(rules).where(rules.c.is_pattern))
    with op.batch_alter_table("content_rule", schema=None) as batch_op:
        batch_op.drop_column("is_pattern")
        batch_op.alter_column("words", existing_type=sa.String(500), type_=sa.String(80))
    op.drop_column("user", "callbacks_seen_at")
    op.drop_column("callback", "off_at")
    op.drop_column("receipt", "cost_breakdown")
    op.drop_column("message", "billed")
