"""The replies that programs arm; and default words for programs that leave ordinary ones alone."""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
ARMED = sa.text("arming = 'armed'")

# Shops, pharmacies and restaurants say these every day; offers of the same stay refused.
ORDINARY = (
    "xxx;vodka;whiskey;beer delivery;firearm;firearms;handgun;handguns;ammo;ammunition;tobacco;"
    "cigarettes;vape;vapes;e cigarette;marijuana;cannabis;cbd"
)
OFFERS = (
    "buy alcohol;cheap alcohol;free alcohol;buy guns;guns for sale;handguns for sale;"
    "ammo for sale;cheap cigarettes;buy cigarettes;buy vapes;buy weed;weed for sale;"
    "buy marijuana;buy cannabis"
)


def upgrade() -> None:
    op.add_column("conversation", sa.Column("armed_id", ID, nullable=True))
    op.add_column("message", sa.Column("arming", sa.String(length=8), nullable=True))
    op.create_index(
        "ix_message_armed",
        "message",
        ["conversation_id"],
        unique=False,
        postgresql_where=ARMED,
        sqlite_where=ARMED,
    )
    _exchange(ORDINARY, OFFERS)


def _exchange(old: str, new: str) -> None:
    """Among the defaults, whose time is 0; what an admin wrote down stays."""
    rules = sa.table("content_rule", sa.column("words"), sa.column("created_at"))
    is_default = rules.c.created_at == 0
    op.execute(sa.delete(rules).where(rules.c.words.in_(old.split(";")), is_default))
    known = set(op.get_bind().scalars(sa.select(rules.c.words)))
    wanted = [words for words in new.split(";") if words not in known]
    op.bulk_insert(rules, [{"words": words, "created_at": 0} for words in wanted])


def downgrade() -> None:
    _exchange(OFFERS, ORDINARY)
    op.drop_index("ix_message_armed", table_name="message")
    op.drop_column("message", "arming")
    op.drop_column("conversation", "armed_id")
