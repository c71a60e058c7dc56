"""A stamp that changes with every rule of a number; when automation was taken up again."""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

EVENTS = ("insert", "update", "delete")


def upgrade() -> None:
    stamp = sa.Column("rules_stamp", sa.BigInteger(), nullable=False, server_default="0")
    op.add_column("number", stamp)
    op.add_column("conversation", sa.Column("resumed_at", sa.BigInteger(), nullable=True))
    if op.get_bind().dialect.name == "postgresql":
        op.execute(_FUNCTION)
        op.execute(_TRIGGER)
        return
    for event in EVENTS:
        op.execute(_sqlite(event))


def _sqlite(event: str) -> str:
    touched = {"insert": ("NEW",), "update": ("OLD", "NEW"), "delete": ("OLD",)}[event]
    some = " OR ".join(f"{row}.number_id IS NULL OR id = {row}.number_id" for row in touched)
    return f"""
        CREATE TRIGGER rule_{event}_stamps AFTER {event} ON rule BEGIN
          UPDATE number SET rules_stamp = random() WHERE {some};
        END
    """


# Random, not counted up: what was read in a transaction that is undone is never met again.
_FUNCTION = """
    CREATE FUNCTION stamp_rules() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
      UPDATE number SET rules_stamp = CAST(random() * 9e18 AS bigint)
      WHERE (TG_OP <> 'INSERT' AND (OLD.number_id IS NULL OR id = OLD.number_id))
        OR (TG_OP <> 'DELETE' AND (NEW.number_id IS NULL OR id = NEW.number_id));
      RETURN NULL;
    END $$
"""
_TRIGGER = """
    CREATE TRIGGER rule_stamps AFTER INSERT OR UPDATE OR DELETE ON rule
    FOR EACH ROW EXECUTE FUNCTION stamp_rules()
"""


def downgrade() -> None:
    if op.get_bind().dialect.name == "postgresql":
        op.execute("DROP TRIGGER rule_stamps ON rule")
        op.execute("DROP FUNCTION stamp_rules()")
    else:
        for event in EVENTS:
            op.execute(f"DROP TRIGGER rule_{event}_stamps")
    op.drop_column("conversation", "resumed_at")
    op.drop_column("number", "rules_stamp")
