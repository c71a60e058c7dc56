"""How many texts there were when a user left a conversation unread."""

import sqlalchemy as sa
from alembic import op

revision = "0027"
down_revision = "0026"
branch_labels = None
depends_on = None


def upgrade() -> None:
    column = sa.Column("left_unread", sa.Integer(), server_default="0", nullable=False)
    op.add_column("read_marker", column)


def downgrade() -> None:
    op.drop_column("read_marker", "left_unread")
