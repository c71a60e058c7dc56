"""Numbers that admins know to be machines, such as those of another inbox: rules stay silent."""

from sqlalchemy.exc import IntegrityError

from smsinbox.core import clock
from smsinbox.core.database import atomic, attempt, db
from smsinbox.core.errors import Invalid, NotFound
from smsinbox.core.i18n import _
from smsinbox.core.phones import BadAddress, Kind, address
from smsinbox.models.paired_number import PairedNumber
from smsinbox.models.user import User
from smsinbox.queries import numbers
from smsinbox.services import typed
from smsinbox.services.authority import must_administer


@atomic
def create(phone: str, note: str = "", by: User | None = None) -> PairedNumber:
    """No rule answers texts from this number any more."""
    must_administer(by)
    try:
        found = address(phone)
    except BadAddress as error:
        raise Invalid(str(error), "phone") from None
    if found.kind is not Kind.PERSON:
        raise Invalid(_("Short codes and names are known to be machines anyway."), "phone")
    if numbers.by_phone(found.value):
        raise Invalid(_("This is a number of ours: no rule answers those anyway."), "phone")
    paired = PairedNumber(
        phone=found.value, note=typed.line(note, "note", 80), created_at=clock.now()
    )
    try:
        with attempt():
            db.session.add(paired)
    except IntegrityError:
        raise Invalid(_("This number is on the list already."), "phone") from None
    return paired


@atomic
def delete(paired_id: int, by: User | None = None) -> PairedNumber:
    """Behind it is a person, as far as we know. Where automation was paused, it stays so."""
    must_administer(by)
    paired = db.session.get(PairedNumber, paired_id)
    if paired is None:
        raise NotFound
    db.session.delete(paired)
    return paired
