"""Setting an account up, step by step, until its webhooks are heard and a text has left."""

from uuid import uuid4

from flask import Blueprint, redirect, request
from werkzeug.wrappers import Response

from smsinbox.core.errors import Conflict, Problem
from smsinbox.core.i18n import _
from smsinbox.dialects import DIALECTS
from smsinbox.models.account import Account
from smsinbox.queries import accounts as accounts_query
from smsinbox.queries import notifications as notifications_query
from smsinbox.queries import numbers as numbers_query
from smsinbox.queries import unknowns
from smsinbox.services import conversations, notifications, registration
from smsinbox.web.access import administrators, viewer
from smsinbox.web.fragments import fragment
from smsinbox.web.setup import Form, back, page, typed, whole

pages = Blueprint("account_setup", __name__, url_prefix="/accounts")

_TEST = "This is a test from {name}. Everything works."


@pages.get("/<int:account_id>/setup")
@administrators
def show(account_id: int) -> Response:
    """The steps, and how far they are."""
    account = accounts_query.found(account_id)
    if notifications_query.any_at(viewer(), account_id):
        notifications.read_at(account_id, by=viewer())
    return _page(account)


@pages.get("/<int:account_id>/heard")
@administrators
def heard(account_id: int) -> str:
    """What was heard of the carrier last; the page asks every two seconds."""
    return _heard(accounts_query.found(account_id))


@pages.post("/<int:account_id>/register")
@administrators
def register(account_id: int) -> Response:
    """Tell the carrier our address by its API."""
    try:
        registration.register(account_id, viewer())
    except Conflict as problem:
        return _page(accounts_query.found(account_id), Form("register", problem=problem))
    said = _("The carrier knows our address now, and we its new secret.")
    return back(said, "account_setup.show", account_id=account_id)


@pages.get("/<int:account_id>/logs")
@administrators
def logs(account_id: int) -> Response:
    """The carrier's own log of its webhooks to us."""
    account = accounts_query.found(account_id)
    try:
        return _page(account, None, registration.logs(account_id, viewer()))
    except Conflict as problem:
        return _page(account, Form("logs", problem=problem))


@pages.post("/<int:account_id>/test")
@administrators
def test(account_id: int) -> Response:
    """Send a test text, and go where one sees what becomes of it."""
    account = accounts_query.found(account_id)
    form = typed("test", "number_id", "to", "client_token")
    body = _TEST.format(name=account.name)
    try:
        message = conversations.start(
            whole(form.text("number_id")) or 0,
            form.text("to"),
            body,
            form.text("client_token") or None,
            by=viewer(),
        )
    except Problem as problem:
        problem.field = "to" if problem.field == "phone" else problem.field
        return _page(account, form.refused(problem))
    return redirect(f"/conversations/{message.conversation_id}", 303)


def _page(account: Account, form: Form | None = None, posts: object = None) -> Response:
    dialect = DIALECTS[account.dialect]
    return page(
        "accounts/setup.html",
        "accounts",
        form or Form("", {"to": request.args.get("to", "")}),
        account=account,
        dialect=dialect,
        address=registration.webhook_url(account),
        can_register=dialect.registrar is not None,
        heard=_heard(account),
        numbers=[one for one in numbers_query.all_numbers() if one.account_id == account.id],
        unknowns=unknowns.of_account(account.id),
        posts=posts,
        client_token=str(uuid4()),
    )


def _heard(account: Account) -> str:
    good, bad = account.last_webhook_at, account.forged_at
    failing = bad is not None and (good is None or bad > good)
    return fragment("accounts/heard", account=account, failing=failing)
