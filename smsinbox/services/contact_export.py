"""All contacts as a CSV file that an import reads back, whole and in any spreadsheet harmless."""

from collections.abc import Iterator

from sqlalchemy import func, select

from smsinbox.core import cells
from smsinbox.core.database import db
from smsinbox.core.files import shelf
from smsinbox.core.phones import Kind
from smsinbox.models.attribute import Attribute
from smsinbox.models.contact import Contact
from smsinbox.models.transfer import TransferState
from smsinbox.queries import attributes as attributes_query
from smsinbox.queries import contacts as contacts_query
from smsinbox.services import transfers
from smsinbox.services.transfers import Hold

COLUMNS = ("phone", "name", "notes", "tags", "language", "zone")
_BATCH = 1000  # contacts a read
_LARGEST = 2_000_000_000  # bytes


def work(hold: Hold, _ends: float) -> None:
    """Write the file, from the beginning."""
    people = Contact.kind == Kind.PERSON.value
    total = db.session.scalar(select(func.count()).select_from(Contact).where(people)) or 0
    db.session.rollback()
    transfers.step(hold, total=total, done=0)
    kept = shelf.keep(_lines(hold), _LARGEST)
    transfers.finish(hold, TransferState.DONE, kept.sha256)


def _lines(hold: Hold) -> Iterator[bytes]:
    attributes = attributes_query.all_attributes()
    yield cells.line([*COLUMNS, *(one.key for one in attributes)])
    after = done = 0
    while found := _next(after):
        tags = contacts_query.tags_of([one.id for one in found])
        names = {who: ", ".join(tag.name for tag in worn) for who, worn in tags.items()}
        part = b"".join(_line(one, names.get(one.id, ""), attributes) for one in found)
        after, done = found[-1].id, done + len(found)
        db.session.rollback()
        yield part
        transfers.step(hold, done=done)


def _next(after: int) -> list[Contact]:
    query = select(Contact).where(Contact.id > after, Contact.kind == Kind.PERSON.value)
    return list(db.session.scalars(query.order_by(Contact.id).limit(_BATCH)))


def _line(one: Contact, tags: str, attributes: list[Attribute]) -> bytes:
    known = one.attributes or {}
    values = [known.get(attribute.key, "") for attribute in attributes]
    return cells.line([one.phone, one.name, one.notes, tags, one.language, one.zone, *values])
