"""Files that nobody has a use for any more leave the shelf; the same content may serve another."""

from collections.abc import Collection
from functools import partial

from sqlalchemy import or_, select

from smsinbox.core import clock
from smsinbox.core.database import after_commit, atomic, db
from smsinbox.core.files import shelf
from smsinbox.models.attachment import Attachment
from smsinbox.models.transfer import Transfer
from smsinbox.models.upload import Upload

_AT_ONCE = 500  # names in a statement


def collect() -> int:
    """Throw away files that no row ever came to name, as when a process died: those of one part
    of the shelf, another one each minute; how many. For the sweeper."""
    names = shelf.old(int(clock.now().timestamp() // 60))  # before anything is open
    let_go = atomic(release)
    return sum(let_go(names[at : at + _AT_ONCE]) for at in range(0, len(names), _AT_ONCE))


def release(names: Collection[str | None]) -> int:
    """Throw away those of these files (by SHA-256) that no row names any more, once the transaction
    around us is committed; how many. The rows must have let go of them already."""
    wanted = {name for name in names if name}
    if not wanted:
        return 0
    db.session.flush()
    # In this order: what is sent between the two looks is found by one of them.
    held: set[str | None] = set(
        db.session.scalars(select(Upload.sha256).where(Upload.sha256.in_(wanted)))
    )
    sent = select(Attachment.sha256).where(Attachment.sha256.in_(wanted))
    held.update(db.session.scalars(sent))
    either = or_(Transfer.source.in_(wanted), Transfer.result.in_(wanted))
    for row in db.session.execute(select(Transfer.source, Transfer.result).where(either)):
        held.update(row)
    gone = wanted - held
    for name in gone:
        after_commit(partial(shelf.drop, name))
    return len(gone)
