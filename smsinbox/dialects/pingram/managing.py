"""How programs manage webhooks at Pingram, as its official client (PyPI pingram-python 1.0.39) has
it: the secret is told whenever an endpoint is."""

from collections.abc import Sequence
from fnmatch import fnmatchcase

from smsinbox.dialects.managing import Endpoint
from smsinbox.dialects.pingram.server import EVENTS

URL_FIELD = "webhook"


def shown(endpoint: Endpoint) -> dict[str, object]:
    """One endpoint; patterns are spelled out, as the client takes known names only."""
    return {
        "id": endpoint.id,
        "webhook": endpoint.url,
        "events": _spelled_out(endpoint.events),
        "secret": endpoint.secret,
    }


def listed(endpoints: Sequence[Endpoint]) -> dict[str, object]:
    """All of a program's."""
    return {"endpoints": [shown(endpoint) for endpoint in endpoints]}


def _spelled_out(events: Sequence[str]) -> list[str]:
    names: list[str] = []
    for event in events:
        ours = [name for name in EVENTS.values() if fnmatchcase(name, event)]
        names += ours if "*" in event else [event]
    return list(dict.fromkeys(names))
