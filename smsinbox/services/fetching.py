"""Fetching files, of texts that came and of those that programs send: claim, download, settle.

A claim is nothing but a later time for the next try: should its holder die, somebody else tries.
Two who fetch the same file do no harm, as it lies on the shelf under what is in it. Nothing is
open while a carrier thinks, and texts that want to leave meanwhile do not wait for a picture.
"""

import logging
import time
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import CursorResult, text, update

from smsinbox.core import clock
from smsinbox.core.config import settings
from smsinbox.core.database import apart, atomic, db, is_sqlite
from smsinbox.core.doorbell import bell
from smsinbox.core.events import emit
from smsinbox.core.files import Kept, TooLarge, shelf
from smsinbox.core.kinds import SENDABLE, judge
from smsinbox.dialects import media
from smsinbox.dialects.media import Anywhere, MediaGone, MediaLater, MediaRefused, Place
from smsinbox.models.account import Account
from smsinbox.models.attachment import Attachment, AttachmentState
from smsinbox.models.events import MessageChanged
from smsinbox.models.message import Message
from smsinbox.queries import outbox as waiting
from smsinbox.services import held
from smsinbox.services.carriage import source_of
from smsinbox.services.delivery import drain
from smsinbox.services.sendable import MOST_BYTES

log = logging.getLogger(__name__)

LARGEST = 25 * 1024 * 1024
FETCHERS = 4  # files on their way at once, in one process
# Seconds that one job goes on taking files. The last may take twenty, and a text that leaves
# meanwhile sixteen; RQ ends a job after forty-five.
PATIENCE = 5.0
_LEASE = timedelta(seconds=60)
_PAUSES = [timedelta(seconds=n) for n in (2, 10, 60, 300, 1800, 7200, 28_800)]
_PAUSES_OF_OURS = _PAUSES[:3]  # a text waits for it, and a person's reply behind that

_CLAIM = """
UPDATE attachment SET attempts = attempts + 1, next_at = :lease
WHERE id = (
  SELECT id FROM attachment WHERE state = 'waiting' AND next_at <= :now
  ORDER BY next_at, id LIMIT 1 {lock})
RETURNING id
"""
_CLAIM_SQLITE = text(_CLAIM.format(lock=""))
_CLAIM_POSTGRES = text(_CLAIM.format(lock="FOR NO KEY UPDATE SKIP LOCKED"))


@dataclass(frozen=True, slots=True)
class FileClaim:
    """A file to fetch now, and from where alone it may come; `is_ours` when it is to be sent."""

    attachment_id: int
    attempts: int
    url: str
    source: Place
    is_ours: bool

    @property
    def most(self) -> int:
        """How many bytes it may have."""
        return MOST_BYTES - 1 if self.is_ours else LARGEST

    @property
    def pauses(self) -> list[timedelta]:
        """How long to wait after each try that failed."""
        return _PAUSES_OF_OURS if self.is_ours else _PAUSES


def fetch(attachment_id: int) -> None:
    """The job behind the doorbell: take whatever is ready, this file or any other."""
    bell.heard(fetch)
    count = fetch_ready(PATIENCE)
    log.info("fetched", extra={"attachment_id": attachment_id, "count": count})


def fetch_ready(patience: float) -> int:
    """Fetch everything that is ready, several at a time. How many were claimed."""
    ends, count = time.monotonic() + patience, 0
    fetch_apart = apart(_fetch_and_log)
    flying: set[Future[None]] = set()
    with ThreadPoolExecutor(FETCHERS, thread_name_prefix="fetch") as pool:
        while True:
            free = len(flying) < FETCHERS and time.monotonic() < ends
            claimed = claim() if free else None
            if claimed is not None:
                flying.add(pool.submit(fetch_apart, claimed))
                count += 1
            elif not flying:
                return count
            else:
                wait(flying, timeout=0.1, return_when=FIRST_COMPLETED)
                _let_texts_go()
            flying = {one for one in flying if not one.done()}


def _let_texts_go() -> None:
    """A worker does one job at a time, and a person's reply is more urgent than any file."""
    ready_in = waiting.ready_in()
    db.session.rollback()
    if ready_in == 0:
        drain(1.0)


