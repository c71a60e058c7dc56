"""The replies that programs arm."""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
ARMED = sa.text("arming = 'armed'")


def upgrade() -> None:
    op.add_column("conversation", sa.Column("armed_id", ID, nullable=True))
    op.add_column("message", sa.Column("arming", sa.String(length=8), nullable=True))
    op.create_index(
        "ix_message_armed",
        "message",
        ["conversation_id"],
        unique=False,
        postgresql_where=ARMED,
        sqlite_where=ARMED,
    )


def downgrade() -> None:
    op.drop_index("ix_message_armed", table_name="message")
    op.drop_column("message", "arming")
    op.drop_column("conversation", "armed_id")
