"""Telnyx's codes in words that an agent can act on.

From https://developers.telnyx.com/docs/messaging/messages/error-codes and
https://developers.telnyx.com/development/api-fundamentals/api-errors. What is told of a text after
it was taken is in words_delivery.py.
"""

from smsinbox.dialects.sides import Explanation, Who
from smsinbox.dialects.telnyx.words_delivery import DELIVERY
from smsinbox.dialects.words import explained

_SETTINGS = "Check this account in the settings."
_PORTAL = "Look at this account in Telnyx's portal."
_PROFILE = "Look at the messaging profile in Telnyx's portal."
_SENDER = "Look at the number you send from in Telnyx's portal."
_PAY = "Top up the account at Telnyx."
_REPORT = "Show the details to whoever looks after smsinbox."
_PERSONS_NUMBER = "Check the number: + and country code first, no digit missing."
_LATER = "Send it again later."
_REACTION = "Look whether the person reacts before you send it again: they might get it twice."

_AGENT, _ADMIN, _CONTACT = Who.AGENT, Who.ADMIN, Who.CONTACT

# Codes; what happened; what helps; who can do that; whether Resend unchanged can then help.
_TABLE: tuple[tuple[str, str, str, Who, bool], ...] = (
    ("10001", "The number you send from is not active.", _SENDER, _ADMIN, True),
    ("10002", "This is not a phone number.", _PERSONS_NUMBER, _AGENT, False),
    ("10003", "A web address in this text is of no use to the carrier.", _REPORT, _ADMIN, False),
    ("10004", "Something that the carrier needs is missing.", _SETTINGS, _ADMIN, True),
    ("10005", "The carrier does not know what we asked for.", _SETTINGS, _ADMIN, True),
    ("10006", "An id in the settings means nothing to the carrier.", _SETTINGS, _ADMIN, True),
    (
        "10007",
        "The carrier had a fault, so it may have sent this text or not.",
        _REACTION,
        _AGENT,
        True,
    ),
    (
        "10008",
        "The carrier took too long, so it may have sent this text or not.",
        _REACTION,
        _AGENT,
        True,
    ),
    ("10009", "The carrier does not accept our key.", _SETTINGS, _ADMIN, True),
    ("10010", "Our key is not allowed to send texts.", _PORTAL, _ADMIN, True),
    ("10011", "The carrier wants us to send more slowly.", _LATER, _AGENT, True),
    (
        "10012",
        "The carrier already had this text, so it was probably sent.",
        _REACTION,
        _AGENT,
        True,
    ),
    ("10014", "The carrier does not send files of this kind.", "Use JPEG or PNG.", _AGENT, False),
    (
        "10015 10025 10026 10027 10032 10033",
        "The carrier found something wrong with this text.",
        "Check the number, the text and its files.",
        _AGENT,
        False,
    ),
    ("10016", "The number lacks its + and country code.", _PERSONS_NUMBER, _AGENT, False),
    ("10023", "The carrier could not read what we sent.", _REPORT, _ADMIN, False),
    (
        "10024 10029 10030",
        "The carrier expects something else at this address.",
        _SETTINGS,
        _ADMIN,
        True,
    ),
    ("10037", "The carrier is not available at the moment.", _REACTION, _AGENT, True),
    ("10038 10039", "This account may not use this at the carrier.", _PORTAL, _ADMIN, True),
    ("20002", "Our key was revoked.", _SETTINGS, _ADMIN, True),
    ("20006", "Our key has expired.", _SETTINGS, _ADMIN, True),
    ("20012", "Our account at the carrier is not active.", _PORTAL, _ADMIN, True),
    ("20013", "The carrier has blocked our account.", "Ask Telnyx why.", _ADMIN, True),
    ("20014", "Our account at the carrier is not verified yet.", _PORTAL, _ADMIN, True),
    ("20100", "The account has no money left.", _PAY, _ADMIN, True),
    ("40100", "The number you send from is not set up for texts.", _SENDER, _ADMIN, True),
    (
        "40150 40151 40152 40153 40154 40155 40156 40157 40158 40159",
        "The toll-free number you send from is not set up for texts.",
        _SENDER,
        _ADMIN,
        True,
    ),
    (
        "40300",
        "This person has asked not to get texts.",
        "Do not text them again unless they text START to you.",
        _CONTACT,
        False,
    ),
    (
        "40301",
        "The carrier cannot send this kind of text to this number.",
        "Leave out files, or reach the person in another way.",
        _AGENT,
        False,
    ),
    ("40302 40328", "This text is too long.", "Shorten it or send it as two.", _AGENT, False),
    ("40303", "The carrier does not know this text.", _REPORT, _ADMIN, False),
    ("40304 40319", "Text and files do not go together like this.", _REPORT, _ADMIN, False),
    (
        "40305",
        "The number you send from does not belong to the messaging profile.",
        _SENDER,
        _ADMIN,
        True,
    ),
    ("40306 40307", "The name you send from is not set up.", _PROFILE, _ADMIN, True),
    (
        "40308",
        "The number you send from cannot send files.",
        "Leave the file out, or send a link to it.",
        _AGENT,
        False,
    ),
    (
        "40309",
        "Texts to this country are not switched on.",
        "Allow the country in the messaging profile in Telnyx's portal.",
        _ADMIN,
        True,
    ),
    ("40310", "The carrier cannot text this number.", _PERSONS_NUMBER, _AGENT, False),
    ("40311 40313", "The carrier wants a secret of the profile.", _PROFILE, _ADMIN, True),
    ("40312", "The messaging profile is switched off.", _PROFILE, _ADMIN, True),
    ("40314", "Texting is switched off for our account.", "Ask Telnyx why.", _ADMIN, True),
    (
        "40315",
        "Too many texts from this number did not arrive, so it may not send.",
        "Send from another number for now.",
        _ADMIN,
        True,
    ),
    ("40316", "There is nothing in this text.", "Write something.", _AGENT, False),
    (
        "40317",
        "There are too many files, or they are too big.",
        "Send at most 10 files of less than 1 MB together.",
        _AGENT,
        False,
    ),
    ("40318", "Too many of our texts wait at the carrier.", _LATER, _AGENT, True),
    ("40320", "This number cannot send at the moment.", _LATER, _AGENT, True),
    ("40321", "No number of the pool can send this.", _PROFILE, _ADMIN, True),
    (
        "40322",
        "The carrier's content filter refused this text.",
        "Rewrite it: shortened links and advertising words are often the cause.",
        _AGENT,
        False,
    ),
    ("40323", "The number could not be set up for texts.", _SENDER, _ADMIN, True),
    (
        "40325 40326",
        "The carrier does not allow the name you send from.",
        "A name has 1 to 11 letters, digits or spaces; not every country allows one.",
        _ADMIN,
        False,
    ),
    ("40327", "The text has a shortened link.", "Use the full address.", _AGENT, False),
    ("40329", "The toll-free number is not verified.", _SENDER, _ADMIN, True),
    ("40330", "The toll-free number is not set up for texts.", _SENDER, _ADMIN, True),
    ("40331", "The messaging profile allows no country at all.", _PROFILE, _ADMIN, True),
    (
        "40333",
        "The daily spending limit is used up: this is about money, not speed.",
        "Raise the limit of the messaging profile, or wait until tomorrow.",
        _ADMIN,
        True,
    ),
)
_WORDS = DELIVERY | {
    code: Explanation(words, fix, who, retry)
    for codes, words, fix, who, retry in _TABLE
    for code in codes.split()
}


def explain(code: str | None) -> Explanation:
    """What a code means, what helps, and whether sending the same again can; never fails."""
    return explained(code, _WORDS)