def _fetch_and_log(claimed: FileClaim) -> None:
    try:
        fetch_one(claimed)
    except Exception:
        # The database is away, or the disk is full: the claim will end, and it is tried again.
        log.exception("file not kept", extra={"attachment_id": claimed.attachment_id})


@atomic
def claim() -> FileClaim | None:
    """Take the next file that may be fetched now, or None."""
    now = clock.now()
    taken = db.session.scalar(
        _CLAIM_SQLITE if is_sqlite() else _CLAIM_POSTGRES,
        {"lease": clock.micros(now + _LEASE), "now": clock.micros(now)},
    )
    if taken is None:
        return None
    attachment = db.session.get_one(Attachment, taken, populate_existing=True)
    message = db.session.get_one(Message, attachment.message_id)
    return FileClaim(
        attachment.id,
        attachment.attempts,
        attachment.source_url or "",
        _place_of(message),
        is_ours=not message.is_inbound,
    )


def _place_of(message: Message) -> Place:
    """A carrier's files lie at the carrier's; a program's lie anywhere that is public."""
    if message.is_inbound:
        return source_of(db.session.get_one(Account, message.account_id))
    return Anywhere(settings().files_from_private)


def fetch_one(claimed: FileClaim) -> None:
    """Download the file and write down what became of it."""
    try:
        with media.opened(claimed.url, claimed.source) as parts:
            kept = shelf.keep(parts, claimed.most)
    except MediaGone:
        settle(claimed.attachment_id, AttachmentState.GONE, claimed.source.gone)
    except MediaRefused as refused:
        settle(claimed.attachment_id, AttachmentState.REFUSED, str(refused))
    except TooLarge:
        settle(claimed.attachment_id, AttachmentState.REFUSED, _too_large(claimed))
    except MediaLater as later:
        postpone(claimed, str(later))
    else:
        _keep(claimed, kept)


def _keep(claimed: FileClaim, kept: Kept) -> None:
    if claimed.is_ours and judge(kept.head) not in SENDABLE:
        words = "Carriers do not take this kind of file."
        settle(claimed.attachment_id, AttachmentState.REFUSED, words)
    else:
        store(claimed.attachment_id, kept)


def _too_large(claimed: FileClaim) -> str:
    if claimed.is_ours:
        return "Too large: carriers take less than 1 MB."
    return f"Too large: more than {LARGEST // 1024**2} MB."


@atomic
def store(attachment_id: int, kept: Kept) -> None:
    """It lies on the shelf."""
    _change(
        attachment_id,
        state=AttachmentState.STORED.value,
        content_type=judge(kept.head),
        size=kept.size,
        sha256=kept.sha256,
        error=None,
        next_at=None,
    )


@atomic
def settle(attachment_id: int, state: AttachmentState, words: str) -> None:
    """It will never come."""
    _change(attachment_id, state=state.value, error=words, next_at=None)


@atomic
def postpone(claimed: FileClaim, words: str) -> None:
    """Try again later, up to half a day, or a minute when a text waits; then it is gone."""
    if claimed.attempts > len(claimed.pauses):
        settle(claimed.attachment_id, AttachmentState.GONE, f"The file never came. {words}")
        return
    next_at = clock.now() + claimed.pauses[claimed.attempts - 1]
    _change(claimed.attachment_id, error=words, next_at=next_at)


def _change(attachment_id: int, **values: object) -> None:
    """Change a file that still waits, draw its text anew, and let it go if it waited for this."""
    attachment = db.session.get_one(Attachment, attachment_id)
    message = db.session.get_one(Message, attachment.message_id)
    if not message.is_inbound:
        message = held.locked(message.id)
    result = db.session.execute(
        update(Attachment)
        .where(Attachment.id == attachment_id, Attachment.state == AttachmentState.WAITING.value)
        .values(**values)
    )
    assert isinstance(result, CursorResult)
    if not result.rowcount or values.get("state") is None:
        return
    if not message.is_inbound:
        held.file_settled(message)
    emit(MessageChanged.of(message))
