"""Pingram's codes, and those of the carriers behind it, in words that an agent can act on.

What Pingram's own codes mean is not documented beyond their names. Telnyx's are explained at
https://developers.telnyx.com/docs/messaging/messages/error-codes, Twilio's at
https://www.twilio.com/docs/api/errors.
"""

from smsinbox.core.i18n import _l
from smsinbox.dialects.sides import Explanation, Who
from smsinbox.dialects.words import explained

_BAD_NUMBER = Explanation(
    _l("This is not a number that can get texts."),
    _l("Check that it is complete and begins with + and its country code."),
    Who.AGENT,
    False,
)
_LANDLINE = Explanation(
    _l("Landline: it cannot receive texts."),
    _l("Call this person, or ask for a mobile number."),
    Who.CONTACT,
    False,
)
_STOPPED = Explanation(
    _l("This person has asked not to get texts."),
    _l("Do not text them again unless they text START to you."),
    Who.CONTACT,
    False,
)
_SPAM = Explanation(
    _l("This text was taken for spam."),
    _l("Rewrite it: shortened links and advertising words are often the cause."),
    Who.AGENT,
    False,
)
_NO_NUMBER = Explanation(
    _l("Pingram found no phone number for this text."),
    _l("Check the number of this contact."),
    Who.AGENT,
    False,
)
_NO_TEXT = Explanation(
    _l("There was nothing in this text."),
    _l("Write something, or add a picture."),
    Who.AGENT,
    False,
)
_NO_TEMPLATE = Explanation(
    _l("Pingram has no template for our notification type."),
    _l("Check the notification type in this account's settings, and at Pingram."),
    Who.ADMIN,
    True,
)
_COUNTRY = Explanation(
    _l("This account cannot text that country."),
    _l("Ask Pingram to allow texts to this country."),
    Who.ADMIN,
    True,
)
_NO_REASON = Explanation(
    _l("Something went wrong on its way, and nobody told us what."),
    _l("Look whether the person reacts before you send it again: they might get it twice."),
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
        _l("The Pingram account has used up what it may send."),
        _l("Top it up, or move it to a larger plan."),
        Who.ADMIN,
        True,
    ),
    "VERIFICATION_LIMIT": Explanation(
        _l("Pingram lets this account send no more until it is verified."),
        _l("Verify the account at Pingram."),
        Who.ADMIN,
        True,
    ),
    "SMS_FREE_RESTRICTED": Explanation(
        _l("Pingram's free plan does not allow this text."),
        _l("Move the Pingram account to a paid plan."),
        Who.ADMIN,
        True,
    ),
    "40010": Explanation(
        _l("The number we send from is not registered for texts to the US."),
        _l("Register it for 10DLC at Pingram."),
        Who.ADMIN,
        True,
    ),
    "40305": Explanation(
        _l("The number we send from does not belong to this Pingram account."),
        _l("Check the numbers of this account, here and at Pingram."),
        Who.ADMIN,
        True,
    ),
    "21612": Explanation(
        _l("The number we send from cannot reach this one."),
        _l("Send it from another number, if there is one."),
        Who.AGENT,
        False,
    ),
    "21265": Explanation(
        _l("Short code: it cannot be texted from here."),
        _l("Ask for a number with a country code."),
        Who.AGENT,
        False,
    ),
    "30005": Explanation(
        _l("The phone's network does not know this number."),
        _l("It may be out of use or switched off: check it, or try again later."),
        Who.CONTACT,
        True,
    ),
    "30453": Explanation(
        _l("Texts to this number are blocked for some hours, because they looked like fraud."),
        _l("Send it again in a few hours."),
        Who.AGENT,
        True,
    ),
    "40302": Explanation(_l("This text is too long."), _l("Shorten it."), Who.AGENT, False),
    "40308": Explanation(
        _l("The number we send from cannot send pictures."),
        _l("Send it without a picture."),
        Who.AGENT,
        False,
    ),
    "40317": Explanation(
        _l("There are too many pictures, or they are too large."),
        _l("Send at most ten, together below 1 MB."),
        Who.AGENT,
        False,
    ),
}


def explain(code: str | None) -> Explanation:
    """What a code means, what helps, and whether sending the same again can; never fails."""
    return explained(code, WORDS)
