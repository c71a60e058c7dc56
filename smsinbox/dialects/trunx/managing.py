"""How programs manage webhooks at Trunx: https://trunx.ai/docs/api/webhooks."""

from collections.abc import Sequence

from smsinbox.dialects.managing import Endpoint, Posted
from smsinbox.dialects.reading import stamp

URL_FIELD = "url"
_ID, _LOG = "whk_", "log_"
# Its page names no statuses; ours.
_STATUSES = {None: "pending", True: "delivered", False: "failed"}


def id_of(word: str) -> str:
    """Our id of an endpoint, of what a program calls it."""
    return word.removeprefix(_ID)


def made(endpoint: Endpoint) -> dict[str, object]:
    """The answer to the request that makes one: the only place where the secret is told."""
    return {
        "id": _ID + endpoint.id,
        "url": endpoint.url,
        "events": list(endpoint.events),
        "secret": endpoint.secret,
    }


def listed(endpoints: Sequence[Endpoint]) -> dict[str, object]:
    """All of a program's."""
    return {
        "webhooks": [
            {
                "id": _ID + endpoint.id,
                "url": endpoint.url,
                "events": list(endpoint.events),
                "active": endpoint.active,
                "createdAt": stamp(endpoint.created_at),
            }
            for endpoint in endpoints
        ]
    }


def log(posts: Sequence[Posted]) -> dict[str, object]:
    """What was posted to one of them."""
    return {
        "logs": [
            {
                "id": f"{_LOG}{posted.id}",
                "eventType": posted.event,
                "status": _STATUSES[posted.succeeded],
                "attempts": posted.attempts,
                "responseCode": posted.answered,
                "createdAt": stamp(posted.at),
            }
            for posted in posts
        ]
    }
