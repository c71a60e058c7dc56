"""The job behind the doorbell: works on files of contacts until none waits or its time is over."""

import logging
import time
from collections.abc import Callable

from sqlalchemy.exc import SQLAlchemyError

from smsinbox.core.database import db
from smsinbox.core.doorbell import bell, ring
from smsinbox.core.errors import Problem
from smsinbox.models.transfer import TransferKind, TransferState
from smsinbox.services import contact_export, contact_import, person_export, transfers
from smsinbox.services.transfers import Hold, Lost

log = logging.getLogger(__name__)

PATIENCE = 15.0  # seconds: texts wait behind this job where there is one worker
_WORK: dict[str, Callable[[Hold, float], None]] = {
    TransferKind.IMPORT: contact_import.work,
    TransferKind.EXPORT: contact_export.work,
    TransferKind.PERSON: person_export.work,
}


def carry(transfer_id: int) -> None:
    """Work on whatever waits, this one or any other."""
    bell.heard(carry)
    count = carry_ready(PATIENCE)
    log.info("carried", extra={"transfer_id": transfer_id, "count": count})


def carry_ready(patience: float) -> int:
    """Work on files for so many seconds; how many were taken up."""
    ends, count = time.monotonic() + patience, 0
    while time.monotonic() < ends and (hold := transfers.claim()) is not None:
        count += 1
        if hold.transfer.is_busy:
            _carry(hold, ends)
    if time.monotonic() >= ends:
        ring(carry, 0)
    return count


def _carry(hold: Hold, ends: float) -> None:
    try:
        _WORK[hold.transfer.kind](hold, ends)
    except Lost:
        log.info("let go", extra={"transfer_id": hold.transfer.id})
    except SQLAlchemyError:
        db.session.rollback()  # it is taken up again when the hold ends
        log.exception("this step failed", extra={"transfer_id": hold.transfer.id})
    except (Problem, OSError) as error:
        db.session.rollback()
        log.exception("cannot be done", extra={"transfer_id": hold.transfer.id})
        words = str(error) if isinstance(error, Problem) else "Its file cannot be read or written."
        transfers.finish(hold, TransferState.FAILED, None, words)
