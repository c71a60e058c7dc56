"""How pages behave for one User: their time zone, their clock, single keys."""

import sqlalchemy as sa
from alembic import op

revision = "0024"
down_revision = "0023"
branch_labels = None
depends_on = None


def upgrade() -> None:
    for name, length in (("zone", 64), ("clock", 3)):
        column = sa.Column(name, sa.String(length), server_default="", nullable=False)
        op.add_column("user", column)
    on = sa.true()
    op.add_column("user", sa.Column("single_keys", sa.Boolean(), server_default=on, nullable=False))


def downgrade() -> None:
    for name in ("single_keys", "clock", "zone"):
        op.drop_column("user", name)
