"""Files of texts: for people who may see the text, and for carriers by a signed link.

What is in a file is a stranger's. A browser gets it with the type that we judged, may not guess
another, and runs nothing of it; what it cannot show harmlessly it only saves.
"""

from flask import Blueprint, Response, request, send_file

from smsinbox.core.database import db
from smsinbox.core.errors import Forbidden, Invalid, NotFound
from smsinbox.core.files import shelf
from smsinbox.core.i18n import _
from smsinbox.core.kinds import SENDABLE
from smsinbox.models.attachment import Attachment
from smsinbox.models.permission import Permission, can
from smsinbox.queries import attachments as attachments_query
from smsinbox.queries.numbers import granted
from smsinbox.services import media_links
from smsinbox.services.carriage import obstacle
from smsinbox.services.uploads import MOST_BYTES, MOST_FILES, shrunk
from smsinbox.web.access import public, viewer
from smsinbox.web.uploads import allow_files, uploads_in

pages = Blueprint("media", __name__)
pages.url_value_preprocessor(allow_files)
pages.app_template_global("files_obstacle")(obstacle)
pages.app_template_filter("files_obstacle")(obstacle)
pages.app_template_global("file_limits")(lambda: (MOST_FILES, MOST_BYTES))
pages.app_template_global("sendable_types")(lambda: ",".join(sorted(SENDABLE)))

_YEAR = 365 * 24 * 60 * 60
_HARMLESS = "sandbox; default-src 'none'"


@pages.get("/media/<int:attachment_id>")
def show(attachment_id: int) -> Response:
    """A file for whoever may see its text."""
    return _file(attachments_query.for_viewer(viewer(), attachment_id))


@pages.post("/media/shrink")
def shrink() -> Response:
    """A photo, smaller, back to the composer that somebody pressed the button in; kept nowhere."""
    if not any(can(viewer(), Permission.ANSWER, number.id) for number in granted(viewer())):
        raise Forbidden(_("You can read here, but not send anything."))
    db.session.rollback()  # no connection waits while the photo is worked on
    match uploads_in(request):
        case [photo]:
            smaller = shrunk(photo, request.form.get("most", 0, type=int))
        case _:
            raise Invalid(_("Choose one photo."), "files")
    response = Response(smaller, mimetype="image/jpeg")
    response.headers["Content-Security-Policy"] = _HARMLESS
    response.headers["Cache-Control"] = "no-store"
    return response


@pages.get("/media/out/<token>/<name>")
@public
def fetch(token: str, name: str) -> Response:
    """A file for the carrier that we told this address; `name` is for its eyes only."""
    attachment_id = media_links.attachment_of(token)
    if attachment_id is None:
        raise NotFound(_("This link has ended."))
    return _file(attachments_query.stored(attachment_id))


def _file(attachment: Attachment) -> Response:
    """The bytes, or those of a range; raises NotFound when they are not on the shelf."""
    try:
        response = send_file(
            shelf.path(attachment.sha256 or ""),
            mimetype=attachment.content_type,
            as_attachment=attachment.shape == "file",
            download_name=attachment.title,
            conditional=True,
            etag=attachment.sha256 or False,
        )
    except FileNotFoundError:
        raise NotFound(_("This file is not in the instance folder any more.")) from None
    response.headers["Content-Security-Policy"] = _HARMLESS
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Cache-Control"] = f"private, max-age={_YEAR}, immutable"
    return response
