"""What programs may not say."""

from sqlalchemy import select

from smsinbox.core.database import db
from smsinbox.models.content_rule import ContentRule


def all_rules() -> list[ContentRule]:
    """Every rule, by its words."""
    return list(db.session.scalars(select(ContentRule).order_by(ContentRule.words)))
