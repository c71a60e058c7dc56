"""How healthy our numbers are: how many of their newest texts did not arrive."""

from collections.abc import Sequence
from datetime import timedelta
from typing import NamedTuple

from sqlalchemy import bindparam, text

from smsinbox.core import clock
from smsinbox.core.database import db

LOOK_AT = 100  # texts, or those of a day, whichever are fewer
LOOK_BACK = timedelta(hours=24)
FEWEST = 20  # texts that say anything at all
# Ours: Telnyx skips unhealthy numbers of a pool, and we know of no page that says what makes one:
# https://developers.telnyx.com/docs/messaging/messages/number-pool
WORST = 0.75

_RECENT = """
  (SELECT {what} FROM (
    SELECT m.delivery FROM message m
    WHERE m.number_id = n.id AND m.direction = 'outbound' AND m.state = 'accepted'
      AND m.delivery >= 40 AND m.created_at >= :since
    ORDER BY m.id DESC LIMIT :most) AS recent)
"""
_HEALTH = text(
    f"""
    SELECT n.id, {_RECENT.format(what="COUNT(*)")},
      {_RECENT.format(what="COALESCE(SUM(CASE WHEN delivery = 60 THEN 0 ELSE 1 END), 0)")}
    FROM number n WHERE n.id IN :ids
    """
).bindparams(bindparam("ids", expanding=True))


class Health(NamedTuple):
    """Of so many texts of which we know the end, so many did not arrive."""

    texts: int
    lost: int

    @property
    def is_known(self) -> bool:
        return self.texts >= FEWEST

    @property
    def share_lost(self) -> float:
        return self.lost / self.texts if self.texts else 0.0

    @property
    def is_good(self) -> bool:
        """Of a number that has sent too little to tell, nothing bad is thought."""
        return not self.is_known or self.share_lost <= WORST


def of_numbers(number_ids: Sequence[int]) -> dict[int, Health]:
    """The health of each of these numbers."""
    if not number_ids:
        return {}
    since = clock.micros(clock.now() - LOOK_BACK)
    asked = {"ids": list(number_ids), "since": since, "most": LOOK_AT}
    return {id: Health(texts, int(lost)) for id, texts, lost in db.session.execute(_HEALTH, asked)}
