"""People: what admins want to know of them, several phones of one, files in and out, farewells.

Words about consent may be emptied once their contact is erased; else they stay as 0011 says.
"""

import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.add_column("contact", sa.Column("person_id", ID, nullable=True))
    op.add_column("contact", sa.Column("zone", sa.String(40), server_default="", nullable=False))
    op.create_index("ix_contact_person_id", "contact", ["person_id"])
    op.create_table(
        "attribute",
        sa.Column("id", ID, nullable=False),
        sa.Column("key", sa.String(40), nullable=False),
        sa.Column("label", sa.String(60), nullable=False),
        sa.Column("kind", sa.String(8), nullable=False),
        sa.Column("choices", sa.JSON(), nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_attribute")),
        sa.UniqueConstraint("key", name=op.f("uq_attribute_key")),
    )
    _transfers()
    op.create_table(
        "merge",
        sa.Column("id", ID, nullable=False),
        sa.Column("into_id", ID, _to("merge.into_id", "contact"), nullable=False),
        sa.Column("from_id", ID, _to("merge.from_id", "contact"), nullable=False),
        sa.Column("state", sa.JSON(), nullable=False),
        sa.Column("author_name", sa.String(80), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("undone_at", sa.BigInteger(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_merge")),
    )
    op.create_index("ix_merge_into_id", "merge", ["into_id"])
    op.create_index("ix_merge_from_id", "merge", ["from_id"])
    op.create_table(
        "erasure",
        sa.Column("id", ID, nullable=False),
        sa.Column("contact_id", ID, nullable=False),
        sa.Column("phone_hash", sa.String(64), nullable=False),
        sa.Column("opt_outs", sa.JSON(), nullable=False),
        sa.Column("removed", sa.JSON(), nullable=False),
        sa.Column("author_name", sa.String(80), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_erasure")),
    )
    op.create_index("ix_erasure_phone_hash", "erasure", ["phone_hash"])
    _keep_consent(f"NOT ({EMPTIED} AND {ERASED})")


SAME = " AND ".join(
    f"NEW.{name} IS NOT DISTINCT FROM OLD.{name}"
    for name in (
        *("id", "contact_id", "number_id", "opted_out", "source", "message_id", "user_id"),
        *("author_name", "at"),
    )
)
EMPTIED = f"NEW.words = '' AND {SAME}"
ERASED = "EXISTS (SELECT 1 FROM contact c WHERE c.id = OLD.contact_id AND c.kind = 'erased')"
KEPT = "smsinbox: what was said about consent is never rewritten"


def _keep_consent(unless: str) -> None:
    """Lay the trigger down anew, which refuses where this holds."""
    if op.get_bind().dialect.name == "sqlite":
        op.execute("DROP TRIGGER consent_event_kept")
        op.execute(
            f"""
            CREATE TRIGGER consent_event_kept BEFORE UPDATE ON consent_event
            WHEN {unless.replace("IS NOT DISTINCT FROM", "IS")}
            BEGIN SELECT RAISE(ABORT, '{KEPT}'); END
            """
        )
    else:
        op.execute(
            f"""
            CREATE OR REPLACE FUNCTION consent_event_kept() RETURNS trigger LANGUAGE plpgsql AS $$
            BEGIN
              IF {unless} THEN
                RAISE EXCEPTION '{KEPT}' USING ERRCODE = 'check_violation';
              END IF;
              RETURN NEW;
            END $$
            """
        )


def _transfers() -> None:
    op.create_table(
        "transfer",
        sa.Column("id", ID, nullable=False),
        sa.Column("kind", sa.String(8), nullable=False),
        sa.Column("state", sa.String(8), nullable=False),
        sa.Column("user_id", ID, _to("transfer.user_id", "user"), nullable=False),
        sa.Column("contact_id", ID, nullable=True),
        sa.Column("name", sa.String(120), nullable=False),
        sa.Column("source", sa.String(64), nullable=True),
        sa.Column("result", sa.String(64), nullable=True),
        sa.Column("options", sa.JSON(), nullable=False),
        sa.Column("total", sa.Integer(), nullable=False),
        sa.Column("done", sa.Integer(), nullable=False),
        sa.Column("created", sa.Integer(), nullable=False),
        sa.Column("updated", sa.Integer(), nullable=False),
        sa.Column("flawed", sa.Integer(), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("error", sa.String(300), nullable=True),
        sa.Column("next_at", sa.BigInteger(), nullable=True),
        sa.Column("fence", ID, nullable=True),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.Column("ended_at", sa.BigInteger(), nullable=True),
        sa.Column("expires_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_transfer")),
    )
    waits = sa.text("next_at IS NOT NULL")
    op.create_index(
        "ix_transfer_waiting", "transfer", ["next_at"], postgresql_where=waits, sqlite_where=waits
    )


def _to(column: str, table: str) -> sa.ForeignKey:
    return sa.ForeignKey(f"{table}.id", name=op.f(f"fk_{column.replace('.', '_')}"))


def downgrade() -> None:
    _keep_consent("true")
    for name in ("erasure", "merge", "transfer", "attribute"):
        op.drop_table(name)
    op.drop_index("ix_contact_person_id", "contact")
    op.drop_column("contact", "zone")
    op.drop_column("contact", "person_id")
