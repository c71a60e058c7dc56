"""Replies and notes: what agents write in a conversation."""

import json
from datetime import datetime
from zoneinfo import ZoneInfo

from flask import Blueprint, Response, current_app, request
from flask.typing import ResponseReturnValue
from markupsafe import Markup

from smsinbox.core import clock
from smsinbox.core.errors import Doubtful, Invalid, Overtaken
from smsinbox.core.failpoints import failpoint
from smsinbox.core.i18n import _
from smsinbox.core.presets import moment
from smsinbox.core.thrift import advice
from smsinbox.models.conversation import Conversation
from smsinbox.models.draft import Mode
from smsinbox.models.message import Message
from smsinbox.queries import activities as activities_query
from smsinbox.queries import days
from smsinbox.queries import messages as messages_query
from smsinbox.queries.prices import price_beside
from smsinbox.queries.whereabouts import zone_beside
from smsinbox.services import drafts, later, notes, outbound
from smsinbox.services.drafts import Writing
from smsinbox.services.manner import Manner
from smsinbox.web.access import answerable, must_answer, row_id, viewer
from smsinbox.web.fragments import bubbles, fragment, partial
from smsinbox.web.nudges import nudge
from smsinbox.web.uploads import allow_files, files_in, waiting

pages = Blueprint("replies", __name__)
pages.url_value_preprocessor(allow_files)


@pages.post("/conversations/<int:conversation_id>/reply")
def reply(conversation_id: int) -> Markup | Response:
    """Write to the contact, files with it; the bubble is the answer. The same client token, the
    same bubble. With `mode=note` it is for colleagues, and the answer is its line.

    409 with questions when the writer should look again; `anyway` names what they agree to.
    """
    conversation, form = answerable(conversation_id), request.form
    token, body = form.get("client_token") or None, form.get("body", "")
    if form.get("mode") == Mode.NOTE:
        note = notes.write(conversation.id, form.get("note", ""), token, viewer(), _drafts())
        return fragment("conversations/line", line=activities_query.line(note.id))
    try:
        message = outbound.reply(
            conversation.id,
            body,
            token,
            by=viewer(),
            files=files_in(request),
            manner=_manner(conversation),
        )
    except Doubtful as doubtful:
        return _doubts(conversation, doubtful)
    failpoint("reply.after_commit")
    return _bubble(message) + nudge(message)


@pages.post("/conversations/<int:conversation_id>/draft")
def save_draft(conversation_id: int) -> Markup:
    """Keep what the viewer has begun to write, and advise them on it; nothing is kept of what was
    sent already."""
    conversation = answerable(conversation_id)
    mode = Mode.NOTE if request.form.get("mode") == Mode.NOTE else Mode.TEXT
    written = _writing("note" if mode == Mode.NOTE else "body")
    drafts.save(conversation.id, mode, *written, by=viewer())
    return _notice(conversation, written.body if mode == Mode.TEXT else "")


@pages.post("/conversations/<int:conversation_id>/typing")
def typing(conversation_id: int) -> ResponseReturnValue:
    """The viewer writes a text there: colleagues see it for a moment, and it is kept nowhere."""
    screens = current_app.extensions["smsinbox_tail"]
    screens.company.type(viewer().id, answerable(conversation_id).id)
    screens.moved()
    return "", 204


@pages.post("/messages/<int:message_id>/take-back")
def take_back(message_id: int) -> Markup | Response:
    """Cancel a text that was scheduled. To `edit` it is to write it anew for the same time, and to
    `undo` one that has not left, to write it anew at once: the composer, where what stands comes
    along, then shows the rest."""
    _must_answer(message_id)
    if not request.form.keys() & {"edit", "undo"}:
        return _bubble(later.take_back(message_id, by=viewer()))
    message, words = later.edit(message_id, by=viewer(), beside=_writing("body"))
    drawn = _bubble(message) + _given_back(message.conversation, words)
    if message.attachments:
        drawn += partial("#chosen", "innerHTML", waiting(message.conversation_id))
    if "edit" in request.form:
        drawn += _planned(message)
    there = f"#composer[data-conversation='{message.conversation_id}'] #body"
    written = {"input": {"target": there}}  # as if somebody had typed the words
    return Response(drawn, headers={"HX-Trigger": json.dumps(written)})


@pages.post("/messages/<int:message_id>/send-now")
def send_now(message_id: int) -> Markup:
    """Say at once what was scheduled; the socket takes away the one that waited."""
    _must_answer(message_id)
    return _bubble(later.send_now(message_id, by=viewer()))


def _bubble(message: Message) -> Markup:
    return bubbles([message], days.brought([message]))


def _given_back(conversation: Conversation, words: str) -> Markup:
    field = fragment("conversations/field", conversation=conversation, mode=Mode.TEXT, words=words)
    notice = partial("#composer-notice", "outerHTML", _notice(conversation, words))
    return partial("#body", "outerMorph", field) + notice


def _notice(conversation: Conversation, text: str) -> Markup:
    found = advice(text)
    price = price_beside(conversation) if found.saved else None
    return fragment("conversations/notice", advice=found, price=price)


def _planned(message: Message) -> Markup:
    at = message.next_at and message.next_at.astimezone(ZoneInfo(zone_beside(message.conversation)))
    pick = fragment("conversations/pick", planned=message if at else None, at=at)
    return partial("#later-manner", "outerHTML", pick)


def _must_answer(message_id: int) -> None:
    must_answer(messages_query.for_viewer(viewer(), message_id).number_id)


def _manner(conversation: Conversation) -> Manner:
    form = request.form
    at = form.get("at", "")
    if at == "pick":
        at = form.get("at_time", "") or "never"
    return Manner(
        seen=max(form.getlist("seen", type=int), default=None),
        agreed=frozenset(form.get("anyway", "").split()),
        at=_moment(at, conversation) if at else None,
        unless_texted=bool(at) and "unless_texted" in form,
        close=form.get("then") in ("close", "next"),
        drafts=_drafts(),
        uploads=tuple(form.getlist("upload", type=row_id)),
    )


def _moment(at: str, conversation: Conversation) -> datetime:
    try:
        return moment(at, zone_beside(conversation), clock.now())
    except (ValueError, OverflowError):
        raise Invalid(_("Choose the date and the time first."), "at") from None


def _writing(field: str) -> Writing:
    form = request.form
    body = form.get(field, "").replace("\r\n", "\n")
    return Writing(body, form.get("client_token", ""), form.get("turn", 0, type=row_id))


def _drafts() -> frozenset[str]:
    return frozenset(request.form.get("restored", "").split())


def _doubts(conversation: Conversation, doubtful: Doubtful) -> Response:
    ids = list(doubtful.missed) if isinstance(doubtful, Overtaken) else []
    missed = messages_query.by_ids(ids)
    html = fragment(
        "conversations/doubts",
        conversation_id=conversation.id,
        doubts=doubtful.doubts,
        missed=[missed[one] for one in ids if one in missed],
    )
    return Response(html, 409, {"HX-Retarget": "#doubts", "HX-Reswap": "outerHTML"})
