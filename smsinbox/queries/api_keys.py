"""The keys that programs sign in with."""

from sqlalchemy import select

from smsinbox.core.database import db
from smsinbox.models.api_key import ApiKey


def all_keys() -> list[ApiKey]:
    """Every key, usable ones first, newest first."""
    order = (ApiKey.revoked_at.is_not(None), ApiKey.id.desc())
    return list(db.session.scalars(select(ApiKey).order_by(*order)))
