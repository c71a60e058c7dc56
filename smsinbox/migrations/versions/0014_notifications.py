"""What users are told; zones of numbers; blocked contacts, paired numbers; posts of rules."""

import sqlalchemy as sa
from alembic import op

from smsinbox.core.phones import zone_of

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
BLOCKED = sa.text("blocked_at IS NOT NULL")
UNREAD = sa.text("read_at IS NULL")
NUMBERS = sa.table("number", sa.column("id", ID), sa.column("phone"), sa.column("zone"))


def upgrade() -> None:
    _notifications()
    op.create_table(
        "paired_number",
        sa.Column("id", ID, nullable=False),
        sa.Column("phone", sa.String(length=20), nullable=False),
        sa.Column("note", sa.String(length=80), nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_paired_number")),
        sa.UniqueConstraint("phone", name=op.f("uq_paired_number_phone")),
    )
    op.add_column("contact", sa.Column("blocked_at", sa.BigInteger(), nullable=True))
    op.add_column("contact", sa.Column("blocked_by", sa.String(length=80), nullable=True))
    op.create_index(
        "ix_contact_blocked",
        "contact",
        ["id"],
        postgresql_where=BLOCKED,
        sqlite_where=BLOCKED,
    )
    zone = sa.Column("zone", sa.String(length=64), nullable=False, server_default="UTC")
    op.add_column("number", zone)
    bind = op.get_bind()
    for number in bind.execute(sa.select(NUMBERS)).all():
        change = sa.update(NUMBERS).where(NUMBERS.c.id == number.id)
        bind.execute(change.values(zone=zone_of(number.phone)))
    op.add_column("callback_post", sa.Column("rule_id", sa.BigInteger(), nullable=True))


def _notifications() -> None:
    op.create_table(
        "notification",
        sa.Column("id", ID, nullable=False),
        sa.Column("user_id", ID, _to("user_id", "user.id"), nullable=False),
        sa.Column("kind", sa.String(length=9), nullable=False),
        sa.Column("conversation_id", ID, _to("conversation_id", "conversation.id"), nullable=False),
        sa.Column("message_id", ID, _to("message_id", "message.id"), nullable=True),
        sa.Column("actor_id", ID, _to("actor_id", "user.id"), nullable=True),
        sa.Column("said", sa.String(length=200), nullable=True),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.Column("read_at", sa.BigInteger(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_notification")),
    )
    op.create_index("ix_notification_user", "notification", ["user_id", "id"])
    op.create_index(
        "ix_notification_unread",
        "notification",
        ["user_id", "conversation_id"],
        postgresql_where=UNREAD,
        sqlite_where=UNREAD,
    )


def _to(column: str, target: str) -> sa.ForeignKey:
    return sa.ForeignKey(target, name=op.f(f"fk_notification_{column}"))


def downgrade() -> None:
    op.drop_column("callback_post", "rule_id")
    op.drop_column("number", "zone")
    op.drop_index("ix_contact_blocked", table_name="contact")
    op.drop_column("contact", "blocked_by")
    op.drop_column("contact", "blocked_at")
    op.drop_table("paired_number")
    op.drop_table("notification")
