"""Webhooks that were genuine but of no use to us: read them, and try again after a fix."""

from flask import Blueprint, request
from werkzeug.wrappers import Response

from smsinbox.core.errors import Conflict, Invalid
from smsinbox.core.i18n import _
from smsinbox.core.text import clean
from smsinbox.models.webhook import Webhook, WebhookState
from smsinbox.queries import accounts as accounts_query
from smsinbox.queries import webhooks as webhooks_query
from smsinbox.services import quarantine
from smsinbox.web.access import administrators, viewer
from smsinbox.web.reasons import reason
from smsinbox.web.setup import Form, back, page, whole

pages = Blueprint("quarantine", __name__, url_prefix="/quarantine")

_SHOWN = 4000  # bytes of a body in the list; the whole is a click away


@pages.get("")
@administrators
def listed() -> Response:
    """A page of them, newest first."""
    return _page(None)


@pages.get("/<int:webhook_id>")
@administrators
def body(webhook_id: int) -> Response:
    """The whole body as it came; as plain text, so that no browser acts on it."""
    webhook = webhooks_query.found(webhook_id)
    answer = Response(webhook.body, mimetype="text/plain")
    answer.headers["X-Content-Type-Options"] = "nosniff"
    answer.headers["Content-Disposition"] = f'attachment; filename="webhook-{webhook.id}.txt"'
    return answer


@pages.post("/<int:webhook_id>/replay")
@administrators
def replay(webhook_id: int) -> Response:
    """Try again."""
    try:
        webhook = quarantine.replay(webhook_id, viewer())
    except (Invalid, Conflict) as problem:
        return _page(Form(f"webhook-{webhook_id}", problem=problem))
    if webhook.state == WebhookState.QUARANTINED:
        why = reason(webhook.reason or "")
        return back(_("Still of no use: %(reason)s", reason=why), "quarantine.listed")
    return back(_("Replayed. It is in the inbox as if it had just arrived."), "quarantine.listed")


def _page(form: Form | None) -> Response:
    return page(
        "quarantine/list.html",
        "quarantine",
        form,
        webhooks=webhooks_query.quarantined(whole(request.args.get("before"))),
        accounts={account.id: account for account in accounts_query.all_accounts()},
        beginning=_beginning,
    )


def _beginning(webhook: Webhook) -> str:
    return clean(webhook.body[:_SHOWN].decode("utf-8", "replace"))
