"""A first text: from which number, to whom, and what."""

from collections.abc import Mapping, Sequence
from uuid import uuid4

from flask import Blueprint, Response, redirect, request
from flask.typing import ResponseReturnValue
from markupsafe import Markup

from smsinbox.core.errors import Invalid, Problem
from smsinbox.core.i18n import _
from smsinbox.core.phones import BadAddress, Kind, address, region_of
from smsinbox.models.number import Number
from smsinbox.models.permission import Permission, can
from smsinbox.queries import contacts
from smsinbox.queries import numbers as numbers_query
from smsinbox.services import conversations
from smsinbox.services.manner import Manner
from smsinbox.web.access import must_answer, row_id, viewer
from smsinbox.web.conversations import inbox_with
from smsinbox.web.fragments import fragment
from smsinbox.web.uploads import allow_files, files_in

_SHORTEST, _LONGEST = 2, 80  # characters typed before contacts are looked for, and at most
_FEWEST_DIGITS = 7  # of a phone number: with letters and fewer, a name was meant

pages = Blueprint("starting", __name__, url_prefix="/conversations")
pages.url_value_preprocessor(allow_files)


@pages.get("/new")
def new() -> str:
    """Where a first text is written; `number` and `phone` may be chosen already."""
    chosen = {"number_id": request.args.get("number"), "phone": request.args.get("phone", "")}
    return inbox_with(_("New conversation"), _new(chosen))


@pages.get("/new/people")
def people() -> Markup:
    """Whom `phone` may mean, while it is typed: contacts to choose from, or the number it reads as
    beside ours."""
    return _to(request.args, _senders())


@pages.post("")
def start() -> ResponseReturnValue:
    """Send the first text, files with it, in the conversation that is there or a new one; `anyway`
    names the doubts that the writer agrees to, `add` words that settle one. Refused, all that was
    typed comes back."""
    form = request.form.to_dict()
    form["body"] = form.get("body", "") + form.get("add", "")
    number_id = request.form.get("number_id", type=row_id)
    try:
        must_answer(number_id or 0)
        if _is_name(form.get("phone", "")):
            raise Invalid(_("Choose somebody from the list, or write a phone number."), "phone")
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
        return _refused(problem, form)
    path = f"/conversations/{message.conversation_id}"
    if "HX-Request" in request.headers:
        return Response(status=204, headers={"HX-Redirect": path})
    return redirect(path, 303)


def _refused(problem: Problem, form: Mapping[str, str]) -> ResponseReturnValue:
    """The pane alone for a page that keeps the files in it, else the page."""
    pane = _new(form, problem)
    if "HX-Request" in request.headers:
        return pane, problem.status
    return inbox_with(_("New conversation"), pane), problem.status


def _new(form: Mapping[str, str | None], problem: Problem | None = None) -> Markup:
    numbers = _senders()
    return fragment(
        "conversations/new",
        form=form,
        problem=problem,
        numbers=numbers,
        to=_to(form, numbers, problem.words if problem and problem.field == "phone" else ""),
        keeps_files="HX-Request" in request.headers,
        client_token=str(uuid4()),
    )


def _senders() -> list[Number]:
    granted = numbers_query.granted(viewer())
    return [one for one in granted if can(viewer(), Permission.ANSWER, one.id)]


def _to(form: Mapping[str, str | None], numbers: Sequence[Number], error: str = "") -> Markup:
    typed = (form.get("phone") or "").replace("\0", " ").strip()[:_LONGEST]
    phone = _read(
        typed, [one for one in numbers if str(one.id) == form.get("number_id")] or numbers
    )
    return fragment(
        "conversations/to",
        offers=contacts.textable(viewer(), typed) if not phone and len(typed) >= _SHORTEST else [],
        phone=phone,
        contact=contacts.seen_at(viewer(), phone),
        is_name=_is_name(typed),
        error=error,
    )


def _is_name(typed: str) -> bool:
    return any(map(str.isalpha, typed)) and sum(map(str.isdigit, typed)) < _FEWEST_DIGITS


def _read(typed: str, beside: Sequence[Number]) -> str:
    """The person's number (E.164) that this is, beside the first of these; empty for none."""
    try:
        there = address(typed, region_of(beside[0].phone) if beside else None)
    except BadAddress:
        return ""
    return there.value if there.kind is Kind.PERSON else ""
