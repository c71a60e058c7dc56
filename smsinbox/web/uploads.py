"""Files in a form."""

from flask import Request
from flask import request as current

from smsinbox.services.uploads import Upload

FIELD = "files"
_WITH_FILES = frozenset({"replies.reply", "conversations.start"})
LARGEST_FORM = 4 * 1024 * 1024  # bytes: enough to say which of the files is too large
LARGEST_PHOTO = 24 * 1024 * 1024  # bytes: what a phone's camera makes of it, to be shrunk


def uploads_in(request: Request) -> list[Upload]:
    """The files that somebody chose; an empty choice is sent as a file without a name."""
    uploads = []
    for file in request.files.getlist(FIELD):
        with file.stream as stream:
            if file.filename:
                uploads.append(Upload(file.filename, stream.read()))
    return uploads


def allow_files(endpoint: str | None, _values: object) -> None:
    """A URL preprocessor for a blueprint: its texts may be larger than other forms.

    No later place will do, as the form is read before any view is called.
    """
    if endpoint == "media.shrink":
        current.max_content_length = LARGEST_PHOTO
    elif endpoint in _WITH_FILES:
        current.max_content_length = LARGEST_FORM
