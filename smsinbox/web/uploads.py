"""Files in a form."""

from flask import Request
from flask import request as current

from smsinbox.core.database import db
from smsinbox.services.uploads import Upload, fitted

FIELD = "files"
_WITH_FILES = frozenset({"replies.reply", "conversations.start"})
LARGEST_FORM = 24 * 1024 * 1024  # bytes: photos as phones make them, to be made smaller


def uploads_in(request: Request) -> list[Upload]:
    """The files that somebody chose, photos among them made smaller where they ticked that; an
    empty choice is sent as a file without a name."""
    uploads = []
    for file in request.files.getlist(FIELD):
        with file.stream as stream:
            if file.filename:
                uploads.append(Upload(file.filename, stream.read()))
    if not uploads or "shrink" not in request.form:
        return uploads
    db.session.rollback()  # no connection waits while photos are worked on
    return fitted(uploads)


def allow_files(endpoint: str | None, _values: object) -> None:
    """A URL preprocessor for a blueprint: its texts may be larger than other forms.

    No later place will do, as the form is read before any view is called.
    """
    if endpoint in _WITH_FILES:
        current.max_content_length = LARGEST_FORM
