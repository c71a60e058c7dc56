"""Our numbers, and who may see which."""

from sqlalchemy import select

from smsinbox.core.database import db
from smsinbox.core.errors import NotFound
from smsinbox.models.api_key import ApiKey
from smsinbox.models.number import Number
from smsinbox.models.permission import Permission, can
from smsinbox.models.user import User


def all_numbers() -> list[Number]:
    """Every number, by name."""
    return list(db.session.scalars(select(Number).order_by(Number.name, Number.id)))


def granted(viewer: User | ApiKey) -> list[Number]:
    """The numbers that the viewer may see, by name."""
    return [number for number in all_numbers() if can(viewer, Permission.SEE, number.id)]


def found(number_id: int) -> Number:
    """The number; raises NotFound."""
    number = db.session.get(Number, number_id)
    if number is None:
        raise NotFound
    return number


def by_phone(phone: str) -> Number | None:
    """The number of ours with this canonical phone (E.164, short code or name)."""
    return db.session.scalar(select(Number).where(Number.phone == phone))
