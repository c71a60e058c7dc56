"""The files of texts: those that lie elsewhere are noted and rung for, uploads are put down."""

from collections.abc import Iterable, Sequence

from smsinbox.core import clock
from smsinbox.core.bulk import Bulk
from smsinbox.core.database import after_commit
from smsinbox.core.doorbell import ring
from smsinbox.core.files import shelf
from smsinbox.core.kinds import by_name, judge
from smsinbox.dialects.base import Media
from smsinbox.models.attachment import Attachment, AttachmentState
from smsinbox.services.fetching import fetch
from smsinbox.services.uploads import MOST_BYTES, Upload

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


def put_down(files: Sequence[Upload]) -> list[Attachment]:
    """Lay checked files on the shelf, for the text that they will go with."""
    found = []
    for position, file in enumerate(files):
        kept = shelf.keep([file.content], MOST_BYTES)
        found.append(
            Attachment(
                position=position,
                content_type=judge(kept.head),
                name=file.name,
                size=kept.size,
                sha256=kept.sha256,
                state=AttachmentState.STORED.value,
            )
        )
    return found
