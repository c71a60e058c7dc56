"""The side that programs see of a carrier: sending a text, and registering a webhook."""

import contextlib
import secrets
import select
import socket
import time
import uuid

import orjson
from flask import Blueprint, Response, current_app, request

from smsinbox.core import clock
from smsinbox.dialects import DIALECTS
from smsinbox.dialects.base import Asked, Media, SignedRequest, Taken
from smsinbox.dialects.errors import Reason, Refusal
from smsinbox.dialects.sides import Reply, Server
from smsinbox.sandbox.accounts import Registration
from smsinbox.sandbox.faults import ReceiptFaults
from smsinbox.sandbox.parts import json_answer, parts, require_json, valid
from smsinbox.sandbox.store import Plan, Text

BETWEEN_RECEIPTS = 0.3  # seconds, so that a person can see them come
LONGEST_SILENCE = 60.0

_FORM = "application/x-www-form-urlencoded"  # an old carrier takes it, too

_REFUSALS = {
    "401": (Reason.UNAUTHORIZED, "The API key is missing or invalid."),
    "429": (Reason.RATE, "Too many requests."),
    "500": (Reason.INTERNAL, "An unexpected error occurred."),
    "503": (Reason.UNAVAILABLE, "The service is busy."),
    "reject": (Reason.CONTENT, "Message content was flagged by the compliance scanner."),
    "error-200": (Reason.CONTENT, "Message content was flagged by the compliance scanner."),
}

carrier = Blueprint("carrier", __name__)


def send(dialect: str) -> Response:
    """Take a text as this carrier would, or misbehave as the knobs say."""
    server = DIALECTS[dialect].server
    try:
        return _answered(dialect, server)
    except Refusal as refusal:
        return _response(server.refuse(refusal))


for _dialect in DIALECTS.values():
    for _path in _dialect.server.SEND_PATHS:
        carrier.add_url_rule(
            _path, _path, send, methods=["POST"], defaults={"dialect": _dialect.name}
        )


def _answered(dialect: str, server: Server) -> Response:
    key = _key(server)
    body = request.get_data()
    if request.mimetype != _FORM or body.startswith(b"{"):
        require_json()
    asked = server.accept(request.path, body)
    faults = parts().knobs.next(dialect)
    if faults.answer in _REFUSALS:
        reason, detail = _REFUSALS[faults.answer]
        time.sleep(faults.delay)
        status = 200 if faults.answer == "error-200" else None
        raise Refusal(reason, detail, retry_after=faults.retry_after, status=status)
    if (asked.text.recipient, asked.text.sender) in parts().blocked:
        raise Refusal(Reason.OPTED_OUT, "This person has said STOP.")
    taken = _take(asked, key, faults.receipts)
    time.sleep(faults.delay)
    if faults.answer in ("timeout", "drop"):
        return _hang_up(LONGEST_SILENCE if faults.answer == "timeout" else 0)
    return _response(server.answer(taken))


@carrier.post("/api/webhooks")
def register() -> Response:
    """Where this key's webhooks go from now on; the answer holds their new secret."""
    trunx = DIALECTS["trunx"].server
    try:
        key = _key(trunx)
    except Refusal as refusal:
        return _response(trunx.refuse(refusal))
    registration = valid(Registration)
    account = parts().accounts.register(key, registration)
    document = {
        "id": "whk_" + secrets.token_hex(8),
        "url": account.webhook_url,
        "events": registration.events,
        "secret": account.secret,
    }
    return json_answer(document, 201)


def _key(server: Server) -> str:
    key = server.key_of(SignedRequest(dict(request.headers), b""))
    if not key:
        raise Refusal(Reason.UNAUTHORIZED, "The API key is missing.")
    return key


def _take(asked: Asked, key: str, faults: ReceiptFaults) -> Taken:
    """Put a text on its handset; its receipts go to the account of the key, if there is one.

    A number that another account owns is no handset: that account hears of the text, as when two
    customers of a carrier text each other.
    """
    now, store, courier = clock.now(), parts().store, parts().courier
    kept = Text(
        id=str(uuid.uuid4()),
        handset=asked.text.recipient,
        direction="in",
        sender=asked.text.sender,
        recipient=asked.text.recipient,
        body=asked.text.body,
        at=now,
        asked=asked,
        media=tuple(Media(url) for url in asked.text.media_urls),
    )
    is_known = parts().accounts.of(key) is not None
    plans = _receipts(faults, key, now.timestamp()) if is_known else []
    if owner := parts().accounts.owner(kept.recipient):
        plans.append(Plan("received", owner, now.timestamp() + faults.delay))
    numbers = store.add(kept, plans, owner=key if is_known else "")
    if faults.before_answer:
        for number in numbers:
            courier.post_now(number)
    else:
        courier.bring(zip((plan.due for plan in plans), numbers, strict=True))
    return kept.taken()


def _receipts(faults: ReceiptFaults, key: str, now: float) -> list[Plan]:
    if faults.drop:
        return []
    kinds = ["sent", "failed" if faults.fail else "delivered"]
    if faults.reorder:
        kinds.reverse()
    return [
        Plan(kind, key, now + faults.delay + step * BETWEEN_RECEIPTS)
        for step, kind in enumerate(kinds)
        for _ in range(1 + faults.duplicate)
    ]


def _hang_up(seconds: float) -> Response:
    """Close the connection without a word, after `seconds` unless the other side goes first."""
    connection: socket.socket | None = request.environ.get("gunicorn.socket")
    if connection is None:
        current_app.logger.warning("this server cannot hang up, so it answers 504")
        return Response(status=504)
    # Suppressed: the other side may be gone by now, which is what we wanted.
    with contextlib.suppress(OSError):
        end = time.monotonic() + seconds
        while (left := end - time.monotonic()) > 0:
            readable, _, _ = select.select([connection], [], [], left)
            if not readable or not connection.recv(65_536):
                break
        connection.shutdown(socket.SHUT_RDWR)
    return Response(status=204)


def _response(reply: Reply) -> Response:
    body = orjson.dumps(reply.body)
    return Response(body, reply.status, reply.headers, mimetype=reply.media_type)
