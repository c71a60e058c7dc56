"""Telling Trunx where our webhooks go, and asking what became of them, through its API.

https://trunx.ai/docs/api/webhooks: `POST /api/webhooks` answers with the secret, shown only there.
"""

from collections.abc import Mapping

import httpx
import orjson
from pydantic import Field, ValidationError

from smsinbox.dialects.base import Credentials
from smsinbox.dialects.errors import Misconfigured, Uncertain
from smsinbox.dialects.http import Answer, exchange
from smsinbox.dialects.reading import Wire, parse
from smsinbox.dialects.sides import LoggedPost
from smsinbox.dialects.trunx import wire
from smsinbox.dialects.trunx.outcome import failure

_PATH = "/api/webhooks"


class _Registered(Wire):
    secret: str = Field(min_length=1, max_length=500)


class _Known(Wire):
    id: str
    url: str = ""


class _All(Wire):
    webhooks: list[_Known] = Field(default_factory=list)


class _Log(Wire):
    event: str = Field(default="", validation_alias="eventType")
    status: str = ""
    attempts: int = 0
    code: int | None = Field(default=None, validation_alias="responseCode")
    at: str = Field(default="", validation_alias="createdAt")


class _Logs(Wire):
    logs: list[_Log] = Field(default_factory=list)


def register(url: str, credentials: Credentials, http: httpx.Client) -> str:
    """Have all events of texts posted there; the secret that signs them. Raises CarrierError."""
    body = orjson.dumps({"url": url, "events": ["sms.*"]})
    answer = _ask("POST", _PATH, credentials, http, body)
    try:
        return _Registered.model_validate(parse(answer.body)).secret
    except (ValueError, ValidationError):
        raise Uncertain("The answer names no secret.", code="strange-answer") from None


def logs(url: str, credentials: Credentials, http: httpx.Client) -> list[LoggedPost]:
    """The newest posts to that address, newest first as Trunx lists them; raises CarrierError."""
    try:
        known = _All.model_validate(parse(_ask("GET", _PATH, credentials, http).body)).webhooks
        ours = [one.id for one in known if one.url == url]
        if not ours:
            raise Misconfigured("Trunx has no webhook with this address.", code="address")
        path = f"{_PATH}/{ours[-1]}/logs?limit=20"
        found = _Logs.model_validate(parse(_ask("GET", path, credentials, http).body)).logs
    except (ValueError, ValidationError):
        raise Uncertain("The answer is no list of webhooks.", code="strange-answer") from None
    return [LoggedPost(one.event, one.status, one.attempts, one.code, one.at) for one in found]


def _ask(
    method: str, path: str, credentials: Credentials, http: httpx.Client, body: bytes = b""
) -> Answer:
    url = (credentials.base_url or wire.BASE_URL).rstrip("/") + path
    headers: Mapping[str, str] = {
        "Authorization": f"Bearer {credentials.key}",
        "Accept": "application/json",
        **({"Content-Type": "application/json"} if body else {}),
    }
    answer = exchange(http, method, url, headers=headers, body=body)
    if not 200 <= answer.status < 300:
        raise failure(answer)
    return answer
