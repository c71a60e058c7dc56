"""The inbox: the list, the open conversation, and what people do with it."""

from urllib.parse import parse_qsl, urlencode
from uuid import uuid4

from flask import Blueprint, Response, redirect, render_template, request
from flask.typing import ResponseReturnValue
from markupsafe import Markup

from smsinbox.core import events
from smsinbox.core.errors import Problem
from smsinbox.core.i18n import _
from smsinbox.core.phones import pretty
from smsinbox.core.presets import PRESETS
from smsinbox.models.conversation import Conversation
from smsinbox.models.number import Number
from smsinbox.models.permission import Permission, can
from smsinbox.queries import activities as activities_query
from smsinbox.queries import callbacks as callbacks_query
from smsinbox.queries import composing, hearings, personal
from smsinbox.queries import conversations as conversations_query
from smsinbox.queries import days as days_query
from smsinbox.queries import handovers as handovers_query
from smsinbox.queries import messages as messages_query
from smsinbox.queries import notifications as notifications_query
from smsinbox.queries import numbers as numbers_query
from smsinbox.queries import read_markers as read_markers_query
from smsinbox.queries import users as users_query
from smsinbox.queries.conversation_rows import ConversationRow
from smsinbox.queries.conversations import Counts
from smsinbox.queries.messages import Thread
from smsinbox.queries.page import Page
from smsinbox.queries.views import NAMES, SORTS, View
from smsinbox.services import conversations, notifications, read_markers
from smsinbox.web import first_steps, lists
from smsinbox.web.access import must_answer, row_id, viewer
from smsinbox.web.fragments import fragment, partial
from smsinbox.web.uploads import allow_files, files_in

_LISTS = {"view", "number", "sort", "q"}  # what tells in an address which list it is

pages = Blueprint("conversations", __name__)
pages.url_value_preprocessor(allow_files)


@pages.get("/")
def home() -> ResponseReturnValue:
    """The inbox is home: what needs a reply."""
    return redirect("/conversations?view=needs-reply")


@pages.get("/conversations")
def inbox() -> str:
    """The list of a view, and nothing opened yet."""
    counts = conversations_query.counts(viewer())
    return _page(_("Inbox"), _blank(counts), counts)


@pages.get("/conversations/list")
def listed() -> str:
    """A page of rows: the first, or the one after `before`."""
    view = _view()
    page = conversations_query.listed(viewer(), view, request.args.get("before"))
    return _rows(page, view)


@pages.get("/conversations/views")
def viewed() -> Markup:
    """The sidebar's views, and the browser's icon, which tells of them."""
    counts = view_counts()
    icon = fragment("conversations/icon", is_urgent=counts.urgent)
    return views(counts) + partial("#icon", "outerMorph", icon)


@pages.app_template_global()
def view_counts() -> Counts:
    """The viewer's own figures."""
    return conversations_query.counts(viewer())


@pages.app_template_global()
def views(counts: Counts) -> Markup:
    """The sidebar's views with these figures."""
    return fragment(
        "conversations/views",
        counts=counts,
        numbers=numbers_query.granted(viewer()),
        saved=conversations_query.in_filters(viewer()),
    )


@pages.get("/conversations/blank")
def blank() -> Response:
    """Nothing beside the list: what the way back to it puts in place."""
    counts = conversations_query.counts(viewer())
    return _beside(_("Inbox"), _blank(counts), "/conversations")


@pages.get("/conversations/new")
def new() -> str:
    """Where a first text is written; `number` and `phone` may be chosen already."""
    chosen = {"number_id": request.args.get("number"), "phone": request.args.get("phone", "")}
    return _page(_("New conversation"), _new(chosen))


@pages.post("/conversations")
def start() -> ResponseReturnValue:
    """Send the first text, files with it, in the conversation that is there or a new one."""
    form = request.form
    number_id = form.get("number_id", type=row_id)
    try:
        must_answer(number_id or 0)
        message = conversations.start(
            number_id or 0,
            form.get("phone", ""),
            form.get("body", ""),
            form.get("client_token") or None,
            by=viewer(),
            files=files_in(request),
        )
    except Problem as problem:
        return _page(_("New conversation"), _new(form, problem)), problem.status
    return redirect(f"/conversations/{message.conversation_id}", 303)


@pages.get("/conversations/<int:conversation_id>")
def show(conversation_id: int) -> str:
    """A conversation beside the list; whoever may answer has read it now. `at` is the id of a text
    to open it at, however old: a link to that text."""
    conversation = conversations_query.for_viewer(viewer(), conversation_id)
    return _page(_name(conversation), _pane(conversation))


@pages.get("/conversations/<int:conversation_id>/pane")
def pane(conversation_id: int) -> Response:
    """The same without the list: what a click on a row puts in place."""
    conversation = conversations_query.for_viewer(viewer(), conversation_id)
    path = f"/conversations/{conversation.id}"
    return _beside(_name(conversation), _pane(conversation), path)


