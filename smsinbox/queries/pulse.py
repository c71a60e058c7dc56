"""How well the house goes at this moment, as everybody's screen may honestly say it."""

from datetime import datetime
from typing import NamedTuple

from smsinbox.core import clock, events
from smsinbox.core.database import db
from smsinbox.core.events import Cursor
from smsinbox.core.i18n import _l
from smsinbox.models.lease import SWEEPER, TERM, Lease
from smsinbox.queries import outbox

# Seconds that are no delay yet. A healthy house takes a tenth of the first two.
_DRAWN_WITHIN = 3.0
_SENT_WITHIN = 4.0
_SWEPT_WITHIN = 5.5  # a sweeper's term is five, renewed every second


class Pulse(NamedTuple):
    """So many changes are not drawn yet; `behind` are seconds, and `words` say of what, in the
    language of whoever reads them."""

    left: int = 0
    behind: int = 0
    words: str = ""


def pulse(cursor: Cursor) -> Pulse:
    """Of a process whose screens have come as far as the cursor. The worst is told."""
    left, oldest = events.ahead(cursor)
    drawing = _age(oldest)
    if drawing > _DRAWN_WITHIN:
        return Pulse(left, round(drawing), _l("What happens is shown late."))
    sending = outbox.oldest_wait() or 0.0
    if sending > _SENT_WITHIN:
        return Pulse(left, round(sending), _l("Texts leave late. They are kept, and will be sent."))
    lease = db.session.get(Lease, SWEEPER, populate_existing=True)
    if lease is None:
        return Pulse(left, 0, _l("The sweeper has never run: an admin should start it."))
    swept = _age(lease.until - TERM)
    if swept > _SWEPT_WITHIN:
        words = _l("The sweeper stands still: retries and scheduled texts wait. Tell an admin.")
        return Pulse(left, round(swept), words)
    return Pulse(left)


def _age(at: datetime | None) -> float:
    return 0.0 if at is None else (clock.now() - at).total_seconds()
