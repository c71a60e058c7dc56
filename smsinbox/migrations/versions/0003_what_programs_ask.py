"""What a program asked for with a text, beside its words."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("message", sa.Column("asked", sa.JSON(), nullable=True))


def downgrade() -> None:
    op.drop_column("message", "asked")
