"""Files of contacts that people ask for: brought in, looked at, run; or taken along."""

from sqlalchemy import select

from smsinbox.core import clock
from smsinbox.core.database import after_commit, atomic, db
from smsinbox.core.doorbell import ring
from smsinbox.core.errors import Conflict, Invalid, NotFound
from smsinbox.core.files import shelf
from smsinbox.core.i18n import _
from smsinbox.core.phones import region_of
from smsinbox.models.transfer import Transfer, TransferKind, TransferState
from smsinbox.models.user import User
from smsinbox.queries import contacts as contacts_query
from smsinbox.queries import numbers as numbers_query
from smsinbox.services import contact_sheet
from smsinbox.services.authority import must_administer
from smsinbox.services.sendable import RawFile
from smsinbox.services.transfer_jobs import carry
from smsinbox.services.transfers import KEPT, LARGEST


@atomic
def bring(upload: RawFile, by: User) -> Transfer:
    """Keep a file that is to be imported, with a guess what its columns mean; raises Invalid."""
    must_administer(by)
    if len(upload.content) > LARGEST:
        raise Invalid(
            _("Use a file of at most %(largest)s MB; divide this one.", largest=LARGEST // 1000000),
            "file",
        )
    sheet = contact_sheet.opened(upload.content)
    kept = shelf.keep([upload.content], LARGEST)
    made = _made(TransferKind.IMPORT, TransferState.DRAFT, upload.name[:120] or "contacts.csv", by)
    made.source, made.total = kept.sha256, len(sheet.rows)
    made.options = {"columns": contact_sheet.guess(sheet.heads), "region": home_region()}
    return made


@atomic
def look(transfer_id: int, columns: list[str], region: str | None, by: User) -> Transfer:
    """Find out what the file would do, with these meanings of its columns; nothing is changed."""
    must_administer(by)
    transfer = _held(transfer_id, TransferState.DRAFT, TransferState.LOOKED)
    contact_sheet.check(columns)
    transfer.options = {"columns": columns, "region": region}
    _begin(transfer, TransferState.LOOKING)
    return transfer


@atomic
def run(transfer_id: int, by: User) -> Transfer:
    """Do what was looked at."""
    must_administer(by)
    transfer = _held(transfer_id, TransferState.LOOKED)
    _begin(transfer, TransferState.RUNNING)
    return transfer


@atomic
def export(by: User) -> Transfer:
    """All contacts, as a file."""
    must_administer(by)
    name = f"contacts-{clock.now():%Y-%m-%d}.csv"
    made = _made(TransferKind.EXPORT, TransferState.RUNNING, name, by)
    _queue(made)
    return made


@atomic
def export_person(contact_id: int, by: User) -> Transfer:
    """All that we know about one person, as a zip of JSON and files."""
    must_administer(by)
    contact = contacts_query.for_viewer(by, contact_id)
    if contact.is_erased:
        raise Conflict(_("This contact was erased; there is nothing left to export."))
    made = _made(TransferKind.PERSON, TransferState.RUNNING, f"contact-{contact.id}.zip", by)
    made.contact_id = contact.leader_id
    _queue(made)
    return made


def home_region() -> str | None:
    """Where phones without a country code are at home, unless somebody says otherwise: with our
    first number."""
    ours = (region_of(number.phone) for number in numbers_query.all_numbers())
    return next((region for region in ours if region), None)


def _made(kind: TransferKind, state: TransferState, name: str, by: User) -> Transfer:
    now = clock.now()
    made = Transfer(
        kind=kind.value,
        state=state.value,
        user_id=by.id,
        name=name,
        options={},
        created_at=now,
        expires_at=now + KEPT,
    )
    db.session.add(made)
    db.session.flush()
    return made


def _held(transfer_id: int, *states: TransferState) -> Transfer:
    query = select(Transfer).where(Transfer.id == transfer_id).with_for_update()
    transfer = db.session.scalar(query.execution_options(populate_existing=True))
    if transfer is None:
        raise NotFound
    if transfer.state not in states or transfer.source is None:
        raise Conflict(_("This import has gone on, or its file is gone. Bring the file again."))
    return transfer


def _begin(transfer: Transfer, state: TransferState) -> None:
    transfer.state = state.value
    _queue(transfer)
    transfer.done = transfer.created = transfer.updated = transfer.flawed = 0
    transfer.attempts = 0
    transfer.error = None


def _queue(transfer: Transfer) -> None:
    transfer.next_at = clock.now()
    after_commit(lambda: ring(carry, transfer.id))
