"""Words of carriers that we do not know; admins are told of accounts, too."""

import sqlalchemy as sa
from alembic import op

revision = "0029"
down_revision = "0028"
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "strange_word",
        sa.Column("account_id", ID, autoincrement=False, nullable=False),
        sa.Column("words", sa.String(length=200), nullable=False),
        sa.Column("heard_at", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id"], ["account.id"], name=op.f("fk_strange_word_account_id_account")
        ),
        sa.PrimaryKeyConstraint("account_id", "words", name=op.f("pk_strange_word")),
    )
    with op.batch_alter_table("notification") as table:
        table.add_column(sa.Column("account_id", ID, nullable=True))
        table.create_foreign_key(
            op.f("fk_notification_account_id_account"), "account", ["account_id"], ["id"]
        )
        table.alter_column("conversation_id", existing_type=ID, nullable=True)


def downgrade() -> None:
    op.execute("DELETE FROM notification WHERE conversation_id IS NULL")
    with op.batch_alter_table("notification") as table:
        table.alter_column("conversation_id", existing_type=ID, nullable=False)
        table.drop_constraint(op.f("fk_notification_account_id_account"), type_="foreignkey")
        table.drop_column("account_id")
    op.drop_table("strange_word")
