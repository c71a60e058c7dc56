"""The legacy API's codes and statuses in words that an agent can act on.

https://developers.telnyx.com/docs/messaging/messages/error-codes
"""

from smsinbox.dialects.sides import Explanation, Who
from smsinbox.dialects.words import explained

_LATER = "Send it again later."
_SETTINGS = "Check this account in the settings."
_PORTAL = "Look at this number and its messaging profile in Telnyx's portal."
_REWRITE = "Rewrite it: shortened links and advertising words are often the cause."
_PHONE = "Check the number, or reach them another way."
_DOUBT = "Look whether the person reacts before you send it again: they might get it twice."

# Codes that mean the same to an agent stand together.
_TABLE: dict[str, Explanation] = {
    "40300": Explanation(
        "This person has asked not to get texts.",
        "Do not text them again unless they text START to you.",
        Who.CONTACT,
        False,
    ),
    "40001": Explanation("Landline: it cannot receive texts.", _PHONE, Who.CONTACT, False),
    "40012 40310 10002 10016": Explanation(
        "This number cannot be right.",
        "Check that it is complete and begins with + and its country code.",
        Who.AGENT,
        False,
    ),
    "40002 40015 40017 40322": Explanation(
        "It was blocked because it looks like spam.", _REWRITE, Who.AGENT, False
    ),
    "40327": Explanation(
        "It was blocked because of a shortened link.", "Write the whole link.", Who.AGENT, False
    ),
    "40003": Explanation(
        "The number you send from is blocked as a spammer.", _PORTAL, Who.ADMIN, False
    ),
    "40004 40007 40008 40019 failed": Explanation(
        "The phone's network did not take it.", _PHONE, Who.CONTACT, True
    ),
    "40005 40014": Explanation(
        "It could not be delivered in time.",
        "The phone may be switched off; send it again later.",
        Who.AGENT,
        True,
    ),
    "40006 gw_timeout": Explanation("The phone's network did not answer.", _LATER, Who.AGENT, True),
    "40011 40016 40018 40318": Explanation(
        "Too many texts are being sent at the moment.", _LATER, Who.AGENT, True
    ),
    "40020": Explanation(
        "Codes to this number are held back for a day.", "Send it tomorrow.", Who.AGENT, True
    ),
    "40320": Explanation(
        "The number you send from cannot be used for a while.", _LATER, Who.AGENT, True
    ),
    "40009 10015 10023 10025 10026 10027 bad-request gw_reject": Explanation(
        "The carrier could not use this number or text.",
        "Check the number, and the text for unusual characters.",
        Who.AGENT,
        False,
    ),
    "10003 10004 10014 10024 10029 10032 10033 40303": Explanation(
        "The carrier could not make sense of our request.",
        "Its own words are shown in the details; ask the carrier about them.",
        Who.ADMIN,
        False,
    ),
    "10005 10030": Explanation(
        "The carrier's address cannot be right.", _SETTINGS, Who.ADMIN, True
    ),
    "40304 40316 40319": Explanation(
        "The carrier found nothing in it that it could send.",
        "Write a text, with or without a picture.",
        Who.AGENT,
        False,
    ),
    "40302 40328": Explanation("It is too long.", "Send it in several texts.", Who.AGENT, False),
    "40317": Explanation(
        "The pictures are too many or too big.",
        "Send at most 10 files of 1 MB together.",
        Who.AGENT,
        False,
    ),
    "40301": Explanation(
        "A text of this kind cannot be sent to this number.", _PHONE, Who.ADMIN, False
    ),
    "40308": Explanation(
        "The number you send from cannot send pictures.",
        "Send it without the picture.",
        Who.AGENT,
        False,
    ),
    "40309 40331": Explanation(
        "Texts to this country are not switched on.",
        "Allow the country in the messaging profile, in Telnyx's portal.",
        Who.ADMIN,
        True,
    ),
    "40315": Explanation(
        "Too many texts from this number did not arrive, so it was refused.",
        "Send from another number, and text only people who expect it.",
        Who.ADMIN,
        True,
    ),
    "40010": Explanation(
        "The number you send from is not registered for business texts.",
        "Register it for 10DLC in Telnyx's portal.",
        Who.ADMIN,
        False,
    ),
    "40150 40151 40152 40153 40154 40155 40156 40157 40158 40159 40329 40330": Explanation(
        "The toll-free number you send from is not ready for texts.",
        "Have it verified in Telnyx's portal, and ask there what is missing.",
        Who.ADMIN,
        True,
    ),
    "40013 40100 40305 40306 40307 40321 40323 40325 40326 10001": Explanation(
        "The number you send from cannot be used.", _PORTAL, Who.ADMIN, True
    ),
    "40311 40313 10009 20002 20006": Explanation(
        "The carrier does not accept our profile secret.", _SETTINGS, Who.ADMIN, True
    ),
    "40312 40314 10010 10038 10039 20012 20013 20014": Explanation(
        "The carrier has switched this account or its profile off.", _PORTAL, Who.ADMIN, True
    ),
    "20100": Explanation(
        "The carrier wants to be paid first.", "Top up the account.", Who.ADMIN, True
    ),
    "40333": Explanation(
        "The profile's spend limit for today is reached.",
        "Raise it in Telnyx's portal, or wait until tomorrow.",
        Who.ADMIN,
        True,
    ),
    "10011": Explanation("The carrier wants us to send more slowly.", _LATER, Who.AGENT, True),
    "10007 10008 10012": Explanation(
        "The carrier had a fault, so it may have sent this text or not.", _DOUBT, Who.AGENT, True
    ),
}
_WORDS = {code: words for codes, words in _TABLE.items() for code in codes.split()}


def explain(code: str | None) -> Explanation:
    """What a code means, what helps, and whether sending the same again can; never fails."""
    return explained(code, _WORDS)
