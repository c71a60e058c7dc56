"""The message detail record, which this API shows on request and posts as its delivery webhook.

https://developers.telnyx.com/development/migration/messaging-migration-guide has an example.
"""

import hashlib
from datetime import UTC, datetime
from decimal import Decimal
from uuid import NAMESPACE_URL, uuid5

from smsinbox.core import clock
from smsinbox.core.text import clean
from smsinbox.dialects.base import Cost, Rank, Stage, Taken
from smsinbox.dialects.telnyx_v1 import wire
from smsinbox.dialects.words import NO_FILE, NO_MEDIA

# Our own codes for what became of a text's files: what Telnyx would have said of them.
OF_FILES = {NO_FILE: "40317", NO_MEDIA: "40308"}
_STATUSES = {
    Rank.NONE: "queued",
    Rank.QUEUED: "queued",
    Rank.SENT: "sent",
    Rank.UNCONFIRMED: "dlr_unconfirmed",
    Rank.UNDELIVERED: "failed",
    Rank.DELIVERED: "delivered",
}
_STAGES = {
    Stage.SCHEDULED: "queued",
    Stage.QUEUED: "queued",
    Stage.SENDING: "sending",
    Stage.CANCELED: "failed",
    Stage.FAILED: "gw_reject",
}
# Empty until the phone's network reports. What it says of a failure is not documented; ours.
_DELIVERY_STATUSES = {Rank.DELIVERED: "success", Rank.UNDELIVERED: "failed"}


def mdr(
    taken: Taken, rank: Rank, updated: datetime, code: str = "", detail: str = ""
) -> dict[str, object]:
    """The record of a text as of `updated`; code and detail say why it did not arrive.

    We have no gateway, user or profile as Telnyx has, so their ids are made up, the same each time;
    of the phone's network we know nothing.
    """
    text = taken.text
    error = {"code": OF_FILES.get(code, code), "title": detail, "detail": detail}
    return {
        "type": "MMS" if text.media_urls else "SMS",
        "sms_id": taken.carrier_id,
        "sms_gw_id": _made_up("gateway", taken.carrier_id),
        "user_id": _made_up("user", ""),
        "profile_id": taken.asked.profile or _made_up("profile", text.sender),
        "status": _status(taken, rank),
        "delivery_status": _DELIVERY_STATUSES.get(rank, ""),
        "created": clock.micros(taken.at) // 1000,
        "updated": clock.micros(updated) // 1000,
        "date_created": _date(taken.at),
        "date_updated": _date(updated),
        "from": text.sender,
        "to": text.recipient,
        "direction": wire.OUTBOUND,
        "on_net": False,
        "carrier": "",
        "line_type": "",
        "cost": _amount(taken.cost),
        "currency": taken.cost.currency if taken.cost else None,
        "errors": [error] if code or detail else [],
        "body": _body(taken),
    }


def _status(taken: Taken, rank: Rank) -> str:
    never_left = rank is Rank.UNDELIVERED and taken.stage is Stage.FAILED
    if taken.stage and (rank <= Rank.QUEUED or never_left):
        return _STAGES[taken.stage]
    return _STATUSES[rank]


def _made_up(kind: str, name: str) -> str:
    return str(uuid5(NAMESPACE_URL, f"{wire.BASE_URL}/{kind}/{name}"))


def _date(at: datetime) -> str:
    return at.astimezone(UTC).replace(tzinfo=None).isoformat(timespec="microseconds")


def _amount(cost: Cost | None) -> str | None:
    """Null in every example that Telnyx shows; a string, as in its later API, is our choice."""
    return None if cost is None else f"{(Decimal(cost.micros) / 1_000_000).normalize():f}"


def _body(taken: Taken) -> dict[str, object]:
    """What `coding` means is not documented: as in SMPP, 0 is GSM 7-bit and 8 is UCS-2."""
    words = clean(taken.text.body)
    is_ucs_2 = taken.encoding.upper().startswith("UCS")
    encoded = words.encode("utf-16-be" if is_ucs_2 else "utf-8")
    return {
        "text": words,
        "text_hash": hashlib.sha256(words.encode()).hexdigest(),
        "coding": 8 if is_ucs_2 else 0,
        "num_chars": len(words),
        "num_bytes": len(encoded),
        "bytes_hash": hashlib.sha256(encoded).hexdigest(),
        "parts": taken.segments,
    }
