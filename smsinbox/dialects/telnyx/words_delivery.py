"""Why a text that Telnyx had taken did not arrive, in words that an agent can act on.

https://developers.telnyx.com/docs/messaging/messages/error-codes. Its titles are what programs are
told when we are Telnyx.
"""

from typing import NamedTuple

from smsinbox.dialects.sides import Explanation, Who


class Delivery(NamedTuple):
    """One code of a failed delivery: its title at Telnyx, and what we say about it."""

    title: str
    words: str
    fix: str
    who: Who
    retry_makes_sense: bool


_CALL = "Call them, or ask for a mobile number."
_ASK = "Ask the person for another number."
_LATER = "Send it again later."
_REWRITE = "Rewrite it: links, capitals and advertising words are often the cause."
_REGISTER = "Register the number and its campaign (10DLC) with Telnyx."
_SENDER = "Look at the number you send from in Telnyx's portal."
_TOMORROW = "Send it again tomorrow, or ask Telnyx for a higher limit."

_AGENT, _ADMIN, _CONTACT = Who.AGENT, Who.ADMIN, Who.CONTACT

_TABLE: dict[str, Delivery] = {
    "40001": Delivery("Not routable", "Landline: it cannot receive texts.", _CALL, _CONTACT, False),
    "40002": Delivery(
        "Blocked as spam - temporary",
        "The person's carrier took this text for spam.",
        _REWRITE,
        _AGENT,
        False,
    ),
    "40003": Delivery(
        "Blocked as spam - permanent",
        "Carriers block the number you send from, because of spam.",
        "Send from another number; ask Telnyx how to lift the block.",
        _ADMIN,
        False,
    ),
    "40004": Delivery(
        "Rejected by destination",
        "The person's carrier refused this text.",
        "Ask the person whether they blocked you, or for another number.",
        _CONTACT,
        False,
    ),
    "40005": Delivery(
        "Message expired during transmission",
        "The phone was out of reach for too long.",
        _LATER,
        _AGENT,
        True,
    ),
    "40006": Delivery(
        "Recipient server unavailable",
        "The person's carrier could not be reached.",
        _LATER,
        _AGENT,
        True,
    ),
    "40007": Delivery(
        "Loop detected", "The text ran in a circle between carriers.", _ASK, _CONTACT, False
    ),
    "40008": Delivery(
        "Undeliverable",
        "The person's carrier could not deliver this text.",
        "Send it again later; the phone may be off, or the number no longer in use.",
        _AGENT,
        True,
    ),
    "40009": Delivery(
        "Invalid message body",
        "The person's carrier could not read this text.",
        "Write it again without unusual characters.",
        _AGENT,
        False,
    ),
    "40010": Delivery(
        "Not 10DLC registered",
        "The number you send from is not registered for texts.",
        _REGISTER,
        _ADMIN,
        True,
    ),
    "40011": Delivery(
        "Too many requests",
        "We sent faster than the person's carrier allows.",
        _LATER,
        _AGENT,
        True,
    ),
    "40012": Delivery(
        "Invalid destination number", "There is no such number.", _ASK, _CONTACT, False
    ),
    "40013": Delivery(
        "Invalid source number",
        "The number you send from cannot text this person.",
        _SENDER,
        _ADMIN,
        True,
    ),
    "40014": Delivery(
        "Message expired in queue",
        "It waited too long at the carrier and was not sent.",
        _LATER,
        _AGENT,
        True,
    ),
    "40015": Delivery(
        "Blocked by internal spam filter",
        "The carrier's spam filter stopped this text.",
        _REWRITE,
        _AGENT,
        False,
    ),
    "40016": Delivery(
        "T-Mobile limit reached",
        "T-Mobile takes no more texts from us today.",
        _TOMORROW,
        _ADMIN,
        True,
    ),
    "40017": Delivery("AT&T spam filter", "AT&T took this text for spam.", _REWRITE, _AGENT, False),
    "40018": Delivery(
        "AT&T limit reached",
        "AT&T takes no more texts from us for now.",
        _LATER,
        _AGENT,
        True,
    ),
    "40019": Delivery(
        "AT&T tag data mismatch",
        "AT&T does not know the campaign of the number you send from.",
        _REGISTER,
        _ADMIN,
        True,
    ),
    "40020": Delivery(
        "Blocked as traffic pumping",
        "The carrier takes texts to this number for fraud with codes.",
        "Wait a day before you send it again.",
        _AGENT,
        True,
    ),
}

TITLES = {code: each.title for code, each in _TABLE.items()}
DELIVERY = {code: Explanation(*each[1:]) for code, each in _TABLE.items()}
