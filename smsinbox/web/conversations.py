"""The inbox: the list, the open conversation, and what people do with it."""

from uuid import uuid4

from flask import Blueprint, redirect, render_template, request
from flask.typing import ResponseReturnValue
from markupsafe import Markup

from smsinbox.core import events
from smsinbox.core.errors import Invalid, Problem
from smsinbox.core.failpoints import failpoint
from smsinbox.core.phones import pretty
from smsinbox.models.conversation import Conversation
from smsinbox.models.number import Number
from smsinbox.models.permission import Permission, can
from smsinbox.queries import activities as activities_query
from smsinbox.queries import callbacks as callbacks_query
from smsinbox.queries import conversations as conversations_query
from smsinbox.queries import messages as messages_query
from smsinbox.queries import numbers as numbers_query
from smsinbox.queries import users as users_query
from smsinbox.queries.conversations import View
from smsinbox.services import conversations, outbound
from smsinbox.web.access import must_answer, viewer
from smsinbox.web.fragments import fragment
from smsinbox.web.uploads import allow_files, uploads_in

pages = Blueprint("conversations", __name__)
pages.app_template_global("assignable")(users_query.assignable)
pages.url_value_preprocessor(allow_files)

_HEADINGS = {
    "open": "Open",
    "mine": "Mine",
    "unassigned": "Unassigned",
    "closed": "Closed",
    "all": "All",
}
_LARGEST_ID = 2**53


@pages.get("/")
def home() -> ResponseReturnValue:
    """The inbox is home."""
    return redirect("/conversations")


@pages.get("/conversations")
def inbox() -> str:
    """The list of a view, and nothing opened yet."""
    counts = conversations_query.counts(viewer())
    return _page("Inbox", fragment("conversations/blank", counts=counts))


@pages.get("/conversations/list")
def listed() -> str:
    """A page of rows: the first, or the one after `before`."""
    view = _view()
    page = conversations_query.listed(viewer(), view, request.args.get("before"))
    return fragment("conversations/rows", page=page, view=view)


@pages.get("/conversations/views")
@pages.app_template_global()
def views() -> Markup:
    """The sidebar's views, with the viewer's own figures."""
    return fragment(
        "conversations/views",
        counts=conversations_query.counts(viewer()),
        numbers=numbers_query.granted(viewer()),
    )


@pages.get("/conversations/new")
def new() -> str:
    """Where a first text is written; `number` and `phone` may be chosen already."""
    chosen = {"number_id": request.args.get("number"), "phone": request.args.get("phone", "")}
    return _page("New conversation", _new(chosen))


@pages.post("/conversations")
def start() -> ResponseReturnValue:
    """Send the first text, files with it, in the conversation that is there or a new one."""
    form = request.form
    number_id = form.get("number_id", type=_id)
    try:
        must_answer(number_id or 0)
        message = conversations.start(
            number_id or 0,
            form.get("phone", ""),
            form.get("body", ""),
            form.get("client_token") or None,
            by=viewer(),
            files=uploads_in(request),
        )
    except Problem as problem:
        return _page("New conversation", _new(form, problem)), problem.status
    return redirect(f"/conversations/{message.conversation_id}", 303)


@pages.get("/conversations/<int:conversation_id>")
def show(conversation_id: int) -> str:
    """A conversation beside the list; whoever may answer has read it now. `at` is the id of a text
    to open it at, however old: a link to that text."""
    conversation = conversations_query.for_viewer(viewer(), conversation_id)
    return _page(_name(conversation), _pane(conversation))


@pages.get("/conversations/<int:conversation_id>/pane")
def pane(conversation_id: int) -> Markup:
    """The same without the list: what a click on a row puts in place."""
    conversation = conversations_query.for_viewer(viewer(), conversation_id)
    title = Markup("<title>{} · smsinbox</title>").format(_name(conversation))
    return title + _pane(conversation)


@pages.get("/conversations/<int:conversation_id>/messages")
def messages(conversation_id: int) -> Markup:
    """Texts of the thread: the newest, those before the id `before`, or after the id `after`."""
    conversation = conversations_query.for_viewer(viewer(), conversation_id)
    before, after = (request.args.get(name, type=_id) for name in ("before", "after"))
    if after is None:
        thread, part = messages_query.thread(conversation.id, before), "conversations/older"
    else:
        thread, part = messages_query.thread_after(conversation.id, after), "conversations/later"
    lines = activities_query.beside(conversation.id, thread)
    return fragment(part, thread=thread, lines=lines, conversation_id=conversation.id, after=after)


