"""The language of one User; empty is as their browser asks."""

import sqlalchemy as sa
from alembic import op

revision = "0025"
down_revision = "0024"
branch_labels = None
depends_on = None


def upgrade() -> None:
    column = sa.Column("language", sa.String(8), server_default="", nullable=False)
    op.add_column("user", column)


def downgrade() -> None:
    op.drop_column("user", "language")
