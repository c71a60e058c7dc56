"""What programs may not say, and what admins want to hear of."""

from sqlalchemy import select

from smsinbox.core.database import db
from smsinbox.models.content_rule import ContentRule, Does


def all_rules() -> list[ContentRule]:
    """Every rule by its words, those for programs last, as they are many from the start."""
    order = (ContentRule.does == Does.REFUSE.value, ContentRule.words, ContentRule.id)
    return list(db.session.scalars(select(ContentRule).order_by(*order)))


def for_programs() -> list[ContentRule]:
    """What no program may say."""
    query = select(ContentRule).where(ContentRule.does == Does.REFUSE.value)
    return list(db.session.scalars(query.order_by(ContentRule.words)))
