"""Our numbers: added to an account, renamed, paced."""

from sqlalchemy.exc import IntegrityError

from smsinbox.core import clock, phones
from smsinbox.core.database import atomic, attempt, db
from smsinbox.core.errors import Invalid
from smsinbox.core.events import emit
from smsinbox.models.events import NumberChanged
from smsinbox.models.number import Number
from smsinbox.models.user import User
from smsinbox.queries import accounts as accounts_query
from smsinbox.queries import numbers as numbers_query
from smsinbox.services import typed
from smsinbox.services.authority import must_administer

SLOWEST, FASTEST = 0.01, 1000.0  # segments a second


@atomic
def create(
    account_id: int, phone: str, name: str = "", pace: float = 1.0, by: User | None = None
) -> Number:
    """Add a number to an account; `pace` is in segments a second."""
    must_administer(by)
    address = _address(phone)
    now = clock.now()
    number = Number(
        account=accounts_query.found(account_id),
        phone=address,
        name=_name(name, address),
        pace=_pace(pace),
        next_send_at=now,
        created_at=now,
    )
    try:
        with attempt():
            db.session.add(number)
    except IntegrityError:
        raise Invalid("This number is here already.", "phone") from None
    emit(NumberChanged(number_id=number.id))
    return number


@atomic
def edit(number_id: int, name: str, pace: float, by: User | None) -> Number:
    """Rename a number or change its pace, in segments a second."""
    must_administer(by)
    number = numbers_query.found(number_id)
    number.name = _name(name, number.phone)
    number.pace = _pace(pace)
    emit(NumberChanged(number_id=number.id))
    return number


def _address(phone: str) -> str:
    try:
        return phones.address(phone).value
    except phones.BadAddress as error:
        raise Invalid(str(error), "phone") from None


def _name(name: str, phone: str) -> str:
    return typed.line(name, "name", 80) or phones.pretty(phone)


def _pace(pace: float) -> float:
    if not SLOWEST <= pace <= FASTEST:  # so NaN is refused, too
        raise Invalid("Between 0.01 and 1,000 segments a second.", "pace")
    return pace
