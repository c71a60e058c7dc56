"""After how many minutes texts that could not leave are given up, number by number."""

import sqlalchemy as sa
from alembic import op

revision = "0031"
down_revision = "0030"
branch_labels = None
depends_on = None


def upgrade() -> None:
    column = sa.Column("gives_up_after", sa.Integer(), server_default="60", nullable=False)
    op.add_column("number", column)


def downgrade() -> None:
    op.drop_column("number", "gives_up_after")