@pages.post("/conversations/<int:conversation_id>/reply")
def reply(conversation_id: int) -> Markup:
    """Write to the contact, files with it; the bubble is the answer. The same client token, the
    same bubble."""
    conversation, form = _answerable(conversation_id), request.form
    message = outbound.reply(
        conversation.id,
        form.get("body", ""),
        form.get("client_token") or None,
        by=viewer(),
        files=uploads_in(request),
    )
    failpoint("reply.after_commit")
    return fragment("messages/message", message=message)


@pages.post("/conversations/<int:conversation_id>/assign")
def assign(conversation_id: int) -> Markup:
    """Give it to a user, to `me`, or to nobody."""
    conversation = _answerable(conversation_id)
    return _header(conversations.assign(conversation.id, _assignee(), by=viewer()))


@pages.post("/conversations/<int:conversation_id>/close")
def close(conversation_id: int) -> Markup:
    """Put it away until the contact writes again."""
    return _header(conversations.close(_answerable(conversation_id).id, by=viewer()))


@pages.post("/conversations/<int:conversation_id>/reopen")
def reopen(conversation_id: int) -> Markup:
    """Take it up again."""
    return _header(conversations.reopen(_answerable(conversation_id).id, by=viewer()))


@pages.post("/conversations/<int:conversation_id>/unread")
def mark_unread(conversation_id: int) -> ResponseReturnValue:
    """Leave it for later, or for somebody else."""
    conversations.mark_unread(_answerable(conversation_id).id, by=viewer())
    return "", 204


@pages.post("/conversations/<int:conversation_id>/read")
def mark_read(conversation_id: int) -> ResponseReturnValue:
    """It was read on an open screen."""
    conversations.mark_read(_answerable(conversation_id).id, by=viewer())
    return "", 204


def _page(title: str, pane: Markup) -> str:
    since = str(events.newest())  # before the rows: what comes between shows twice, not never
    view = _view()
    return render_template(
        "conversations/page.html",
        title=title,
        heading=_heading(view),
        view=view,
        page=conversations_query.listed(viewer(), view),
        since=since,
        pane=pane,
        switched_off=callbacks_query.switched_off_for(viewer()),
    )


def _pane(conversation: Conversation) -> Markup:
    since, unread = str(events.newest()), conversation.unread
    may_answer = can(viewer(), Permission.ANSWER, conversation.number_id)
    at = request.args.get("at", type=_id)
    if at is None:
        thread = messages_query.thread(conversation.id)
    else:
        thread = messages_query.thread_around(conversation.id, at)
    if thread.newer is not None:
        unread = 0  # the newest are not in sight: they stay unread
    if unread and may_answer:
        conversation = conversations.mark_read(conversation.id, by=viewer())
    return fragment(
        "conversations/pane",
        conversation=conversation,
        thread=thread,
        lines=activities_query.beside(conversation.id, thread),
        opt_out=messages_query.opted_out(conversation),
        history=conversations_query.history(viewer(), conversation.contact_id),
        may_answer=may_answer,
        writer=viewer().name,
        unread=unread,
        at=at,
        since=since,
        client_token=str(uuid4()),
    )


def _new(form: object, problem: Problem | None = None) -> Markup:
    return fragment(
        "conversations/new",
        form=form,
        problem=problem,
        numbers=[number for number in numbers_query.granted(viewer()) if _may_answer(number)],
        client_token=str(uuid4()),
    )


def _header(conversation: Conversation) -> Markup:
    return fragment("conversations/header", conversation=conversation)


def _answerable(conversation_id: int) -> Conversation:
    """The conversation, when the viewer may write in it."""
    conversation = conversations_query.for_viewer(viewer(), conversation_id)
    must_answer(conversation.number_id)
    return conversation


def _assignee() -> int | None:
    chosen = request.form.get("assignee_id", "")
    if chosen in ("", "me"):
        return viewer().id if chosen else None
    try:
        return _id(chosen)
    except ValueError:
        raise Invalid("Choose somebody from the list.", "assignee_id") from None


def _may_answer(number: Number) -> bool:
    return can(viewer(), Permission.ANSWER, number.id)


def _view() -> View:
    return View.parse(request.args.get("view"), request.args.get("number"))


def _heading(view: View) -> str:
    """The number's name when the list is of one number, else the view's."""
    for number in numbers_query.granted(viewer()):
        if number.id == view.number_id:
            return number.name or pretty(number.phone)
    return _HEADINGS[view.name]


def _name(conversation: Conversation) -> str:
    return conversation.contact.name or pretty(conversation.contact.phone)


def _id(text: str) -> int:
    """An id out of a form or a query; ValueError for what no row can have."""
    number = int(text)
    if not 0 < number <= _LARGEST_ID:
        raise ValueError(text)
    return number
