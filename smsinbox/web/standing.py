"""What people do with a conversation as a whole; the header is drawn anew."""

from datetime import UTC, datetime, timedelta

from flask import Blueprint, request
from flask.typing import ResponseReturnValue
from markupsafe import Markup

from smsinbox.core import clock, later
from smsinbox.core.errors import Invalid
from smsinbox.core.i18n import _
from smsinbox.models.conversation import Conversation
from smsinbox.queries import conversations as conversations_query
from smsinbox.queries import handovers as handovers_query
from smsinbox.services import conversations, handovers, read_markers, snoozing
from smsinbox.services.bulk import Standing
from smsinbox.services.handovers import Card
from smsinbox.web.access import answerable, row_id, viewer
from smsinbox.web.bulk import undo_of
from smsinbox.web.fragments import fragment, partial
from smsinbox.web.zones import zone_of

pages = Blueprint("standing", __name__)

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


@pages.post("/conversations/<int:conversation_id>/assign")
def assign(conversation_id: int) -> Markup:
    """Give it to a user, to `me`, or to nobody, with a note for them."""
    conversation, note = answerable(conversation_id), request.form.get("note", "")
    before, to = Standing.of(conversation), _assignee()
    was = conversation.assignee_id
    conversation = conversations.assign(conversation.id, to, by=viewer(), note=note)
    if to == was:
        return _header(conversation)
    words = (
        _("Assigned to %(name)s.", name=conversation.assignee.name)
        if conversation.assignee
        else _("Unassigned.")
    )
    return _header(conversation) + _done(conversation.id, words, before)


@pages.post("/conversations/<int:conversation_id>/close")
def close(conversation_id: int) -> Markup:
    """Put it away until the contact writes again."""
    conversation = answerable(conversation_id)
    before = Standing.of(conversation)
    drawn = _header(conversations.close(conversation.id, by=viewer()))
    # In parts: by now the socket may have put another header in the place of the one that asked.
    return partial(f"#header-{conversation_id}", "outerHTML", drawn) + _done(
        conversation_id, _("Closed."), before
    )


@pages.post("/conversations/<int:conversation_id>/reopen")
def reopen(conversation_id: int) -> Markup:
    """Take it up again; to undo a close, `waiting` says since when it waited, in microseconds."""
    conversation, waited = answerable(conversation_id), request.form.get("waiting", type=row_id)
    waiting = None if waited is None else _EPOCH + timedelta(microseconds=waited)
    return _header(conversations.reopen(conversation.id, viewer(), waiting))


@pages.post("/conversations/<int:conversation_id>/settle")
def settle(conversation_id: int) -> Markup:
    """It needs no reply."""
    return _header(conversations.settle(answerable(conversation_id).id, by=viewer()))


@pages.post("/conversations/<int:conversation_id>/unsettle")
def unsettle(conversation_id: int) -> Markup:
    """It needs a reply after all."""
    return _header(conversations.unsettle(answerable(conversation_id).id, by=viewer()))


@pages.post("/conversations/<int:conversation_id>/star")
def star(conversation_id: int) -> Markup:
    """Set the star; `off` takes it away."""
    starred = "off" not in request.form
    return _header(conversations.star(answerable(conversation_id).id, viewer(), starred))


@pages.post("/conversations/<int:conversation_id>/snooze")
def snooze(conversation_id: int) -> Markup:
    """Put it away: `for` a preset or until a `reply`, else `until` a date."""
    conversation = answerable(conversation_id)
    zone, wanted = zone_of(conversation), request.form.get("for", "")
    until = later.moment(wanted, zone, clock.now())
    if until is None and wanted != "reply":
        until = later.typed(request.form.get("until", ""), zone)
        if until is None:
            raise Invalid(_("Choose a date and a time."), "until")
    return _header(snoozing.snooze(conversation.id, until, by=viewer(), zone=zone))


@pages.post("/conversations/<int:conversation_id>/handover")
def hand_over(conversation_id: int) -> Markup:
    """Pin what the next one must know."""
    conversation, form = answerable(conversation_id), request.form
    zone, due = zone_of(conversation), form.get("due", "")
    at = later.typed(due, zone)
    if due and at is None:
        raise Invalid(_("Choose a date and a time."), "due")
    words = {name: form.get(name, "") for name in ("asked", "promised", "next")}
    handovers.hand_over(conversation.id, Card(**words, due_at=at, zone=zone), by=viewer())
    return _handover(conversation.id)


@pages.post("/conversations/<int:conversation_id>/handover/done")
def finish(conversation_id: int) -> Markup:
    """Take the card down."""
    return _handover(handovers.finish(answerable(conversation_id).id, by=viewer()).id)


@pages.post("/conversations/<int:conversation_id>/unread")
def leave_unread(conversation_id: int) -> Markup:
    """The viewer will read it again: from the text `since` on, or the last one."""
    conversation = conversations_query.for_viewer(viewer(), conversation_id)
    read_markers.leave_unread(conversation.id, viewer(), request.form.get("since", type=row_id))
    done = fragment("errors/toast", words=_("Left unread for you."), tone="good")
    return partial("#toasts", "beforeend", done)


@pages.post("/conversations/<int:conversation_id>/seen")
def see(conversation_id: int) -> ResponseReturnValue:
    """Its end is before the viewer's eyes."""
    conversation = conversations_query.for_viewer(viewer(), conversation_id)
    read_markers.see(conversation.id, viewer())
    return "", 204


def _header(conversation: Conversation) -> Markup:
    return fragment("conversations/header", conversation=conversation)


def _handover(conversation_id: int) -> Markup:
    card = handovers_query.of(conversation_id)
    return fragment("conversations/handover", conversation_id=conversation_id, card=card)


def _done(conversation_id: int, words: str, before: Standing) -> Markup:
    """What was done, among the toasts, and how to take it back."""
    done = fragment("conversations/done", words=words, undo=undo_of(conversation_id, before))
    return partial("#toasts", "beforeend", done)


def _assignee() -> int | None:
    chosen = request.form.get("assignee_id", "")
    if chosen in ("", "me"):
        return viewer().id if chosen else None
    try:
        return row_id(chosen)
    except ValueError:
        raise Invalid(_("Choose somebody from the list."), "assignee_id") from None
