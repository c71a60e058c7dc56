"""Pingram's codes, and those of the carriers behind it, in words that an agent can act on.

What Pingram's own codes mean is not documented beyond their names. Telnyx's are explained at
https://developers.telnyx.com/docs/messaging/messages/error-codes, Twilio's at
https://www.twilio.com/docs/api/errors.
"""

from smsinbox.dialects.sides import Explanation, Who
from smsinbox.dialects.words import explained

_BAD_NUMBER = Explanation(
    "This is not a number that can get texts.",
    "Check that it is complete and begins with + and its country code.",
    Who.AGENT,
    False,
)
_LANDLINE = Explanation(
    "Landline: it cannot receive texts.",
    "Call this person, or ask for a mobile number.",
    Who.CONTACT,
    False,
)
_STOPPED = Explanation(
    "This person has asked not to get texts.",
    "Do not text them again unless they text START to you.",
    Who.CONTACT,
    False,
)
_SPAM = Explanation(
    "This text was taken for spam.",
    "Rewrite it: shortened links and advertising words are often the cause.",
    Who.AGENT,
    False,
)
_NO_NUMBER = Explanation(
    "Pingram found no phone number for this text.",
    "Check the number of this contact.",
    Who.AGENT,
    False,
)
_NO_TEXT = Explanation(
    "There was nothing in this text.", "Write something, or add a picture.", Who.AGENT, False
)
_NO_TEMPLATE = Explanation(
    "Pingram has no template for our notification type.",
    "Check the notification type in this account's settings, and at Pingram.",
    Who.ADMIN,
    True,
)
_COUNTRY = Explanation(
    "This account cannot text that country.",
    "Ask Pingram to allow texts to this country.",
    Who.ADMIN,
    True,
)
_NO_REASON = Explanation(
    "Something went wrong on its way, and nobody told us what.",
    "Look whether the person reacts before you send it again: they might get it twice.",
    Who.AGENT,
    True,
)

WORDS: dict[str, Explanation] = {
    "INVALID_PHONE_NUMBER": _BAD_NUMBER,
    "INVALID_NUMBER": _BAD_NUMBER,
    "10002": _BAD_NUMBER,
    "10016": _BAD_NUMBER,
    "40310": _BAD_NUMBER,
    "13224": _BAD_NUMBER,
    "21211": _BAD_NUMBER,
    "40001": _LANDLINE,
    "21614": _LANDLINE,
    "30006": _LANDLINE,
    "40300": _STOPPED,
    "21610": _STOPPED,
    "SPAM_CONTENT": _SPAM,
    "40002": _SPAM,
    "40322": _SPAM,
    "30007": _SPAM,
    "MISSING_SMS_RECIPIENT": _NO_NUMBER,
    "NO_ADDRESS": _NO_NUMBER,
    "MISSING_SMS_MESSAGE": _NO_TEXT,
    "40316": _NO_TEXT,
    "TEMPLATE_NOT_FOUND": _NO_TEMPLATE,
    "NO_DEFAULT_TEMPLATE": _NO_TEMPLATE,
    "40301": _COUNTRY,
    "40309": _COUNTRY,
    "21215": _COUNTRY,
    "Unknown": _NO_REASON,
    "30008": _NO_REASON,
    "USAGE_LIMIT": Explanation(
        "The Pingram account has used up what it may send.",
        "Top it up, or move it to a larger plan.",
        Who.ADMIN,
        True,
    ),
    "VERIFICATION_LIMIT": Explanation(
        "Pingram lets this account send no more until it is verified.",
        "Verify the account at Pingram.",
        Who.ADMIN,
        True,
    ),
    "SMS_FREE_RESTRICTED": Explanation(
        "Pingram's free plan does not allow this text.",
        "Move the Pingram account to a paid plan.",
        Who.ADMIN,
        True,
    ),
    "40010": Explanation(
        "The number we send from is not registered for texts to the US.",
        "Register it for 10DLC at Pingram.",
        Who.ADMIN,
        True,
    ),
    "40305": Explanation(
        "The number we send from does not belong to this Pingram account.",
        "Check the numbers of this account, here and at Pingram.",
        Who.ADMIN,
        True,
    ),
    "21612": Explanation(
        "The number we send from cannot reach this one.",
        "Send it from another number, if there is one.",
        Who.AGENT,
        False,
    ),
    "21265": Explanation(
        "Short code: it cannot be texted from here.",
        "Ask for a number with a country code.",
        Who.AGENT,
        False,
    ),
    "30005": Explanation(
        "The phone's network does not know this number.",
        "It may be out of use or switched off: check it, or try again later.",
        Who.CONTACT,
        True,
    ),
    "30453": Explanation(
        "Texts to this number are blocked for some hours, because they looked like fraud.",
        "Send it again in a few hours.",
        Who.AGENT,
        True,
    ),
    "40302": Explanation("This text is too long.", "Shorten it.", Who.AGENT, False),
    "40308": Explanation(
        "The number we send from cannot send pictures.",
        "Send it without a picture.",
        Who.AGENT,
        False,
    ),
    "40317": Explanation(
        "There are too many pictures, or they are too large.",
        "Send at most ten, together below 1 MB.",
        Who.AGENT,
        False,
    ),
}


def explain(code: str | None) -> Explanation:
    """What a code means, what helps, and whether sending the same again can; never fails."""
    return explained(code, WORDS)
