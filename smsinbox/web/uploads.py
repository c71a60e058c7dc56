"""Files on their way in: those that people bring for their next text, and those in a form."""

from collections.abc import Sequence

from flask import Blueprint, Request, Response
from flask import request as current
from markupsafe import Markup

from smsinbox.core.database import db
from smsinbox.models.upload import Upload
from smsinbox.queries import uploads as uploads_query
from smsinbox.services import sendable, uploads
from smsinbox.services.sendable import FIELD, MOST_BYTES, MOST_FILES, PHOTOS, RawFile
from smsinbox.web.access import answerable, viewer
from smsinbox.web.fragments import fragment
from smsinbox.web.media import handed_out

_WITH_FILES = frozenset({"uploads.bring", "replies.reply", "starting.start"})
LARGEST_FORM = 24 * 1024 * 1024  # bytes: photos as phones make them, to be made smaller

pages = Blueprint("uploads", __name__)


def allow_files(endpoint: str | None, _values: object) -> None:
    """A URL preprocessor for a blueprint: its texts may be larger than other forms.

    No later place will do, as the form is read before any view is called.
    """
    if endpoint in _WITH_FILES:
        current.max_content_length = LARGEST_FORM


pages.url_value_preprocessor(allow_files)


@pages.post("/conversations/<int:conversation_id>/uploads")
def bring(conversation_id: int) -> Markup:
    """Keep files for the viewer's next text there; every answer here is all that wait for it."""
    uploads.bring(answerable(conversation_id), files_in(current), by=viewer())
    return waiting(conversation_id)


@pages.post("/conversations/<int:conversation_id>/uploads/shrink")
def shrink(conversation_id: int) -> Markup:
    """Make the photos among them small enough to go together."""
    uploads.shrink(answerable(conversation_id).id, by=viewer())
    return waiting(conversation_id)


@pages.delete("/conversations/<int:conversation_id>/uploads/<int:upload_id>")
def remove(conversation_id: int, upload_id: int) -> Markup:
    """Take one away again."""
    uploads.remove(answerable(conversation_id).id, upload_id, by=viewer())
    return waiting(conversation_id)


@pages.get("/conversations/<int:conversation_id>/uploads/<int:upload_id>")
def show(conversation_id: int, upload_id: int) -> Response:
    """What is in one, for whoever brought it."""
    there = answerable(conversation_id)
    return handed_out(uploads_query.for_viewer(viewer(), there.id, upload_id))


def waiting(conversation_id: int) -> Markup:
    """The files that wait there for the viewer's next text."""
    found = uploads_query.of(conversation_id, viewer())
    return fragment("conversations/uploads", conversation_id=conversation_id, uploads=found)


@pages.app_template_filter("files_trouble")
def trouble(found: Sequence[Upload]) -> str:
    """Why these cannot go together, and what to do about it; or nothing."""
    return sendable.trouble([(one.name, one.size) for one in found])


@pages.app_template_filter("may_shrink")
def may_shrink(found: Sequence[Upload]) -> bool:
    """Whether it may help to make photos smaller."""
    are_too_large = len(found) <= MOST_FILES and sum(one.size for one in found) >= MOST_BYTES
    return are_too_large and any(one.content_type in PHOTOS for one in found)


def files_in(request: Request) -> list[RawFile]:
    """The files that came with a form, photos among them made smaller where that was ticked; an
    empty choice is sent as a file without a name."""
    files = []
    for file in request.files.getlist(FIELD):
        with file.stream as stream:
            if file.filename:
                files.append(RawFile(file.filename, stream.read()))
    if not files or "shrink" not in request.form:
        return files
    db.session.rollback()  # no connection waits while photos are worked on
    return sendable.fitted(files)
