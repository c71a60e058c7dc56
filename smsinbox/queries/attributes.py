"""What admins want to be known about contacts."""

from sqlalchemy import func, select

from smsinbox.core.database import db
from smsinbox.core.errors import NotFound
from smsinbox.models.attribute import Attribute
from smsinbox.models.contact import Contact


def all_attributes() -> list[Attribute]:
    """Every one, in the order they were made."""
    return list(db.session.scalars(select(Attribute).order_by(Attribute.id)))


def found(attribute_id: int) -> Attribute:
    """One of them; raises NotFound."""
    attribute = db.session.get(Attribute, attribute_id)
    if attribute is None:
        raise NotFound
    return attribute


def known_of(key: str) -> int:
    """Of how many contacts it is known."""
    value = Contact.attributes[key].as_string()
    query = select(func.count()).where(Contact.attributes.is_not(None), value.is_not(None))
    return db.session.scalar(query) or 0
