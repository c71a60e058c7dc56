"""What a carrier tells us of the texts that it takes and brings."""

import secrets

from smsinbox.core import clock
from smsinbox.dialects.base import Asked, InboundText, OutboundText, Progress, Rank, Taken
from smsinbox.sandbox_accounts import NUMBERS

_RANKS = {"sent": Rank.SENT, "delivered": Rank.DELIVERED, "failed": Rank.UNDELIVERED}


def text_from(phone: str, body: str) -> InboundText:
    """What a carrier reads off a handset."""
    return InboundText(secrets.token_hex(12), phone, NUMBERS["trunx"][0], body, None)


def receipt(carrier_id: str, status: str) -> Progress:
    """What a carrier tells about a text of ours: sent, delivered or failed."""
    asked = Asked(OutboundText("", "", ""))
    taken = Taken(carrier_id, asked, clock.now(), "GSM-7", 1)
    return Progress(taken, _RANKS[status], clock.now())
