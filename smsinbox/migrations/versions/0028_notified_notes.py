"""The note, or another line of a thread, that a notification leads to."""

import sqlalchemy as sa
from alembic import op

revision = "0028"
down_revision = "0027"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("notification", sa.Column("activity_id", sa.BigInteger(), nullable=True))


def downgrade() -> None:
    op.drop_column("notification", "activity_id")
