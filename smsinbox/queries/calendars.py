"""Opening hours as the rules take them."""

from sqlalchemy import select

from smsinbox.core.database import db
from smsinbox.models.calendar import Calendar
from smsinbox.rules.calendar import Hours, calendar


def hours() -> dict[str, Hours]:
    """Every calendar made ready, by its name."""
    rows = db.session.scalars(select(Calendar))
    return {row.name: Hours(calendar(row.definition)) for row in rows}
