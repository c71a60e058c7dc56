"""A program may send the same request again, under a key of its own, and gets the same answer.

The row is written in the transaction of the text itself. Whoever comes at the same time, in this
process or in another, waits at the row until the first is done.
"""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from sqlalchemy import CursorResult, delete, select, tuple_, update

from smsinbox.core import clock
from smsinbox.core.bulk import Bulk
from smsinbox.core.database import atomic, db
from smsinbox.dialects.errors import Reason, Refusal
from smsinbox.dialects.sides import Reply
from smsinbox.models.idempotency import Idempotency

KEPT = timedelta(hours=24)

_CLAIM = Bulk(
    """
    INSERT INTO idempotency (api_key_id, key, body_hash, created_at)
    SELECT r.api_key, r.key, r.body_hash, :now FROM {rows} WHERE true
    ORDER BY r.api_key, r.key
    ON CONFLICT (api_key_id, key) DO NOTHING RETURNING api_key_id, key
    """,
    {"api_key": "BIGINT", "key": "TEXT", "body_hash": "TEXT"},
)


@dataclass(frozen=True, slots=True)
class Once:
    """What makes a request the same as another: whose it is, its key, and what it asks."""

    api_key_id: int
    key: str
    body_hash: str

    @property
    def row(self) -> tuple[int, str]:
        return self.api_key_id, self.key


def once(api_key_id: int, key: str, path: str, body: bytes) -> Once:
    """A request under its key; raises Refusal for a key that none can be."""
    if not (1 <= len(key) <= 255 and key.isascii() and key.isprintable()):
        raise Refusal(Reason.BAD_REQUEST, "An Idempotency-Key has 1 to 255 ASCII characters.")
    digest = hashlib.sha256(path.encode() + b"\0" + body).hexdigest()
    return Once(api_key_id, key, digest)


def known(wanted: Once) -> Reply | None:
    """What was answered before; None when nothing was. Raises Refusal when something else was
    asked under this key."""
    row = db.session.get(Idempotency, wanted.row, populate_existing=True)
    if row is None or row.created_at < clock.now() - KEPT:
        return None
    return _answer(wanted, row.body_hash, row.answer)


def claim(wanted: Sequence[Once]) -> dict[Once, Reply | Refusal]:
    """Take the keys that are free; for each of the others, its answer or the reason for none.

    Runs inside the transaction that writes the texts, which then must `keep` or `free` each key.
    """
    if not wanted:
        return {}
    _forget_old(wanted)
    rows = {one.row: one for one in reversed(wanted)}
    members = [
        {"api_key": one.api_key_id, "key": one.key, "body_hash": one.body_hash}
        for one in rows.values()
    ]
    taken = {(api_key, key) for api_key, key in _CLAIM.run(members, now=clock.now_micros())}
    return _answers([one for one in rows.values() if one.row not in taken])


def keep(answers: dict[Once, Reply]) -> None:
    """What was answered to each, for as long as it is kept."""
    for wanted, reply in answers.items():
        db.session.execute(
            update(Idempotency)
            .where(Idempotency.api_key_id == wanted.api_key_id, Idempotency.key == wanted.key)
            .values(answer=reply._asdict())
        )


def free(refused: Sequence[Once]) -> None:
    """Nothing came of these: the same request may be tried again."""
    if refused:
        both = tuple_(Idempotency.api_key_id, Idempotency.key)
        db.session.execute(delete(Idempotency).where(both.in_([one.row for one in refused])))


@atomic
def forget() -> int:
    """Clear what is older than a day. For the sweeper."""
    old = delete(Idempotency).where(Idempotency.created_at < clock.now() - KEPT)
    result = db.session.execute(old)
    assert isinstance(result, CursorResult)
    return result.rowcount


def _forget_old(wanted: Sequence[Once]) -> None:
    both = tuple_(Idempotency.api_key_id, Idempotency.key)
    old = Idempotency.created_at < clock.now() - KEPT
    db.session.execute(delete(Idempotency).where(both.in_([one.row for one in wanted]), old))


def _answers(wanted: Sequence[Once]) -> dict[Once, Reply | Refusal]:
    if not wanted:
        return {}
    both = tuple_(Idempotency.api_key_id, Idempotency.key)
    query = select(Idempotency).where(both.in_([one.row for one in wanted]))
    rows = db.session.scalars(query.execution_options(populate_existing=True))
    found = {(row.api_key_id, row.key): row for row in rows}
    answers: dict[Once, Reply | Refusal] = {}
    for one in wanted:
        row = found[one.row]
        try:
            answers[one] = _answer(one, row.body_hash, row.answer) or _too_soon()
        except Refusal as refusal:
            answers[one] = refusal
    return answers


def _answer(wanted: Once, body_hash: str, answer: dict[str, Any] | None) -> Reply | None:
    if body_hash != wanted.body_hash:
        words = "This Idempotency-Key was used before, with another request."
        raise Refusal(Reason.CONFLICT, words, field="Idempotency-Key")
    return Reply(**answer) if answer else None


def _too_soon() -> Refusal:
    words = "The same request is being worked on; ask again."
    return Refusal(Reason.UNAVAILABLE, words, retry_after=1)
