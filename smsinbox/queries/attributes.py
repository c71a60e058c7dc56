"""What admins want to be known about contacts."""

from sqlalchemy import select

from smsinbox.core.database import db
from smsinbox.core.errors import NotFound
from smsinbox.models.attribute import Attribute


def all_attributes() -> list[Attribute]:
    """Every one, in the order they were made."""
    return list(db.session.scalars(select(Attribute).order_by(Attribute.id)))


def found(attribute_id: int) -> Attribute:
    """One of them; raises NotFound."""
    attribute = db.session.get(Attribute, attribute_id)
    if attribute is None:
        raise NotFound
    return attribute
