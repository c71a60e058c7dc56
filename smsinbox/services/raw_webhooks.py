"""Raw webhooks that name a phone lose their bytes; that they came, and their ids, stays known."""

from collections.abc import Sequence

from sqlalchemy import LargeBinary, bindparam, func, or_, select, text, update

from smsinbox.core.database import atomic, db, is_sqlite
from smsinbox.models.webhook import Webhook

_BATCH = 5000  # rows a look
_GONE = "Erased with its contact."


def forget(phones: Sequence[str], after: int = 0) -> tuple[int, int]:
    """Empty those behind this id; how many, and the id of the last one that was looked at."""
    count, newest = 0, db.session.scalar(select(func.max(Webhook.id))) or 0
    while after < newest:
        until = min(after + _BATCH, newest)
        found = _naming(phones, after, until)
        if found:
            _empty(found)
            count += len(found)
        after = until
    return count, after


def _naming(phones: Sequence[str], after: int, until: int) -> list[int]:
    """By the digits alone: they stand in JSON and in forms, with a + or with %2B before them."""
    found = "instr(body, {})" if is_sqlite() else "position({} IN body)"
    needles = {f"n{i}": _digits(phone) for i, phone in enumerate(phones)}
    looks = [
        text(f"{found.format(f':{name}')} > 0").bindparams(
            bindparam(name, needle, type_=LargeBinary)
        )
        for name, needle in needles.items()
    ]
    query = select(Webhook.id).where(Webhook.id > after, Webhook.id <= until, or_(*looks))
    return list(db.session.scalars(query))


@atomic
def _empty(ids: Sequence[int]) -> None:
    changed = update(Webhook).where(Webhook.id.in_(ids)).values(body=b"", reason=_GONE)
    db.session.execute(changed.execution_options(synchronize_session=False))


def _digits(phone: str) -> bytes:
    return phone.removeprefix("+").encode()
