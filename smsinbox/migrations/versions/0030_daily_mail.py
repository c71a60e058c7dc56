"""For which day users were told by mail of texts that failed, and whether they want to be."""

import sqlalchemy as sa
from alembic import op

revision = "0030"
down_revision = "0029"
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "daily_mail",
        sa.Column("user_id", ID, autoincrement=False, nullable=False),
        sa.Column("day", sa.String(length=10), nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("next_at", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(["user_id"], ["user.id"], name=op.f("fk_daily_mail_user_id_user")),
        sa.PrimaryKeyConstraint("user_id", name=op.f("pk_daily_mail")),
    )
    op.add_column("preference", sa.Column("mails", sa.Boolean(), nullable=True))


def downgrade() -> None:
    op.drop_column("preference", "mails")
    op.drop_table("daily_mail")
