"""Accounts with carriers and the numbers of each, on one page."""

from flask import Blueprint, request
from werkzeug.wrappers import Response

from smsinbox.core.config import settings
from smsinbox.core.errors import Conflict, Invalid
from smsinbox.core.i18n import _
from smsinbox.dialects import DIALECTS
from smsinbox.models.number import Number
from smsinbox.models.user import User
from smsinbox.queries import accounts as accounts_query
from smsinbox.queries import health, routes
from smsinbox.queries import numbers as numbers_query
from smsinbox.services import accounts
from smsinbox.web.access import administrators, viewer
from smsinbox.web.setup import Form, back, page, typed, whole

pages = Blueprint("accounts", __name__, url_prefix="/accounts")

NEW = "account-new"


@pages.get("")
@administrators
def listed() -> Response:
    """All of them; ?add=, ?edit=, ?add_number= and ?number= open a form, ?add a choice."""
    if "add" in request.args:
        return shown(_blank(request.args["add"]))
    openings = {"edit": _editing, "add_number": _adding, "number": _renaming}
    asked = {name: whole(request.args.get(name)) for name in openings}
    forms = (openings[name](found) for name, found in asked.items() if found is not None)
    return shown(next(forms, None))


@pages.post("")
@administrators
def create() -> Response:
    """A new account: next, its carrier must learn our webhook address."""
    dialect = request.form.get("dialect", "")
    form = _typed(NEW, dialect)
    try:
        account = accounts.create(dialect, *_given(form))
    except (Invalid, Conflict) as problem:
        return shown(form.refused(problem))
    said = _("Account added. Now give its webhook address to the carrier.")
    return back(said, "account_setup.show", account_id=account.id)


@pages.post("/<int:account_id>")
@administrators
def edit(account_id: int) -> Response:
    """What is left empty of key and secret stays as it is."""
    form = _typed(f"account-{account_id}", accounts_query.found(account_id).dialect)
    try:
        accounts.edit(account_id, *_given(form))
    except (Invalid, Conflict) as problem:
        return shown(form.refused(problem))
    return back(_("Account saved."), "accounts.listed")


@pages.post("/<int:account_id>/resume")
@administrators
def resume(account_id: int) -> Response:
    """Send again."""
    accounts.resume(account_id, viewer())
    return back(_("Sending goes on. Waiting texts leave now."), "accounts.listed")


def shown(form: Form | None) -> Response:
    """The page, with a form of an account or of a number open."""
    of_account: dict[int, list[Number]] = {}
    numbers = numbers_query.all_numbers()
    for number in numbers:
        of_account.setdefault(number.account_id, []).append(number)
    return page(
        "accounts/list.html",
        "accounts",
        form,
        accounts=accounts_query.all_accounts(),
        numbers=of_account,
        healths=health.of_numbers([number.id for number in numbers]),
        dialects=DIALECTS,
        address=settings().address,
        backups=routes.backups(),
    )


def _blank(dialect: str) -> Form:
    """A new account's form; without a carrier there is only that choice."""
    if dialect not in DIALECTS:
        return Form(NEW, {"dialect": ""})
    spoken = DIALECTS[dialect]
    defaults = {field.name: field.default for field in spoken.settings}
    names = {"name": spoken.label, "base_url": spoken.base_url, "key": "", "secret": ""}
    return Form(NEW, {"dialect": dialect} | names | defaults)


def _editing(account_id: int) -> Form:
    account = accounts_query.found(account_id)
    spoken = DIALECTS[account.dialect]
    values = {"dialect": account.dialect, "name": account.name, "base_url": account.base_url}
    defaults = {field.name: field.default for field in spoken.settings}
    secrets = {"key": "", "secret": ""}
    return Form(f"account-{account_id}", values | secrets | defaults | account.settings)


def _typed(form_id: str, dialect: str) -> Form:
    spoken = DIALECTS.get(dialect)
    names = [field.name for field in spoken.settings] if spoken else []
    form = typed(form_id, "name", "base_url", "key", "secret", *names)
    return Form(form_id, {"dialect": dialect} | dict(form.values))


def _adding(account_id: int) -> Form:
    return Form(f"number-new-{account_id}", {"phone": "", "name": "", "pace": "1"})


def _renaming(number_id: int) -> Form:
    number = numbers_query.found(number_id)
    chosen = [str(one) for one in routes.backups().get(number_id, [])]
    values = {"name": number.name, "pace": f"{number.pace:g}", "zone": number.zone}
    values |= {name: "1" if getattr(number, name) else "" for name in ("takes_up", "deals")}
    values |= {"capacity": str(number.capacity), "returns_after": str(number.returns_after or "")}
    values["calendar"] = number.calendar or ""
    values["gives_up_after"] = str(number.gives_up_after)
    values["alarm_after"] = "" if number.alarm_after is None else str(number.alarm_after)
    return Form(f"number-{number_id}", values | {"backup": chosen})


def _given(form: Form) -> tuple[str, str, str, str, dict[str, str], User]:
    """What adding and changing an account both take, in their order."""
    name, base_url, key, secret = (form.text(one) for one in ("name", "base_url", "key", "secret"))
    spoken = DIALECTS.get(form.text("dialect"))
    settings = {field.name: form.text(field.name) for field in spoken.settings} if spoken else {}
    return name, base_url, key, secret, settings, viewer()
