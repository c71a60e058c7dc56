"""The lines that a rule left are found by it: what people made of its ghosts, and when it goes."""

from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index("ix_activity_rule", "activity", ["rule_id"])


def downgrade() -> None:
    op.drop_index("ix_activity_rule", "activity")
