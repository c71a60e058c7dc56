"""How much of its limits a program's key has used."""

from collections.abc import Iterable
from datetime import timedelta
from typing import NamedTuple

from sqlalchemy import case, func, select

from smsinbox.core import clock
from smsinbox.core.database import db
from smsinbox.models.key_use import KeyUse


class Used(NamedTuple):
    """Texts sent since the hour and the day began, in UTC."""

    this_hour: int
    today: int


def hour_now() -> int:
    """The hours since 1970."""
    return (clock.now() - clock.EPOCH) // timedelta(hours=1)


def used(api_key_ids: Iterable[int]) -> dict[int, Used]:
    """What each of these keys sent; nothing, where nothing was counted."""
    ids, hour = list(api_key_ids), hour_now()
    this_hour = func.sum(case((KeyUse.hour == hour, KeyUse.texts), else_=0))
    found = db.session.execute(
        select(KeyUse.api_key_id, this_hour, func.sum(KeyUse.texts))
        .where(KeyUse.api_key_id.in_(ids), KeyUse.hour >= hour - hour % 24)
        .group_by(KeyUse.api_key_id)
    )
    counted = {key: Used(int(hourly), int(daily)) for key, hourly, daily in found}
    return {key: counted.get(key, Used(0, 0)) for key in ids}
