"""Our numbers: added to an account, renamed, paced."""

from collections.abc import Sequence
from dataclasses import dataclass
from zoneinfo import available_timezones

from sqlalchemy import delete
from sqlalchemy.exc import IntegrityError

from smsinbox.core import clock, phones
from smsinbox.core.database import atomic, attempt, db
from smsinbox.core.errors import Invalid
from smsinbox.core.events import emit
from smsinbox.core.i18n import _
from smsinbox.models.backup import Backup
from smsinbox.models.events import NumberChanged
from smsinbox.models.number import Number
from smsinbox.models.user import User
from smsinbox.queries import accounts as accounts_query
from smsinbox.queries import calendars as calendars_query
from smsinbox.queries import numbers as numbers_query
from smsinbox.services import typed
from smsinbox.services.authority import must_administer
from smsinbox.services.inbox import MOST_MINUTES

SLOWEST, FASTEST = 0.01, 1000.0  # segments a second


@dataclass(frozen=True, slots=True)
class Sharing:
    """How a team shares a number's conversations (models/number.py)."""

    takes_up: bool = False
    deals: bool = False
    capacity: int = 10
    returns_after: int | None = None  # minutes

    def check(self) -> None:
        if not 1 <= self.capacity <= 1000:
            raise Invalid(_("Between 1 and 1,000 conversations."), "capacity")
        if self.returns_after is not None and not 1 <= self.returns_after <= MOST_MINUTES:
            raise Invalid(_("Between one minute and a week, or nothing."), "returns_after")


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
        raise Invalid(_("This number is here already."), "phone") from None
    emit(NumberChanged(number_id=number.id))
    return number


@atomic
def edit(
    number_id: int,
    name: str,
    pace: float,
    backups: Sequence[int] | None,
    by: User | None,
    zone: str | None = None,
    sharing: Sharing | None = None,
    calendar: str | None = None,
    alarm_after: str | None = None,
    gives_up_after: str | None = None,
) -> Number:
    """Rename a number, change its pace (segments a second), its time zone (IANA), the name of the
    calendar outside of which nobody waits, its backup accounts, in their order, how its
    conversations are shared, after how many minutes of waiting agents are told (empty: as
    everywhere), or how many minutes the texts of people may wait to leave.

    A backup must own the same number at its carrier. None leaves as it is what it stands for; an
    empty calendar is none.
    """
    must_administer(by)
    number = numbers_query.found(number_id)
    number.name = _name(name, number.phone)
    number.pace = _pace(pace)
    if zone is not None:
        number.zone = _zone(zone)
    if sharing is not None:
        sharing.check()
        number.takes_up, number.deals = sharing.takes_up, sharing.deals
        number.capacity, number.returns_after = sharing.capacity, sharing.returns_after
    if calendar is not None:
        number.calendar = _calendar(calendar)
    if alarm_after is not None:
        number.alarm_after = typed.count(alarm_after, "alarm_after", MOST_MINUTES)
    if gives_up_after is not None:
        number.gives_up_after = _minutes(gives_up_after)
    if backups is not None:
        _back_up(number, backups)
    emit(NumberChanged(number_id=number.id))
    return number


def _back_up(number: Number, account_ids: Sequence[int]) -> None:
    known = {account.id for account in accounts_query.all_accounts()}
    for account_id in account_ids:
        if account_id not in known or account_id == number.account_id:
            raise Invalid(_("Choose another account that owns the same number."), "backup")
    db.session.execute(delete(Backup).where(Backup.number_id == number.id))
    for account_id in dict.fromkeys(account_ids):
        db.session.add(Backup(number_id=number.id, account_id=account_id))
        db.session.flush()  # one by one, so that their ids keep the order


def _address(phone: str) -> str:
    try:
        return phones.address(phone).value
    except phones.BadAddress as error:
        raise Invalid(str(error), "phone") from None


def _name(name: str, phone: str) -> str:
    return typed.line(name, "name", 80) or phones.pretty(phone)


def _calendar(name: str) -> str | None:
    if name and name not in {one.name for one in calendars_query.all_of()}:
        raise Invalid(_("Choose one of the calendars."), "calendar")
    return name or None


def _minutes(text: str) -> int:
    count = typed.count(text, "gives_up_after", MOST_MINUTES)
    if not count:
        raise Invalid(_("Between one minute and a week."), "gives_up_after")
    return count


def _zone(zone: str) -> str:
    if zone not in available_timezones():
        raise Invalid(_("Choose a time zone from the list, such as Europe/Berlin."), "zone")
    return zone


def _pace(pace: float) -> float:
    if not SLOWEST <= pace <= FASTEST:  # so NaN is refused, too
        raise Invalid(_("Between 0.01 and 1,000 segments a second."), "pace")
    return pace
