"""What all decisions by the same rules say alike is kept once."""

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "edition",
        sa.Column("id", ID, autoincrement=False, nullable=False),
        sa.Column("outcomes", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_edition")),
    )
    op.add_column("decision", sa.Column("edition_id", ID, nullable=True))


def downgrade() -> None:
    """What was decided stays; why the other rules kept silent does not."""
    op.drop_column("decision", "edition_id")
    op.drop_table("edition")
