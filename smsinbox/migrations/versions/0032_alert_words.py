"""Words of content that admins hear of, and that agents may not send."""

import sqlalchemy as sa
from alembic import op

revision = "0032"
down_revision = "0031"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("content_rule") as table:
        table.add_column(
            sa.Column("does", sa.String(length=6), server_default="refuse", nullable=False)
        )
        table.drop_constraint(op.f("uq_content_rule_words"), type_="unique")
        table.create_unique_constraint(op.f("uq_content_rule_words_does"), ["words", "does"])


def downgrade() -> None:
    op.execute("DELETE FROM content_rule WHERE does <> 'refuse'")
    with op.batch_alter_table("content_rule") as table:
        table.drop_constraint(op.f("uq_content_rule_words_does"), type_="unique")
        table.create_unique_constraint(op.f("uq_content_rule_words"), ["words"])
        table.drop_column("does")
