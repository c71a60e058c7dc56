"""What we need to stand in for a carrier: pools, repeated requests, limits, content rules."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
ENDED = sa.text("direction = 'outbound' AND state = 'accepted' AND delivery >= 40")
SCHEDULED = sa.text("state = 'scheduled'")

# Sex, hate, alcohol, firearms, tobacco, and what carriers block of links: shortened ones.
REFUSED = (
    "porn;xxx;nude photos;escort service;sex chat;white power;heil hitler;vodka;whiskey;"
    "beer delivery;firearm;firearms;handgun;handguns;ammo;ammunition;tobacco;cigarettes;vape;"
    "vapes;e cigarette;marijuana;cannabis;cbd;bit.ly;tinyurl.com;t.co;goo.gl;ow.ly;is.gd;buff.ly;"
    "rebrand.ly;cutt.ly;shorturl.at;tiny.cc;rb.gy"
)


def upgrade() -> None:
    op.create_table(
        "profile",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("name", sa.String(length=80), nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_profile")),
        sa.UniqueConstraint("name", name=op.f("uq_profile_name")),
    )
    with op.batch_alter_table("number", schema=None) as batch_op:
        batch_op.add_column(sa.Column("profile_id", sa.String(length=36), nullable=True))
        batch_op.create_foreign_key(op.f("fk_number_profile_id"), "profile", ["profile_id"], ["id"])
        batch_op.create_index(op.f("ix_number_profile_id"), ["profile_id"], unique=False)
    for limit in ("hourly_limit", "daily_limit"):
        op.add_column("api_key", sa.Column(limit, sa.Integer(), nullable=True))
    op.create_table(
        "key_use",
        sa.Column("api_key_id", ID, autoincrement=False, nullable=False),
        sa.Column("hour", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("texts", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["api_key_id"], ["api_key.id"], name=op.f("fk_key_use_api_key_id")),
        sa.PrimaryKeyConstraint("api_key_id", "hour", name=op.f("pk_key_use")),
    )
    op.create_table(
        "idempotency",
        sa.Column("api_key_id", ID, autoincrement=False, nullable=False),
        sa.Column("key", sa.String(length=255), nullable=False),
        sa.Column("body_hash", sa.String(length=64), nullable=False),
        sa.Column("answer", sa.JSON(), nullable=True),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["api_key_id"], ["api_key.id"], name=op.f("fk_idempotency_api_key_id")
        ),
        sa.PrimaryKeyConstraint("api_key_id", "key", name=op.f("pk_idempotency")),
    )
    op.create_index("ix_idempotency_created", "idempotency", ["created_at"], unique=False)
    rules = op.create_table(
        "content_rule",
        sa.Column("id", ID, nullable=False),
        sa.Column("words", sa.String(length=80), nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_content_rule")),
        sa.UniqueConstraint("words", name=op.f("uq_content_rule_words")),
    )
    op.bulk_insert(rules, [{"words": words, "created_at": 0} for words in REFUSED.split(";")])
    op.create_index(
        "ix_message_ended",
        "message",
        ["number_id", "id"],
        unique=False,
        postgresql_where=ENDED,
        sqlite_where=ENDED,
    )
    op.create_index(
        "ix_message_scheduled",
        "message",
        ["next_at"],
        unique=False,
        postgresql_where=SCHEDULED,
        sqlite_where=SCHEDULED,
    )


def downgrade() -> None:
    op.drop_index("ix_message_scheduled", "message", postgresql_where=SCHEDULED)
    op.drop_index("ix_message_ended", "message", postgresql_where=ENDED)
    for table in ("content_rule", "idempotency", "key_use"):
        op.drop_table(table)
    for limit in ("daily_limit", "hourly_limit"):
        op.drop_column("api_key", limit)
    with op.batch_alter_table("number", schema=None) as batch_op:
        batch_op.drop_index(op.f("ix_number_profile_id"))
        batch_op.drop_constraint(op.f("fk_number_profile_id"), type_="foreignkey")
        batch_op.drop_column("profile_id")
    op.drop_table("profile")