@pages.get("/conversations/<int:conversation_id>/messages")
def messages(conversation_id: int) -> Markup:
    """Texts of the thread: the newest, those before the id `before`, or after the id `after`."""
    conversation = conversations_query.for_viewer(viewer(), conversation_id)
    before, after = (request.args.get(name, type=row_id) for name in ("before", "after"))
    if after is None:
        thread, part = messages_query.thread(conversation.id, before), "conversations/older"
    else:
        thread, part = messages_query.thread_after(conversation.id, after), "conversations/later"
        before = None
    lines = activities_query.beside(conversation.id, thread)
    return fragment(
        part,
        thread=thread,
        days=days_query.days(conversation.id, thread, before, after),
        lines=lines,
        conversation_id=conversation.id,
        after=after,
    )


def _page(title: str, pane: Markup, counts: Counts | None = None) -> str:
    since = str(events.newest())  # before the rows: what comes between shows twice, not never
    view = _view()
    return render_template(
        "conversations/page.html",
        title=title,
        heading=_heading(view),
        view=view,
        rows=_rows(conversations_query.listed(viewer(), view), view),
        since=since,
        pane=pane,
        view_figures=counts,
        sorts=SORTS,
        builder=lists.builder(view.query) if view.name == "filter" else None,
        colleagues=[user for user in users_query.all_users() if user.active],
        switched_off=callbacks_query.switched_off_for(viewer()),
        silences=hearings.silences_for(viewer()),
    )


def _beside(title: str, pane: Markup, path: str) -> Response:
    """A pane without its page: the list beside it stays, and so does its part of the address."""
    query = parse_qsl(request.headers.get("HX-Current-URL", "").partition("?")[2])
    kept = urlencode([(name, value) for name, value in query if name in _LISTS])
    html = Markup("<title>{} · smsinbox</title>").format(title) + pane
    return Response(html, headers={"HX-Push-Url": f"{path}?{kept}" if kept else path})


def _blank(counts: Counts) -> Markup:
    return fragment("conversations/blank", counts=counts, steps=first_steps.left())


def _rows(page: Page[ConversationRow], view: View) -> Markup:
    own = personal.of_user(viewer().id, [row.id for row in page.items])
    return fragment("conversations/rows", page=page, view=view, own=own)


def _pane(conversation: Conversation) -> Markup:
    since = str(events.newest())
    may_answer = can(viewer(), Permission.ANSWER, conversation.number_id)
    at, goal = _goal(conversation.id)
    if at is None:
        thread = messages_query.thread(conversation.id)
    else:
        thread = messages_query.thread_around(conversation.id, at)
    unread = conversation.received - read_markers_query.received(conversation, viewer())
    if thread.newer is not None:
        unread = 0  # the newest are not in sight: they stay unread
    if unread > 0:
        read_markers.read(conversation.id, by=viewer())
    if notifications_query.any_in(viewer(), conversation.id):
        notifications.read_in(conversation.id, by=viewer())
    return fragment(
        "conversations/pane",
        conversation=conversation,
        thread=thread,
        days=days_query.days(conversation.id, thread),
        lines=activities_query.beside(conversation.id, thread),
        handover=handovers_query.of(conversation.id),
        opt_out=messages_query.opted_out(conversation),
        history=conversations_query.history(viewer(), conversation.contact_id),
        may_answer=may_answer,
        writer=viewer().name,
        desk=composing.desk(conversation, viewer()) if may_answer else None,
        enter_sends=viewer().enter_sends,
        presets=PRESETS,
        fresh=_fresh(thread, unread),
        goal=goal,
        since=since,
        client_token=str(uuid4()),
    )


def _fresh(thread: Thread, unread: int) -> tuple[int, int] | None:
    """The first text here that is new to the viewer, and how many are; folded ones do not count."""
    new = [one for one in thread.messages if one.is_inbound][-unread:] if unread > 0 else []
    shown = [one for one in new if one.reacts_to_id is None]
    return (shown[0].id, unread - len(new) + len(shown)) if shown else None


def _goal(conversation_id: int) -> tuple[int | None, str]:
    """The text around which the thread opens, and the bubble or the line to show in it; a reaction
    stands at the text it is about."""
    activity = request.args.get("activity", type=row_id)
    if activity is not None:
        return activities_query.text_beside(conversation_id, activity), f"activity-{activity}"
    at = request.args.get("at", type=row_id)
    if at is None:
        return None, ""
    at = messages_query.reacted_to(at) or at
    return at, f"message-{at}"


def _new(form: object, problem: Problem | None = None) -> Markup:
    return fragment(
        "conversations/new",
        form=form,
        problem=problem,
        numbers=[number for number in numbers_query.granted(viewer()) if _may_answer(number)],
        client_token=str(uuid4()),
    )


def _may_answer(number: Number) -> bool:
    return can(viewer(), Permission.ANSWER, number.id)


def _view() -> View:
    """In the order that this page began with, else in the one the viewer chose for this view."""
    asked = request.args
    query, sort = asked.get("q", ""), asked.get("sort", "")
    view = View.parse(asked.get("view"), asked.get("number"), sort, query)
    return view._replace(sort=view.sort or conversations_query.order_of(viewer(), view.name))


def _heading(view: View) -> str:
    """The number's name when the list is of one number, else the view's."""
    for number in numbers_query.granted(viewer()):
        if number.id == view.number_id:
            return number.name or pretty(number.phone)
    if view.name == "filter":
        return lists.name_of(view.query) or _("Filter")
    return NAMES[view.name]


def _name(conversation: Conversation) -> str:
    return conversation.contact.name or pretty(conversation.contact.phone)
