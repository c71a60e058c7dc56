"""The files of texts: those that lie elsewhere are noted and rung for, others are enclosed."""

from collections.abc import Iterable, Sequence

from smsinbox.core import clock
from smsinbox.core.bulk import Bulk
from smsinbox.core.database import after_commit, db
from smsinbox.core.doorbell import ring
from smsinbox.core.files import shelf
from smsinbox.core.kinds import by_name, judge
from smsinbox.dialects.base import Media
from smsinbox.models.attachment import Attachment, AttachmentState
from smsinbox.models.upload import Upload
from smsinbox.services.fetching import fetch
from smsinbox.services.sendable import MOST_BYTES, RawFile

_ANNOUNCED = Bulk(
    """
    INSERT INTO attachment
      (message_id, position, source_url, content_type, name, state, attempts, next_at)
    SELECT r.message, r.position, r.url, r.kind, '', 'waiting', 0, :now FROM {rows}
    """,
    {"message": "BIGINT", "position": "INTEGER", "url": "TEXT", "kind": "TEXT"},
)


def announce(texts: Iterable[tuple[int, Sequence[Media]]]) -> None:
    """Note the files of texts (by message id) in the transaction that stores those; they are
    fetched as soon as it is committed."""
    rows = [
        {"message": message, "position": n, "url": file.url, "kind": file.content_type[:100]}
        for message, files in texts
        for n, file in enumerate(files)
    ]
    if rows:
        _ANNOUNCED.run(rows, now=clock.now_micros())
        after_commit(lambda: ring(fetch, 0))


def elsewhere(urls: Sequence[str]) -> list[Attachment]:
    """Files that a program keeps, for the text that they will go with; they are fetched as soon as
    it is committed."""
    if urls:
        after_commit(lambda: ring(fetch, 0))
    return [
        Attachment(
            position=position,
            source_url=url,
            content_type=by_name(url),
            name="",
            state=AttachmentState.WAITING.value,
            next_at=clock.now(),
        )
        for position, url in enumerate(urls)
    ]


def enclose(uploads: Sequence[Upload], files: Sequence[RawFile]) -> list[Attachment]:
    """What goes with a text: uploads, which are none any more, then checked files that came with
    the text itself."""
    found = []
    for upload in uploads:
        found.append(_stored(upload.name, upload.content_type, upload.size, upload.sha256))
        db.session.delete(upload)
    for file in files:
        kept = shelf.keep([file.content], MOST_BYTES)
        found.append(_stored(file.name, judge(kept.head), kept.size, kept.sha256))
    for position, attachment in enumerate(found):
        attachment.position = position
    return found


def _stored(name: str, content_type: str, size: int, sha256: str) -> Attachment:
    state = AttachmentState.STORED.value
    return Attachment(content_type=content_type, name=name, size=size, sha256=sha256, state=state)
