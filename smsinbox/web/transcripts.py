"""A conversation written down: as text, as a table, and as a page to be printed."""

from collections.abc import Iterator
from datetime import datetime
from zoneinfo import ZoneInfo

from flask import Blueprint, render_template, request
from werkzeug.wrappers import Response

from smsinbox.core import cells, clock
from smsinbox.core.errors import NotFound
from smsinbox.core.i18n import _
from smsinbox.core.phones import pretty
from smsinbox.core.whereabouts import is_zone
from smsinbox.models.activity import Activity
from smsinbox.models.conversation import Conversation
from smsinbox.models.number import Number
from smsinbox.queries import conversations as conversations_query
from smsinbox.queries import transcripts
from smsinbox.queries.transcripts import Entry
from smsinbox.web.access import viewer
from smsinbox.web.records import told
from smsinbox.web.status import status_of

pages = Blueprint("transcripts", __name__)

_HEADS = ("at", "from", "to", "by", "text", "files", "status")
_TYPES = {"txt": "text/plain", "csv": "text/csv"}


@pages.get("/conversations/<int:conversation_id>/transcript.<kind>")
def transcript(conversation_id: int, kind: str) -> Response:
    """The whole conversation; ?notes=1 with what only colleagues see, ?zone= for its times."""
    conversation = conversations_query.for_viewer(viewer(), conversation_id)
    entries = transcripts.entries(conversation, bool(request.args.get("notes")))
    zone = _zone()
    if kind == "html":
        return _printed(conversation, entries, zone)
    if kind not in _TYPES:
        raise NotFound
    rows = (_row(conversation, entry, zone) for entry in entries)
    parts = _table(rows) if kind == "csv" else _plain(conversation, rows, zone)
    name = f"conversation-{conversation.id}.{kind}"
    answer = Response(b"".join(parts), content_type=f"{_TYPES[kind]}; charset=utf-8")
    answer.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    answer.headers["Cache-Control"] = "no-store"
    return answer


def _printed(conversation: Conversation, entries: Iterator[Entry], zone: ZoneInfo) -> Response:
    html = render_template(
        "conversations/transcript.html",
        conversation=conversation,
        who=_them(conversation),
        rows=[_row(conversation, entry, zone) for entry in entries],
        zone=zone.key,
        made=_at(clock.now(), zone),
    )
    return Response(html, content_type="text/html; charset=utf-8")


def _plain(
    conversation: Conversation, rows: Iterator[dict[str, str]], zone: ZoneInfo
) -> Iterator[bytes]:
    contact, ours = conversation.contact, conversation.number
    them = _them(conversation)
    head = _("Conversation with %(name)s (%(phone)s)", name=them, phone=contact.phone)
    yield f"{head}\n".encode()
    yield f"{_head(ours, zone)}\n\n".encode()
    for row in rows:
        status = f" [{row['status']}]" if row["status"] else ""
        yield f"{row['at']}  {row['by']}{status}\n".encode()
        body = row["text"].replace("\n", "\n  ")
        yield f"  {body}\n".encode() if body else b""
        yield f"  {_('Files: %(names)s', names=row['files'])}\n".encode() if row["files"] else b""
        yield b"\n"


def _head(ours: Number, zone: ZoneInfo) -> str:
    name = ours.name or ours.phone
    return _(
        "on %(name)s (%(phone)s); times in %(zone)s", name=name, phone=ours.phone, zone=zone.key
    )


def _table(rows: Iterator[dict[str, str]]) -> Iterator[bytes]:
    yield cells.line(_HEADS)
    for row in rows:
        yield cells.line([row[head] for head in _HEADS])


def _row(conversation: Conversation, entry: Entry, zone: ZoneInfo) -> dict[str, str]:
    """One entry as words; a line of colleagues goes to nobody."""
    them, us = conversation.contact.phone, conversation.number.phone
    text = entry.text
    ends = ("", "") if text is None else (them, us) if text.is_inbound else (us, them)
    by = _them(conversation) if text and text.is_inbound else entry.thing.author_name or _("We")
    if text is None:
        is_note = entry.thing.kind == "note"  # type: ignore[union-attr]
        by = _("Note: %(name)s", name=by) if is_note else _("Activity: %(name)s", name=by)
    status = str(status_of(text).word) if text and not text.is_inbound else ""
    files = ", ".join(entry.files)
    values = (_at(entry.at, zone), *ends, by, _said(entry), files, status)
    return dict(zip(_HEADS, values, strict=True))


def _said(entry: Entry) -> str:
    is_record = isinstance(entry.thing, Activity) and entry.thing.kind != "note"
    return told(entry.thing.body) if is_record else entry.thing.body


def _them(conversation: Conversation) -> str:
    return conversation.contact.name or pretty(conversation.contact.phone)


def _at(moment: datetime, zone: ZoneInfo) -> str:
    return moment.astimezone(zone).strftime("%Y-%m-%d %H:%M:%S")


def _zone() -> ZoneInfo:
    """The one that was asked for, else UTC."""
    wanted = request.args.get("zone", "")
    return ZoneInfo(wanted if is_zone(wanted) else "UTC")
