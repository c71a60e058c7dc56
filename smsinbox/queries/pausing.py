"""Whether sending is paused."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select, true

from smsinbox.core.database import db
from smsinbox.core.i18n import _
from smsinbox.models.number import Number
from smsinbox.queries.inbox import inbox


@dataclass(frozen=True, slots=True)
class Pause:
    """Who let nothing leave, since when, and whether from all numbers."""

    by: str
    at: datetime
    everywhere: bool


def numbers_paused() -> int:
    """From how many numbers nothing leaves now."""
    held = Number.paused_at.is_not(None) if inbox().paused_at is None else true()
    return db.session.scalar(select(func.count()).select_from(Number).where(held)) or 0


def pause_of(number: Number | None) -> Pause | None:
    """Why nothing leaves from this number, with None from any; None when texts may leave."""
    house = inbox()
    for held in (house, number):
        if held is not None and held.paused_at is not None:
            return Pause(held.paused_by or _("an admin"), held.paused_at, held is house)
    return None
