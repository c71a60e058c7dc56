"""Opening hours as the rules take them."""

from sqlalchemy import select

from smsinbox.core.database import db
from smsinbox.models.calendar import Calendar
from smsinbox.rules.calendar import Hours, calendar


def hours() -> dict[str, Hours]:
    """Every calendar made ready, by its name."""
    rows = db.session.scalars(select(Calendar))
    return {row.name: Hours(calendar(row.definition)) for row in rows}


def all_of() -> list[Calendar]:
    """All of them, by name."""
    return list(db.session.scalars(select(Calendar).order_by(Calendar.name)))
