"""The keys that programs sign in with."""

from sqlalchemy import select

from smsinbox.core.database import db
from smsinbox.core.errors import NotFound
from smsinbox.models.api_key import ApiKey


def all_keys() -> list[ApiKey]:
    """Every key, usable ones first, newest first."""
    order = (ApiKey.revoked_at.is_not(None), ApiKey.id.desc())
    return list(db.session.scalars(select(ApiKey).order_by(*order)))


def found(key_id: int) -> ApiKey:
    """The key; raises NotFound."""
    key = db.session.get(ApiKey, key_id)
    if key is None:
        raise NotFound
    return key
