"""What a text cost, and which attempt a receipt is about."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001b"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("message", sa.Column("cost_micros", sa.BigInteger(), nullable=True))
    op.add_column("message", sa.Column("cost_currency", sa.String(length=3), nullable=True))
    op.add_column("receipt", sa.Column("fence", sa.BigInteger(), nullable=True))
    op.add_column("receipt", sa.Column("cost_micros", sa.BigInteger(), nullable=True))
    op.add_column("receipt", sa.Column("cost_currency", sa.String(length=3), nullable=True))
    op.add_column("receipt", sa.Column("segments", sa.Integer(), nullable=True))


def downgrade() -> None:
    for column in ("segments", "cost_currency", "cost_micros", "fence"):
        op.drop_column("receipt", column)
    for column in ("cost_currency", "cost_micros"):
        op.drop_column("message", column)
