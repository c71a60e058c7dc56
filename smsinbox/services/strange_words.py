"""Words of carriers that we do not know: the admins are told of each once, and never again.

Called in the transaction that keeps the webhook or the receipt, and only for such words: what we
know costs nothing.
"""

from collections.abc import Collection
from typing import NamedTuple

from smsinbox.core import clock
from smsinbox.core.bulk import Bulk
from smsinbox.services import notifications

_MOST = 100  # of an account: one that makes words up is not listened to any longer
_LONGEST = 150


class Heard(NamedTuple):
    """Sorts, as all who write several must take them in one order."""

    account_id: int
    words: str


def status(account_id: int, word: str) -> Heard:
    """A receipt says this of a text."""
    return Heard(account_id, f"Unknown status {word[:_LONGEST]}.")


def event(account_id: int, word: str) -> Heard:
    """A webhook is about this."""
    return Heard(account_id, f"Unknown event {word[:_LONGEST]}.")


def hear(heard: Collection[Heard]) -> None:
    """Tell the admins of those that are new, in the transaction around us."""
    rows = [{"account": one.account_id, "words": one.words} for one in sorted(set(heard))]
    values = {"now": clock.now_micros(), "most": _MOST}
    fresh = [Heard(*row) for row in _HEARD.run(rows, **values)] if rows else []
    notifications.strange(fresh)


_HEARD = Bulk(
    """
    INSERT INTO strange_word (account_id, words, heard_at)
    SELECT r.account, r.words, :now FROM {rows}
    WHERE (SELECT count(*) FROM strange_word s WHERE s.account_id = r.account) < :most
    ORDER BY r.account, r.words
    ON CONFLICT DO NOTHING
    RETURNING account_id, words
    """,
    {"account": "BIGINT", "words": "TEXT"},
)
