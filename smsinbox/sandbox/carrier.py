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
from smsinbox.dialects.base import OutboundText, Refusal, Reply
from smsinbox.dialects.trunx import server
from smsinbox.sandbox.accounts import Registration
from smsinbox.sandbox.faults import ReceiptFaults
from smsinbox.sandbox.parts import json_answer, parts, require_json, valid
from smsinbox.sandbox.store import Plan, Text

BETWEEN_RECEIPTS = 0.3  # seconds, so that a person can see them come
LONGEST_SILENCE = 60.0

_REFUSALS = {
    "401": ("unauthorized", "The API key is missing or invalid."),
    "429": ("rate-limited", "Too many requests."),
    "500": ("internal-error", "An unexpected error occurred."),
    "503": ("unavailable", "The service is busy."),
    "reject": ("content-blocked", "Message content was flagged by the compliance scanner."),
}

carrier = Blueprint("carrier", __name__)


@carrier.errorhandler(Refusal)
def refused(refusal: Refusal) -> Response:
    return _response(server.refuse(refusal))


@carrier.post("/api/sms")
def send() -> Response:
    """Take a text as Trunx would, or misbehave as the knobs say."""
    key = _bearer()
    require_json()
    text = server.accept(request.get_data())
    faults = parts().knobs.next()
    if faults.answer in _REFUSALS:
        code, detail = _REFUSALS[faults.answer]
        time.sleep(faults.delay)
        raise server.problem(code, detail, faults.retry_after)
    taken = _take(text, key, faults.receipts)
    time.sleep(faults.delay)
    if faults.answer in ("timeout", "drop"):
        return _hang_up(LONGEST_SILENCE if faults.answer == "timeout" else 0)
    return _response(server.answer(taken))


@carrier.post("/api/webhooks")
def register() -> Response:
    """Where this key's webhooks go from now on; the answer holds their new secret."""
    key = _bearer()
    registration = valid(Registration)
    account = parts().accounts.register(key, registration)
    document = {
        "id": "whk_" + secrets.token_hex(8),
        "url": account.webhook_url,
        "events": registration.events,
        "secret": account.secret,
    }
    return json_answer(document, 201)


def _bearer() -> str:
    scheme, _, key = request.headers.get("Authorization", "").partition(" ")
    if scheme.lower() != "bearer" or not key.strip():
        raise server.problem("unauthorized", "The API key is missing.")
    return key.strip()


def _take(text: OutboundText, key: str, faults: ReceiptFaults) -> str:
    """Put a text on its handset; its receipts go to the account of the key, if there is one."""
    now, store, courier = clock.now(), parts().store, parts().courier
    kept = Text(
        id=str(uuid.uuid4()),
        handset=text.recipient,
        direction="in",
        sender=text.sender,
        recipient=text.recipient,
        body=text.body,
        at=now,
    )
    is_known = parts().accounts.of(key) is not None
    plans = _receipts(faults, key, now.timestamp()) if is_known else []
    numbers = store.add(kept, plans, owner=key if is_known else "")
    if faults.before_answer:
        for number in numbers:
            courier.post_now(number)
    else:
        courier.bring(zip((plan.due for plan in plans), numbers, strict=True))
    return kept.id


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
