"""Files of contacts: brought in step by step, taken along, and how far each is."""

import phonenumbers
from flask import Blueprint, redirect, request, send_file, url_for
from markupsafe import Markup
from werkzeug.wrappers import Response

from smsinbox.core import clock
from smsinbox.core.errors import Conflict, Invalid, NotFound
from smsinbox.core.files import shelf
from smsinbox.core.i18n import _
from smsinbox.models.transfer import Transfer, TransferKind, TransferState
from smsinbox.queries import transfers as transfers_query
from smsinbox.services import contact_sheet, transfer_requests
from smsinbox.services.sendable import RawFile
from smsinbox.services.transfers import LARGEST
from smsinbox.web.access import administrators, viewer
from smsinbox.web.fragments import fragment
from smsinbox.web.setup import Form, page

pages = Blueprint("transfers", __name__)

_SHOWN = 3  # lines of a file, as examples


@pages.url_value_preprocessor
def allow_files(endpoint: str | None, _values: object) -> None:
    """A file of contacts may be larger than other forms."""
    if endpoint == "transfers.bring":
        request.max_content_length = LARGEST + 1_000_000


@pages.get("/transfers/new")
@administrators
def new() -> Response:
    """Where a file is chosen, and what became of the last ones."""
    return _new(None)


@pages.post("/transfers")
@administrators
def bring() -> Response:
    """Keep the file and ask what its columns mean."""
    file = request.files.get("file")
    upload = RawFile(file.filename or "", file.stream.read()) if file else RawFile("", b"")
    try:
        return _to(transfer_requests.bring(upload, viewer()))
    except Invalid as problem:
        return _new(Form("bring", {"file": ""}).refused(problem))


@pages.get("/transfers/<int:transfer_id>")
@administrators
def show(transfer_id: int) -> Response:
    """How far it is; of an import that waits for it, what its columns mean."""
    return _page(transfers_query.found(transfer_id), None)


@pages.get("/transfers/<int:transfer_id>/progress")
@administrators
def progress(transfer_id: int) -> Markup:
    """How far it is now: what the page asks again and again while somebody works on it."""
    return fragment("transfers/progress", transfer=transfers_query.found(transfer_id))


@pages.post("/transfers/<int:transfer_id>/look")
@administrators
def look(transfer_id: int) -> Response:
    """See what the file would do."""
    columns = request.form.getlist("column")
    region = request.form.get("region") or None
    if region not in phonenumbers.SUPPORTED_REGIONS:
        region = None
    try:
        return _to(transfer_requests.look(transfer_id, columns, region, viewer()))
    except (Invalid, Conflict) as problem:
        return _page(transfers_query.found(transfer_id), Form("look").refused(problem))


@pages.post("/transfers/<int:transfer_id>/run")
@administrators
def run(transfer_id: int) -> Response:
    """Yes, do it."""
    try:
        return _to(transfer_requests.run(transfer_id, viewer()))
    except Conflict as problem:
        return _page(transfers_query.found(transfer_id), Form("run").refused(problem))


@pages.post("/transfers/export")
@administrators
def export() -> Response:
    """All contacts, as a file."""
    return _to(transfer_requests.export(viewer()))


@pages.post("/contacts/<int:contact_id>/export")
@administrators
def export_person(contact_id: int) -> Response:
    """All about one person, as a file."""
    return _to(transfer_requests.export_person(contact_id, viewer()))


@pages.get("/transfers/<int:transfer_id>/file")
@administrators
def file(transfer_id: int) -> Response:
    """The file that came out of it, for a day."""
    transfer = transfers_query.found(transfer_id)
    if not transfer.result or transfer.expires_at < clock.now():
        raise NotFound(_("This file is gone: files of contacts are kept for a day. Make it anew."))
    name = f"left-out-{transfer.name}" if transfer.is_import else transfer.name
    kind = "application/zip" if transfer.kind == TransferKind.PERSON else "text/csv"
    try:
        answer = send_file(
            shelf.path(transfer.result), mimetype=kind, as_attachment=True, download_name=name
        )
    except FileNotFoundError:
        raise NotFound(_("This file is not in the instance folder any more.")) from None
    answer.headers["Cache-Control"] = "no-store"
    return answer


def _to(transfer: Transfer) -> Response:
    return redirect(url_for("transfers.show", transfer_id=transfer.id), 303)


def _new(form: Form | None) -> Response:
    return page(
        "transfers/new.html",
        "contacts",
        form,
        latest=transfers_query.latest(),
        largest=LARGEST // 1_000_000,
    )


def _page(transfer: Transfer, form: Form | None) -> Response:
    asks = transfer.is_import and transfer.source
    states = (TransferState.DRAFT, TransferState.LOOKED)
    sheet = None
    if asks and transfer.state in states:
        sheet = contact_sheet.opened(shelf.path(transfer.source or "").read_bytes())
    return page(
        "transfers/page.html",
        "contacts",
        form,
        transfer=transfer,
        heads=sheet.heads if sheet else [],
        examples=sheet.rows[:_SHOWN] if sheet else [],
        meanings=contact_sheet.meanings(),
        regions=sorted(phonenumbers.SUPPORTED_REGIONS),
    )
