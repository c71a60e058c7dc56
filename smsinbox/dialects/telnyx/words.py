"""Telnyx's codes in words that an agent can act on, whichever of its two APIs says them.

From https://developers.telnyx.com/docs/messaging/messages/error-codes and
https://developers.telnyx.com/development/api-fundamentals/api-errors. Codes 40001 to 40020 tell why
a text that Telnyx had taken did not arrive.
"""

from smsinbox.core.i18n import _l
from smsinbox.dialects.sides import Explanation, Who
from smsinbox.dialects.words import explained

_SETTINGS = _l("Check this account in the settings.")
_PORTAL = _l("Look at this account in Telnyx's portal.")
_PROFILE = _l("Look at the messaging profile in Telnyx's portal.")
_SENDER = _l("Look at the number you send from in Telnyx's portal.")
_PAY = _l("Top up the account at Telnyx.")
_REPORT = _l("Show the details to whoever looks after smsinbox.")
_NUMBER = _l("Check the number: + and country code first, no digit missing.")
_LATER = _l("Send it again later.")
_REACTION = _l("Look whether the person reacts before you send it again: they might get it twice.")
_CALL = _l("Call them, or ask for a mobile number.")
_ASK = _l("Ask the person for another number.")
_REWRITE = _l("Rewrite it: links, capitals and advertising words are often the cause.")
_REGISTER = _l("Register the number and its campaign (10DLC) with Telnyx.")
_NAME = _l("A name has 1 to 11 letters, digits or spaces; not every country allows one.")
_PHONE = _l("Send it again later; the phone may be off, or the number no longer in use.")
_TOLL_FREE = _l("The toll-free number you send from is not set up for texts.")
_TOMORROW = _l("Send it again tomorrow, or ask Telnyx for a higher limit.")

_AGENT, _ADMIN, _CONTACT = Who.AGENT, Who.ADMIN, Who.CONTACT
_AGAIN, _NEVER = True, False

