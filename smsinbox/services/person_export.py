"""All that we know about one person, as a zip: JSON to read by people and machines, and the files.

GDPR, articles 15 and 20: https://gdpr-info.eu/art-20-gdpr/
"""

import tempfile
import zipfile
from collections.abc import Iterator, Sequence
from typing import Any, BinaryIO

import orjson
from sqlalchemy import inspect, select

from smsinbox.core.database import Base, db
from smsinbox.core.files import shelf
from smsinbox.models.activity import Activity
from smsinbox.models.attachment import Attachment
from smsinbox.models.consent_event import ConsentEvent
from smsinbox.models.contact import Contact
from smsinbox.models.conversation import Conversation
from smsinbox.models.decision import Decision
from smsinbox.models.message import Message
from smsinbox.models.number import Number
from smsinbox.models.opt_out import OptOut
from smsinbox.models.transfer import TransferState
from smsinbox.queries import contacts as contacts_query
from smsinbox.services import transfers
from smsinbox.services.transfers import Hold

_LARGEST = 2_000_000_000  # bytes
_PIECE = 1 << 20
# What is ours and says nothing about them.
_OURS = {"fence", "lease_until", "client_token", "account_id", "route", "next_at", "armed_id"}


def work(hold: Hold, _ends: float) -> None:
    """Write the file, from the beginning."""
    contact = db.session.get_one(Contact, hold.transfer.contact_id)
    with tempfile.TemporaryFile() as file:
        with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
            _fill(archive, contact)
        file.seek(0)
        kept = shelf.keep(_pieces(file), _LARGEST)
    db.session.rollback()
    transfers.finish(hold, TransferState.DONE, kept.sha256)


def _fill(archive: zipfile.ZipFile, contact: Contact) -> None:
    ids = contacts_query.phones_of(contact)
    found = everything(ids)
    archive.writestr("person.json", orjson.dumps(found, option=orjson.OPT_INDENT_2))
    for attachment in found["files"]:
        place = shelf.path(attachment["sha256"] or "")
        if attachment["sha256"] and place.is_file():
            archive.write(place, attachment["in_this_zip"])


def everything(ids: Sequence[int]) -> dict[str, Any]:
    """Every row about these contacts, as plain values."""
    theirs = select(Conversation.id).where(Conversation.contact_id.in_(ids))
    texts = select(Message.id).where(Message.conversation_id.in_(theirs))
    tags = contacts_query.tags_of(ids)
    return {
        "contacts": [
            _row(one) | {"tags": [tag.name for tag in tags.get(one.id, ())]}
            for one in db.session.scalars(select(Contact).where(Contact.id.in_(ids)))
        ],
        "our_numbers": [
            {"id": one.id, "phone": one.phone, "name": one.name}
            for one in db.session.scalars(_numbers(ids))
        ],
        "conversations": _rows(Conversation, Conversation.contact_id.in_(ids)),
        "texts": _rows(Message, Message.conversation_id.in_(theirs)),
        "notes_and_activities": _rows(Activity, Activity.conversation_id.in_(theirs)),
        "consent": _rows(ConsentEvent, ConsentEvent.contact_id.in_(ids)),
        "opted_out_of": _rows(OptOut, OptOut.contact_id.in_(ids)),
        "decisions_of_rules": _rows(Decision, Decision.message_id.in_(texts)),
        "files": [
            row | {"in_this_zip": _name(row)}
            for row in _rows(Attachment, Attachment.message_id.in_(texts))
        ],
    }


def _numbers(ids: Sequence[int]) -> Any:
    ours = select(Conversation.number_id).where(Conversation.contact_id.in_(ids))
    return select(Number).where(Number.id.in_(ours)).order_by(Number.id)


def _rows(model: type[Base], which: Any) -> list[dict[str, Any]]:
    key = inspect(model).primary_key[0]
    found = db.session.scalars(select(model).where(which).order_by(key)).unique()
    return [_row(one) for one in found]


def _row(thing: Base) -> dict[str, Any]:
    columns = inspect(type(thing)).columns
    return {c.key: getattr(thing, c.key) for c in columns if c.key not in _OURS}


def _name(row: dict[str, Any]) -> str:
    """A name that leads out of no folder, whatever its sender wrote."""
    leaf = "".join(c if c.isalnum() or c in "._- " else "_" for c in row["name"]).lstrip(".")
    return f"files/{row['id']}-{leaf or 'file'}"


def _pieces(file: BinaryIO) -> Iterator[bytes]:
    while piece := file.read(_PIECE):
        yield piece
