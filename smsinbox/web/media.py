"""Files of texts: for people who may see the text, and for carriers by a signed link.

What is in a file is a stranger's. A browser gets it with the type that we judged, may not guess
another, and runs nothing of it; what it cannot show harmlessly it only saves.
"""

from flask import Blueprint, Response, send_file

from smsinbox.core.errors import NotFound
from smsinbox.core.files import shelf
from smsinbox.core.i18n import _
from smsinbox.core.kinds import SENDABLE
from smsinbox.models.attachment import Attachment
from smsinbox.models.upload import Upload
from smsinbox.queries import attachments as attachments_query
from smsinbox.services import media_links
from smsinbox.services.carriage import obstacle
from smsinbox.web.access import public, viewer

pages = Blueprint("media", __name__)
pages.app_template_global("files_obstacle")(obstacle)
pages.app_template_filter("files_obstacle")(obstacle)
pages.app_template_global("sendable_types")(lambda: ",".join(sorted(SENDABLE)))

_YEAR = 365 * 24 * 60 * 60
_HARMLESS = "sandbox; default-src 'none'"


@pages.get("/media/<int:attachment_id>")
def show(attachment_id: int) -> Response:
    """A file for whoever may see its text."""
    return handed_out(attachments_query.for_viewer(viewer(), attachment_id))


@pages.get("/media/out/<token>/<name>")
@public
def fetch(token: str, name: str) -> Response:
    """A file for the carrier that we told this address; `name` is for its eyes only."""
    attachment_id = media_links.attachment_of(token)
    if attachment_id is None:
        raise NotFound(_("This link has ended."))
    return handed_out(attachments_query.stored(attachment_id))


def handed_out(file: Attachment | Upload) -> Response:
    """The bytes, or those of a range; raises NotFound when they are not on the shelf."""
    try:
        response = send_file(
            shelf.path(file.sha256 or ""),
            mimetype=file.content_type,
            as_attachment=file.shape == "file",
            download_name=file.title,
            conditional=True,
            etag=file.sha256 or False,
        )
    except FileNotFoundError:
        raise NotFound(_("This file is not in the instance folder any more.")) from None
    response.headers["Content-Security-Policy"] = _HARMLESS
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Cache-Control"] = f"private, max-age={_YEAR}, immutable"
    return response
