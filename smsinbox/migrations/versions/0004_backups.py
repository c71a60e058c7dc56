"""Backup accounts of a number, and a breaker for each account."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "backup",
        sa.Column("id", ID, nullable=False),
        sa.Column("number_id", ID, nullable=False),
        sa.Column("account_id", ID, nullable=False),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_backup_account_id")),
        sa.ForeignKeyConstraint(["number_id"], ["number.id"], name=op.f("fk_backup_number_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_backup")),
        sa.UniqueConstraint("number_id", "account_id", name=op.f("uq_backup_number_id_account_id")),
    )
    op.add_column(
        "account", sa.Column("failures", sa.Integer(), nullable=False, server_default="0")
    )
    op.add_column("account", sa.Column("open_until", sa.BigInteger(), nullable=True))
    op.add_column("message", sa.Column("route", sa.Integer(), nullable=False, server_default="0"))
    op.add_column("attempt", sa.Column("account_id", ID, nullable=True))


def downgrade() -> None:
    op.drop_column("attempt", "account_id")
    op.drop_column("message", "route")
    op.drop_column("account", "open_until")
    op.drop_column("account", "failures")
    op.drop_table("backup")
