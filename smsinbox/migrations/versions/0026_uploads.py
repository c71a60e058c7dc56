"""Files that users have brought for texts that they have not sent yet."""

import sqlalchemy as sa
from alembic import op

revision = "0026"
down_revision = "0025"
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "upload",
        sa.Column("id", ID, nullable=False),
        sa.Column("user_id", ID, _to("user"), nullable=False),
        sa.Column("conversation_id", ID, _to("conversation"), nullable=False),
        sa.Column("name", sa.String(120), nullable=False),
        sa.Column("content_type", sa.String(100), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("sha256", sa.String(64), nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_upload")),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_upload_user_id", "upload", ["user_id", "conversation_id"])
    op.create_index("ix_upload_conversation_id", "upload", ["conversation_id"])
    op.create_index("ix_attachment_sha256", "attachment", ["sha256"])


def downgrade() -> None:
    op.drop_index("ix_attachment_sha256", "attachment")
    op.drop_table("upload")


def _to(table: str) -> sa.ForeignKey:
    return sa.ForeignKey(f"{table}.id", name=op.f(f"fk_upload_{table}_id_{table}"))
