"""The bell, and the list that it opens: what the viewer was told."""

from flask import Blueprint, redirect, render_template, request
from markupsafe import Markup
from werkzeug.wrappers import Response

from smsinbox.queries import notifications as notifications_query
from smsinbox.services import notifications
from smsinbox.web.access import viewer
from smsinbox.web.fragments import fragment
from smsinbox.web.setup import whole

pages = Blueprint("notifications", __name__, url_prefix="/notifications")


@pages.get("")
def listed() -> str:
    """All of it, newest first."""
    return render_template(
        "notifications/page.html",
        page=notifications_query.of(viewer()),
        unread=notifications_query.unread(viewer()),
    )


@pages.get("/list")
def more() -> Markup:
    """The rows after `before`."""
    page = notifications_query.of(viewer(), whole(request.args.get("before")))
    return fragment("notifications/rows", page=page)


@pages.post("/read")
def read_all() -> Response:
    """Nothing of it is news any more."""
    notifications.read_all(by=viewer())
    return redirect("/notifications", 303)


@pages.app_template_global()
def unread_notifications() -> int:
    """The viewer's own figure at the bell."""
    return notifications_query.unread(viewer())
