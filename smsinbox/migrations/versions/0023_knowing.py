"""Who is there, what each wants to be told and where, and numbers that fall silent."""

import sqlalchemy as sa
from alembic import op

revision = "0023"
down_revision = "0022"
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "presence",
        sa.Column("user_id", ID, _to("presence", "user"), nullable=False),
        sa.Column("state", sa.String(length=7), nullable=False),
        sa.Column("seen_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("user_id", name=op.f("pk_presence")),
    )
    op.create_table(
        "preference",
        sa.Column("user_id", ID, _to("preference", "user"), nullable=False),
        sa.Column("level", sa.String(length=4), nullable=False),
        sa.Column("repeats", sa.Boolean(), nullable=False),
        sa.Column("hides_text", sa.Boolean(), nullable=False),
        sa.Column("muted", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("user_id", name=op.f("pk_preference")),
    )
    _pushes()
    op.create_table(
        "hearing",
        sa.Column("number_id", ID, _to("hearing", "number"), nullable=False),
        sa.Column("since", sa.BigInteger(), nullable=False),
        sa.Column("heard", sa.Integer(), nullable=False),
        sa.Column("last_at", sa.BigInteger(), nullable=False),
        sa.Column("gap", sa.Double(), nullable=False),
        sa.Column("longest", sa.Double(), nullable=False),
        sa.PrimaryKeyConstraint("number_id", name=op.f("pk_hearing")),
    )
    op.add_column("conversation", sa.Column("alarmed_at", sa.BigInteger(), nullable=True))
    op.add_column("number", sa.Column("alarm_after", sa.Integer(), nullable=True))
    after = sa.Column("alarm_after", sa.Integer(), server_default="30", nullable=False)
    op.add_column("inbox", after)


def _pushes() -> None:
    op.create_table(
        "subscription",
        sa.Column("id", ID, nullable=False),
        sa.Column("user_id", ID, _to("subscription", "user"), nullable=False),
        sa.Column("sign_in_id", ID, _to("subscription", "sign_in"), nullable=False),
        sa.Column("endpoint", sa.String(length=1000), nullable=False),
        sa.Column("keys", sa.Text(), nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_subscription")),
        sa.UniqueConstraint("endpoint", name=op.f("uq_subscription_endpoint")),
    )
    op.create_index("ix_subscription_user_id", "subscription", ["user_id"])
    op.create_index("ix_subscription_sign_in_id", "subscription", ["sign_in_id"])
    op.create_table(
        "push_key",
        sa.Column("id", ID, nullable=False),
        sa.Column("sealed", sa.Text(), nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_push_key")),
    )


def _to(table: str, target: str) -> sa.ForeignKey:
    return sa.ForeignKey(f"{target}.id", name=op.f(f"fk_{table}_{target}_id"))


def downgrade() -> None:
    op.drop_column("inbox", "alarm_after")
    op.drop_column("number", "alarm_after")
    op.drop_column("conversation", "alarmed_at")
    for table in ("hearing", "push_key", "subscription", "preference", "presence"):
        op.drop_table(table)