# What helps, who can do that, whether Resend unchanged can then help; and what happened, by codes.
_TABLE: dict[tuple[str, Who, bool], dict[str, str]] = {
    (_SENDER, _ADMIN, _AGAIN): {
        "10001": _l("The number you send from is not active."),
        "40100": _l("The number you send from is not set up for texts."),
        "40150 40151 40152 40153 40154 40155 40156 40157 40158 40159": _TOLL_FREE,
        "40305": _l("The number you send from does not belong to the messaging profile."),
        "40323": _l("The number could not be set up for texts."),
        "40329": _l("The toll-free number is not verified."),
        "40330": _TOLL_FREE,
        "40013": _l("The number you send from cannot text this person."),
    },
    (_NUMBER, _AGENT, _NEVER): {
        "10002": _l("This is not a phone number."),
        "10016": _l("The number lacks its + and country code."),
        "40310": _l("The carrier cannot text this number."),
    },
    (_REPORT, _ADMIN, _NEVER): {
        "10003": _l("A web address in this text is of no use to the carrier."),
        "10023": _l("The carrier could not read what we sent."),
        "40303": _l("The carrier does not know this text."),
        "40304 40319": _l("Text and files do not go together like this."),
    },
    (_SETTINGS, _ADMIN, _AGAIN): {
        "10004": _l("Something that the carrier needs is missing."),
        "10005": _l("The carrier does not know what we asked for."),
        "10006": _l("An id in the settings means nothing to the carrier."),
        "10009": _l("The carrier does not accept our key."),
        "10024 10029 10030": _l("The carrier expects something else at this address."),
        "20002": _l("Our key was revoked."),
        "20006": _l("Our key has expired."),
    },
    (_REACTION, _AGENT, _AGAIN): {
        "10007": _l("The carrier had a fault, so it may have sent this text or not."),
        "10008": _l("The carrier took too long, so it may have sent this text or not."),
        "10012": _l("The carrier already had this text, so it was probably sent."),
        "10037": _l("The carrier is not available at the moment."),
    },
    (_PORTAL, _ADMIN, _AGAIN): {
        "10010": _l("Our key is not allowed to send texts."),
        "10038 10039": _l("This account may not use this at the carrier."),
        "20012": _l("Our account at the carrier is not active."),
        "20014": _l("Our account at the carrier is not verified yet."),
    },
    (_LATER, _AGENT, _AGAIN): {
        "10011": _l("The carrier wants us to send more slowly."),
        "40318": _l("Too many of our texts wait at the carrier."),
        "40320": _l("This number cannot send at the moment."),
        "40005": _l("The phone was out of reach for too long."),
        "40006": _l("The person's carrier could not be reached."),
        "40011": _l("We sent faster than the person's carrier allows."),
        "40014": _l("It waited too long at the carrier and was not sent."),
        "40018": _l("AT&T takes no more texts from us for now."),
    },
    (_l("Use JPEG or PNG."), _AGENT, _NEVER): {
        "10014": _l("The carrier does not send files of this kind."),
    },
    (_l("Check the number, the text and its files."), _AGENT, _NEVER): {
        "10015 10025 10026 10027 10032 10033": _l(
            "The carrier found something wrong with this text."
        ),
    },
    (_l("Ask Telnyx why."), _ADMIN, _AGAIN): {
        "20013": _l("The carrier has blocked our account."),
        "40314": _l("Texting is switched off for our account."),
    },
    (_PAY, _ADMIN, _AGAIN): {
        "20100": _l("The account has no money left."),
    },
    (_l("Do not text them again unless they text START to you."), _CONTACT, _NEVER): {
        "40300": _l("This person has asked not to get texts."),
    },
    (_l("Leave out files, or reach the person in another way."), _AGENT, _NEVER): {
        "40301": _l("The carrier cannot send this kind of text to this number."),
    },
    (_l("Shorten it or send it as two."), _AGENT, _NEVER): {
        "40302 40328": _l("This text is too long."),
    },
    (_PROFILE, _ADMIN, _AGAIN): {
        "40306 40307": _l("The name you send from is not set up."),
        "40311 40313": _l("The carrier wants a secret of the profile."),
        "40312": _l("The messaging profile is switched off."),
        "40321": _l("No number of the pool can send this."),
        "40331": _l("The messaging profile allows no country at all."),
    },
    (_l("Leave the file out, or send a link to it."), _AGENT, _NEVER): {
        "40308": _l("The number you send from cannot send files."),
    },
    (_l("Allow the country in the messaging profile in Telnyx's portal."), _ADMIN, _AGAIN): {
        "40309": _l("Texts to this country are not switched on."),
    },
    (_l("Send from another number for now."), _ADMIN, _AGAIN): {
        "40315": _l("Too many texts from this number did not arrive, so it may not send."),
    },
    (_l("Write something."), _AGENT, _NEVER): {
        "40316": _l("There is nothing in this text."),
    },
    (_l("Send at most 10 files of less than 1 MB together."), _AGENT, _NEVER): {
        "40317": _l("There are too many files, or they are too big."),
    },
    (
        _l("Rewrite it: shortened links and advertising words are often the cause."),
        _AGENT,
        _NEVER,
    ): {
        "40322": _l("The carrier's content filter refused this text."),
    },
    (
        _NAME,
        _ADMIN,
        _NEVER,
    ): {
        "40325 40326": _l("The carrier does not allow the name you send from."),
    },
    (_l("Use the full address."), _AGENT, _NEVER): {
        "40327": _l("The text has a shortened link."),
    },
    (_l("Raise the limit of the messaging profile, or wait until tomorrow."), _ADMIN, _AGAIN): {
        "40333": _l("The daily spending limit is used up: this is about money, not speed."),
    },
    (_CALL, _CONTACT, _NEVER): {
        "40001": _l("Landline: it cannot receive texts."),
    },
    (_REWRITE, _AGENT, _NEVER): {
        "40002": _l("The person's carrier took this text for spam."),
        "40015": _l("The carrier's spam filter stopped this text."),
        "40017": _l("AT&T took this text for spam."),
    },
    (_l("Send from another number; ask Telnyx how to lift the block."), _ADMIN, _NEVER): {
        "40003": _l("Carriers block the number you send from, because of spam."),
    },
    (_l("Ask the person whether they blocked you, or for another number."), _CONTACT, _NEVER): {
        "40004": _l("The person's carrier refused this text."),
    },
    (_ASK, _CONTACT, _NEVER): {
        "40007": _l("The text ran in a circle between carriers."),
        "40012": _l("There is no such number."),
    },
    (
        _PHONE,
        _AGENT,
        _AGAIN,
    ): {
        "40008": _l("The person's carrier could not deliver this text."),
    },
    (_l("Write it again without unusual characters."), _AGENT, _NEVER): {
        "40009": _l("The person's carrier could not read this text."),
    },
    (_REGISTER, _ADMIN, _AGAIN): {
        "40010": _l("The number you send from is not registered for texts."),
        "40019": _l("AT&T does not know the campaign of the number you send from."),
    },
    (_TOMORROW, _ADMIN, _AGAIN): {
        "40016": _l("T-Mobile takes no more texts from us today."),
    },
    (_l("Wait a day before you send it again."), _AGENT, _AGAIN): {
        "40020": _l("The carrier takes texts to this number for fraud with codes."),
    },
}
WORDS = {
    code: Explanation(words, *advice)
    for advice, happened in _TABLE.items()
    for codes, words in happened.items()
    for code in codes.split()
}


def explain(code: str | None) -> Explanation:
    """What a code means, what helps, and whether sending the same again can; never fails."""
    return explained(code, WORDS)
