"""How many texts a program may send within an hour and a day, by the limits of its key.

Hours and days are those of UTC, so that a limit starts anew at a time that everybody can tell.
"""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import CursorResult, delete, select
from sqlalchemy.dialects import postgresql, sqlite

from smsinbox.core import clock
from smsinbox.core.database import atomic, db, is_sqlite
from smsinbox.dialects.errors import Reason, Refusal
from smsinbox.models.api_key import ApiKey
from smsinbox.models.key_use import KeyUse
from smsinbox.queries import key_uses

_KEPT = 48  # hours


@dataclass(frozen=True, slots=True)
class Quota:
    """A key with a limit, an hour and a day; None for no limit."""

    api_key_id: int
    hourly: int | None
    daily: int | None


def quota_of(key: ApiKey) -> Quota | None:
    """The limits of a key, if it has any."""
    if key.hourly_limit is None and key.daily_limit is None:
        return None
    return Quota(key.id, key.hourly_limit, key.daily_limit)


class Ledger:
    """What the keys of a batch have left; held until the transaction ends, so that two processes
    cannot both spend the last text."""

    def __init__(self, quotas: Iterable[Quota]) -> None:
        self._ids = sorted({quota.api_key_id for quota in quotas})
        self._spent: Counter[int] = Counter()
        self._used: Mapping[int, key_uses.Used] = {}
        if self._ids:
            held = select(ApiKey.id).where(ApiKey.id.in_(self._ids)).order_by(ApiKey.id)
            db.session.execute(held.with_for_update(key_share=True))
            self._used = key_uses.used(self._ids)

    def take(self, quota: Quota) -> None:
        """Spend one text; raises Refusal when none is left."""
        used, more = self._used[quota.api_key_id], self._spent[quota.api_key_id]
        if quota.daily is not None and used.today + more >= quota.daily:
            raise _spent(quota.daily, "day", 24)
        if quota.hourly is not None and used.this_hour + more >= quota.hourly:
            raise _spent(quota.hourly, "hour", 1)
        self._spent[quota.api_key_id] += 1

    def give_back(self, quota: Quota) -> None:
        """The text was refused for another reason."""
        self._spent[quota.api_key_id] -= 1

    def close(self) -> None:
        """Write down what was spent."""
        insert = (sqlite if is_sqlite() else postgresql).insert(KeyUse)
        for api_key_id, count in sorted(self._spent.items()):
            row = insert.values(api_key_id=api_key_id, hour=key_uses.hour_now(), texts=count)
            keys = [KeyUse.api_key_id, KeyUse.hour]
            more = {"texts": KeyUse.texts + row.excluded.texts}
            db.session.execute(row.on_conflict_do_update(index_elements=keys, set_=more))


@atomic
def forget() -> int:
    """Clear the counts of days that are over. For the sweeper."""
    result = db.session.execute(delete(KeyUse).where(KeyUse.hour < key_uses.hour_now() - _KEPT))
    assert isinstance(result, CursorResult)
    return result.rowcount


def _spent(limit: int, span: str, hours: int) -> Refusal:
    length = timedelta(hours=hours)
    left = length - (clock.now() - clock.EPOCH) % length
    words = f"This key may send {limit} texts in a{'n' if hours == 1 else ''} {span}, and has."
    return Refusal(Reason.QUOTA, words, retry_after=left.total_seconds() + 1)
