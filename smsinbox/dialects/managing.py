"""Programs manage their webhooks: what the carriers' own ways of saying so have in common."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from smsinbox.core.text import clean
from smsinbox.dialects.errors import Reason, Refusal
from smsinbox.dialects.reading import asked_object


@dataclass(frozen=True, slots=True)
class Endpoint:
    """A webhook of a program's; the secret is not always told."""

    id: str
    url: str
    events: Sequence[str]
    active: bool
    created_at: datetime
    secret: str = ""


@dataclass(frozen=True, slots=True)
class Posted:
    """One line of an endpoint's log; `succeeded` is None while it is tried."""

    id: int
    event: str
    succeeded: bool | None
    attempts: int
    answered: int | None
    at: datetime


def wanted(body: bytes, url_field: str) -> tuple[str, list[str]]:
    """The address and the events that a program asks for; raises Refusal."""
    document = asked_object(body)
    url, events = document.get(url_field), document.get("events")
    if not isinstance(url, str) or not url:
        raise Refusal(Reason.BAD_VALUE, f"'{url_field}' must be a URL.", field=url_field)
    if not isinstance(events, list) or not all(isinstance(one, str) for one in events):
        raise Refusal(Reason.BAD_VALUE, "'events' must be an array of strings.", field="events")
    return clean(url), [clean(one) for one in events]
