"""How far somebody who must miss nothing has read the log of events."""

from smsinbox.core.database import db
from smsinbox.core.events import Cursor
from smsinbox.models.reader import Reader


def read_up_to(name: str) -> Cursor | None:
    """The last entry that this reader has dealt with; None before the first."""
    reader = db.session.get(Reader, name, populate_existing=True)
    return Cursor(reader.txid, reader.entry_id) if reader else None
