"""Files on handsets: those that people send with a text, and those that the inbox sends to them.

A carrier serves the first itself, and fetches the second from the address in the text.
"""

import mimetypes
from collections.abc import Iterator
from dataclasses import replace
from urllib.parse import urlsplit

import httpx
from flask import Blueprint, Response, abort, request, send_file

from smsinbox.core import kinds
from smsinbox.core.files import TooLarge
from smsinbox.dialects.base import Media
from smsinbox.sandbox.parts import parts

LARGEST = 2 * 1024 * 1024
LARGEST_FORM = 10 * 1024 * 1024
MOST = 10
_PATIENCE = 10.0

pictures = Blueprint("pictures", __name__)


@pictures.get("/media/<sha256>/<name>")
def serve(sha256: str, name: str) -> Response:
    """A file that a handset sent, for the inbox to fetch; `name` tells nothing."""
    if not sha256.isalnum():
        abort(404)
    return _file(sha256)


@pictures.get("/handsets/<phone>/files/<text_id>/<int:place>")
def show(phone: str, text_id: str, place: int) -> Response:
    """A file of a text as its handset shows it."""
    text = parts().store.text(text_id)
    if text is None or text.handset != phone or place >= len(text.media):
        abort(404)
    media = text.media[place]
    if not media.sha256:
        media = _fetched(media)
        known = (*text.media[:place], media, *text.media[place + 1 :])
        parts().store.set_media(text.id, known)
    return _file(media.sha256)


def kept_uploads() -> tuple[Media, ...]:
    """The files of the form that is being posted, kept, with addresses for the inbox."""
    found = []
    for _, file in list(request.files.items(multi=True))[:MOST]:
        with file.stream as stream:
            content = stream.read() if file.filename else b""
        if content:
            found.append(_kept(content))
    return tuple(found)


def is_picture(media: Media) -> bool:
    """Whether a page can show it; what was not fetched yet is believed its ending."""
    kind = media.content_type or mimetypes.guess_type(urlsplit(media.url).path)[0] or ""
    return kinds.shape(kind) == "picture"


def _kept(content: bytes) -> Media:
    try:
        kept = parts().shelf.keep([content], LARGEST)
    except TooLarge:
        abort(413, "A phone sends at most 2 MB.")
    kind = kinds.judge(kept.head)
    # By number, whatever the page was opened under: the inbox knows us by that.
    port = urlsplit(f"//{request.host}").port or 80
    url = f"http://127.0.0.1:{port}/media/{kept.sha256}/file{kinds.ending(kind)}"
    return Media(url, kind, kept.size, kept.sha256)


def _fetched(media: Media) -> Media:
    try:
        with httpx.Client(trust_env=False, timeout=_PATIENCE) as client:
            kept = parts().shelf.keep(_download(client, media.url), LARGEST)
    except (httpx.HTTPError, httpx.InvalidURL, TooLarge):
        abort(502, "The file could not be fetched from the address in the text.")
    kind = kinds.judge(kept.head)
    return replace(media, content_type=kind, size=kept.size, sha256=kept.sha256)


def _download(client: httpx.Client, url: str) -> Iterator[bytes]:
    with client.stream("GET", url) as response:
        response.raise_for_status()
        yield from response.iter_raw()


def _file(sha256: str) -> Response:
    path = parts().shelf.path(sha256)
    if not path.is_file():
        abort(404)
    with path.open("rb") as file:
        kind = kinds.judge(file.read(4096))
    only_saved = kinds.shape(kind) == "file"
    name = f"file{kinds.ending(kind)}"
    return send_file(path, mimetype=kind, as_attachment=only_saved, download_name=name)
