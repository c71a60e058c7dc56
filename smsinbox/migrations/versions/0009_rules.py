"""The full rule model: definitions, calendars, firings, tags, activities; pauses and snoozes."""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
SNOOZED = sa.text("snoozed_until IS NOT NULL")
RULES = sa.table(
    "rule",
    sa.column("id", sa.BigInteger()),
    sa.column("number_id", sa.BigInteger()),
    sa.column("enabled", sa.Boolean()),
    sa.column("keywords", sa.JSON()),
    sa.column("reply", sa.Text()),
    sa.column("mode", sa.String()),
    sa.column("definition", sa.JSON()),
)


def upgrade() -> None:
    _tables()
    _columns()
    _rules()


def _tables() -> None:
    op.create_table(
        "calendar",
        sa.Column("id", ID, nullable=False),
        sa.Column("name", sa.String(length=60), nullable=False),
        sa.Column("definition", sa.JSON(), nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_calendar")),
        sa.UniqueConstraint("name", name=op.f("uq_calendar_name")),
    )
    op.create_table(
        "tag",
        sa.Column("id", ID, nullable=False),
        sa.Column("name", sa.String(length=40), nullable=False),
        sa.Column("color", sa.String(length=12), nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_tag")),
        sa.UniqueConstraint("name", name=op.f("uq_tag_name")),
    )
    op.create_table(
        "contact_tag",
        sa.Column("contact_id", ID, _to("contact_tag.contact_id", "contact.id"), nullable=False),
        sa.Column("tag_id", ID, _to("contact_tag.tag_id", "tag.id", "CASCADE"), nullable=False),
        sa.PrimaryKeyConstraint("contact_id", "tag_id", name=op.f("pk_contact_tag")),
    )
    op.create_table(
        "firing",
        sa.Column("message_id", ID, _to("firing.message_id", "message.id"), nullable=False),
        sa.Column("rule_id", ID, _to("firing.rule_id", "rule.id", "CASCADE"), nullable=False),
        sa.Column("contact_id", ID, _to("firing.contact_id", "contact.id"), nullable=False),
        sa.Column("replied", sa.Boolean(), nullable=False),
        sa.Column("shadow", sa.Boolean(), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("message_id", "rule_id", name=op.f("pk_firing")),
    )
    op.create_index("ix_firing_contact", "firing", ["contact_id", "rule_id", "at"])
    op.create_index("ix_firing_rule", "firing", ["rule_id", "at"])
    op.create_table(
        "activity",
        sa.Column("id", ID, nullable=False),
        sa.Column(
            "conversation_id",
            ID,
            _to("activity.conversation_id", "conversation.id"),
            nullable=False,
        ),
        sa.Column("message_id", ID, _to("activity.message_id", "message.id"), nullable=True),
        sa.Column("kind", sa.String(length=8), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("author_name", sa.String(length=80), nullable=False),
        sa.Column("user_id", ID, _to("activity.user_id", "user.id"), nullable=True),
        sa.Column("rule_id", ID, _to("activity.rule_id", "rule.id", "SET NULL"), nullable=True),
        sa.Column("ghost", sa.String(length=8), nullable=True),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_activity")),
    )
    op.create_index("ix_activity_conversation", "activity", ["conversation_id", "at", "id"])


def _to(column: str, target: str, gone: str | None = None) -> sa.ForeignKey:
    return sa.ForeignKey(target, name=op.f(f"fk_{column.replace('.', '_')}"), ondelete=gone)


def _columns() -> None:
    plain = sa.String(length=8)
    op.add_column("contact", sa.Column("language", plain, nullable=False, server_default=""))
    op.add_column("contact", sa.Column("attributes", sa.JSON(none_as_null=True), nullable=True))
    op.add_column("decision", sa.Column("detail", sa.JSON(none_as_null=True), nullable=True))
    for name in ("opened_at", "snoozed_until", "paused_at"):
        op.add_column("conversation", sa.Column(name, sa.BigInteger(), nullable=True))
    op.add_column("conversation", sa.Column("paused_reason", sa.String(length=200), nullable=True))
    op.create_index(
        "ix_conversation_snoozed",
        "conversation",
        ["snoozed_until"],
        postgresql_where=SNOOZED,
        sqlite_where=SNOOZED,
    )


def _rules() -> None:
    """What answered before answers as before: whole text, without rest."""
    op.add_column("rule", sa.Column("mode", sa.String(length=6), nullable=True))
    op.add_column("rule", sa.Column("definition", sa.JSON(), nullable=True))
    bind = op.get_bind()
    for rule in bind.execute(sa.select(RULES)).all():
        said = {"match": {"type": "exact", "terms": rule.keywords}, "reply": rule.reply}
        said |= {"human_grace": 0, "cooldown": "none"}
        mode = "on" if rule.enabled else "off"
        change = sa.update(RULES).where(RULES.c.id == rule.id)
        bind.execute(change.values(mode=mode, definition=said))
    with op.batch_alter_table("rule") as table:
        table.alter_column("mode", existing_type=sa.String(length=6), nullable=False)
        table.alter_column("definition", existing_type=sa.JSON(), nullable=False)
        table.alter_column("number_id", existing_type=ID, nullable=True)
        for name in ("enabled", "keywords", "reply"):
            table.drop_column(name)


def downgrade() -> None:
    """Rules that the older version cannot say become none."""
    _rules_as_they_were()
    op.drop_index("ix_conversation_snoozed", table_name="conversation")
    for name in ("paused_reason", "paused_at", "snoozed_until", "opened_at"):
        op.drop_column("conversation", name)
    op.drop_column("decision", "detail")
    op.drop_column("contact", "attributes")
    op.drop_column("contact", "language")
    for table in ("activity", "firing", "contact_tag", "tag", "calendar"):
        op.drop_table(table)


def _rules_as_they_were() -> None:
    op.add_column("rule", sa.Column("enabled", sa.Boolean(), nullable=True))
    op.add_column("rule", sa.Column("keywords", sa.JSON(), nullable=True))
    op.add_column("rule", sa.Column("reply", sa.Text(), nullable=True))
    bind = op.get_bind()
    bind.execute(sa.delete(RULES).where(RULES.c.number_id.is_(None)))
    for rule in bind.execute(sa.select(RULES)).all():
        match = rule.definition["match"]
        if match.get("type", "exact") != "exact" or not rule.definition.get("reply"):
            bind.execute(sa.delete(RULES).where(RULES.c.id == rule.id))
            continue
        old = {"keywords": match["terms"], "reply": rule.definition["reply"]}
        change = sa.update(RULES).where(RULES.c.id == rule.id)
        bind.execute(change.values(enabled=rule.mode == "on", **old))
    with op.batch_alter_table("rule") as table:
        table.alter_column("enabled", existing_type=sa.Boolean(), nullable=False)
        table.alter_column("keywords", existing_type=sa.JSON(), nullable=False)
        table.alter_column("reply", existing_type=sa.Text(), nullable=False)
        table.alter_column("number_id", existing_type=ID, nullable=False)
        table.drop_column("mode")
        table.drop_column("definition")
