"""Numbers behind which machines answer."""

from sqlalchemy import select

from smsinbox.core.database import db
from smsinbox.models.paired_number import PairedNumber


def all_paired() -> list[PairedNumber]:
    """Every one, by number."""
    return list(db.session.scalars(select(PairedNumber).order_by(PairedNumber.phone)))
