"""The kill switch: admins let nothing leave from one number, or from any, and let it go on."""

from flask import Blueprint
from werkzeug.wrappers import Response

from smsinbox.core.i18n import _, _l
from smsinbox.queries.pausing import pause_of
from smsinbox.services import pausing
from smsinbox.web.access import administrators, viewer
from smsinbox.web.setup import back

pages = Blueprint("pausing", __name__)
pages.app_template_global()(pause_of)

_RESUMED = _l("Sending goes on. Waiting texts leave now.")


@pages.post("/sending/pause")
@administrators
def pause_all() -> Response:
    """Let nothing leave from any number."""
    pausing.pause(None, viewer())
    return back(_("Sending is paused. Nothing leaves until you resume it."), "accounts.listed")


@pages.post("/sending/resume")
@administrators
def resume_all() -> Response:
    """Send again."""
    pausing.resume(None, viewer())
    return back(_RESUMED, "accounts.listed")


@pages.post("/numbers/<int:number_id>/pause")
@administrators
def pause(number_id: int) -> Response:
    """Let nothing leave from this number."""
    pausing.pause(number_id, viewer())
    return back(_("Sending from this number is paused."), "accounts.listed")


@pages.post("/numbers/<int:number_id>/resume")
@administrators
def resume(number_id: int) -> Response:
    """Send from it again."""
    pausing.resume(number_id, viewer())
    return back(_RESUMED, "accounts.listed")
