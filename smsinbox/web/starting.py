"""A first text: from which number, to whom, and what."""

from uuid import uuid4

from flask import Blueprint, Response, redirect, request
from flask.typing import ResponseReturnValue
from markupsafe import Markup

from smsinbox.core.errors import Problem
from smsinbox.core.i18n import _
from smsinbox.models.number import Number
from smsinbox.models.permission import Permission, can
from smsinbox.queries import numbers as numbers_query
from smsinbox.services import conversations
from smsinbox.services.manner import Manner
from smsinbox.web.access import must_answer, row_id, viewer
from smsinbox.web.conversations import inbox_with
from smsinbox.web.fragments import fragment
from smsinbox.web.uploads import allow_files, files_in

pages = Blueprint("starting", __name__, url_prefix="/conversations")
pages.url_value_preprocessor(allow_files)


@pages.get("/new")
def new() -> str:
    """Where a first text is written; `number` and `phone` may be chosen already."""
    chosen = {"number_id": request.args.get("number"), "phone": request.args.get("phone", "")}
    return inbox_with(_("New conversation"), _new(chosen))


@pages.post("")
def start() -> ResponseReturnValue:
    """Send the first text, files with it, in the conversation that is there or a new one; `anyway`
    names the doubts that the writer agrees to. Refused, all that was typed comes back."""
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
            manner=Manner(agreed=frozenset(form.get("anyway", "").split()), starts=True),
        )
    except Problem as problem:
        return _refused(problem)
    path = f"/conversations/{message.conversation_id}"
    if request.headers.get("HX-Request"):
        return Response(status=204, headers={"HX-Redirect": path})
    return redirect(path, 303)


def _refused(problem: Problem) -> ResponseReturnValue:
    """The pane alone for a page that keeps the files in it, else the page."""
    pane = _new(request.form, problem)
    if request.headers.get("HX-Request"):
        return pane, problem.status
    return inbox_with(_("New conversation"), pane), problem.status


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
