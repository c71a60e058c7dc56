"""Saved replies: the page on which they are written, and what the composer's `/` offers."""

from flask import Blueprint, request
from markupsafe import Markup
from werkzeug.wrappers import Response

from smsinbox.core.errors import Invalid
from smsinbox.core.i18n import _
from smsinbox.models.user import Role
from smsinbox.queries import numbers as numbers_query
from smsinbox.queries import saved_replies as replies_query
from smsinbox.rules import fields
from smsinbox.services import saved_replies
from smsinbox.services.saved_replies import Wanted
from smsinbox.web.access import answerable, viewer
from smsinbox.web.fragments import fragment
from smsinbox.web.setup import Form, back, page, typed, whole

pages = Blueprint("saved_replies", __name__)

NEW = "reply-new"
_FIELDS = ("title", "body", "shortcut", "number_id", "whose", "is_button")


@pages.get("/saved-replies")
def listed() -> Response:
    """All that the viewer may use, and a form for one more."""
    return _page(None)


@pages.get("/saved-replies/new")
def new() -> Response:
    """The same with a text in the form: `body`."""
    return _page(Form(NEW, {"body": request.args.get("body", "")[:1600]}))


@pages.post("/saved-replies")
def create() -> Response:
    """One more."""
    form = typed(NEW, *_FIELDS)
    try:
        made = saved_replies.create(_wanted(form), viewer())
    except Invalid as problem:
        return _page(form.refused(problem))
    return back(_("“%(title)s” is saved.", title=made.title), "saved_replies.listed")


@pages.post("/saved-replies/<int:reply_id>")
def edit(reply_id: int) -> Response:
    """Other words."""
    form = typed(f"reply-{reply_id}", *_FIELDS)
    try:
        kept = saved_replies.edit(reply_id, _wanted(form), viewer())
    except Invalid as problem:
        return _page(form.refused(problem))
    return back(_("“%(title)s” is saved.", title=kept.title), "saved_replies.listed")


@pages.post("/saved-replies/<int:reply_id>/delete")
def delete(reply_id: int) -> Response:
    """Offered no more."""
    gone = saved_replies.delete(reply_id, viewer())
    return back(_("“%(title)s” is gone.", title=gone.title), "saved_replies.listed")


@pages.post("/saved-replies/<int:reply_id>/use")
def use(reply_id: int) -> tuple[str, int]:
    """It was put into a text."""
    saved_replies.used(reply_id, viewer())
    return "", 204


@pages.get("/conversations/<int:conversation_id>/saved-replies")
def offered(conversation_id: int) -> Markup:
    """What the composer offers for what was typed behind the `/`, filled in for the contact."""
    conversation = answerable(conversation_id)
    offers = replies_query.offers(conversation, viewer(), request.args.get("q", "").strip()[:60])
    return fragment("saved_replies/offers", offers=offers)


def _wanted(form: Form) -> Wanted:
    return Wanted(
        form.text("title"),
        form.text("body"),
        form.text("shortcut"),
        whole(form.text("number_id")),
        form.text("whose") != "all",
        bool(form.text("is_button")),
    )


def _page(form: Form | None) -> Response:
    return page(
        "saved_replies/list.html",
        "saved-replies",
        form,
        replies=replies_query.listed(viewer()),
        may_edit=lambda reply: saved_replies.may_edit(reply, viewer()),
        may_write=viewer().role != Role.VIEWER,
        numbers=numbers_query.granted(viewer()),
        fields=fields.OF_PEOPLE,
    )
