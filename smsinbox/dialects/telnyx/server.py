"""We are Telnyx: read what customers send, answer as it would, sign the webhooks it would post."""

import math

import orjson

from smsinbox.dialects.base import (
    Announcement,
    Asked,
    Credentials,
    Happening,
    Posting,
    Progress,
    Rank,
    SignedRequest,
    Stage,
    Taken,
)
from smsinbox.dialects.errors import Reason, Refusal
from smsinbox.dialects.sides import Reply, Secrets
from smsinbox.dialects.telnyx import asking, signing, wire
from smsinbox.dialects.telnyx.documents import error_document, event_document, message_document
from smsinbox.dialects.telnyx.reasons import ERRORS, OF_STATUS

SEND_PATHS = (
    wire.MESSAGES,
    wire.NUMBER_POOL,
    wire.LONG_CODE,
    wire.SHORT_CODE,
    wire.ALPHANUMERIC,
    wire.SCHEDULE,
)
EVENTS = {
    Happening.RECEIVED: wire.RECEIVED,
    Happening.SENT: wire.SENT,
    Happening.UNCONFIRMED: wire.FINALIZED,
    Happening.FAILED: wire.FINALIZED,
    Happening.DELIVERED: wire.FINALIZED,
}


def key_of(request: SignedRequest) -> str | None:
    """The bearer key."""
    scheme, _, key = (request.header("Authorization") or "").partition(" ")
    return key.strip() or None if scheme.lower() == "bearer" else None


def accept(path: str, body: bytes) -> Asked:
    """What a program asks for at one of the paths, every documented field; raises Refusal."""
    return asking.read(path, body)


def answer(taken: Taken) -> Reply:
    """Taken: the whole message. 200 is the reference's status; one guide says 201."""
    return Reply(200, {"data": message_document(taken)}, "application/json", {})


def show(progress: Progress) -> Reply:
    """A text as it is now, for a program that asks."""
    failed = progress.taken.stage is Stage.FAILED
    reached = progress if failed or progress.rank > Rank.QUEUED else None
    document = message_document(progress.taken, reached)
    return Reply(200, {"data": document}, "application/json", {})


def canceled(taken: Taken) -> Reply:
    """A scheduled text was taken back. This one answer has no `data` around it, by the model that
    Telnyx's own client (4.189) has of it."""
    return Reply(200, message_document(taken), "application/json", {})


def refuse(refusal: Refusal) -> Reply:
    """Telnyx's list of errors, which here has one; with Retry-After where the refusal has it."""
    usual, code, title = ERRORS[refusal.reason]
    status = refusal.status or usual
    if refusal.status:
        code, title = OF_STATUS.get(status, (code, title))
    pointer = f"/{refusal.field}" if refusal.field else ""
    error = error_document(code, title, refusal.detail, pointer)
    headers = {"WWW-Authenticate": "Bearer"} if status == 401 else {}
    if refusal.retry_after is not None:
        seconds = str(math.ceil(refusal.retry_after))
        headers["Retry-After"] = seconds
        if refusal.reason is Reason.RATE:
            headers["x-ratelimit-reset"] = seconds
    return Reply(refusal.status or status, {"errors": [error]}, "application/json", headers)


def new_secrets() -> Secrets:
    """A private seed that signs, and the public key that programs check with."""
    return signing.new_pair()


def announce(
    event: Announcement, credentials: Credentials, posting: Posting
) -> SignedRequest | None:
    """The signed webhook for a text, or for one of a program's that was sent or got its end.

    `credentials.secret` is what signs. A change of consent is none of Telnyx's webhooks.
    """
    document = event_document(event, credentials, posting)
    if document is None:
        return None
    body = orjson.dumps(document)
    timestamp = str(int(posting.now.timestamp()))
    headers = {
        "Content-Type": "application/json",
        signing.TIMESTAMP_HEADER: timestamp,
        signing.SIGNATURE_HEADER: signing.sign(credentials.secret, timestamp, body),
    }
    return SignedRequest(headers, body)
