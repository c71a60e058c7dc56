"""Trunx's codes, and those of our own, in words that an agent can act on."""

from smsinbox.dialects.base import Explanation

_RESEND = "Send it again in a moment."
_ADMIN = "Ask an admin to check this account in the settings."

_WORDS: dict[str, Explanation] = {
    "bad-request": Explanation(
        "The carrier could not use this number or text.",
        "Check that the number is complete and begins with + and its country code.",
        False,
    ),
    "validation-error": Explanation(
        "The carrier found something wrong with this text.",
        "Check the number, and that the text has 1 to 1600 characters.",
        False,
    ),
    "dnc-blocked": Explanation(
        "This person has asked not to get texts.",
        "Do not text them again unless they text START to you.",
        False,
    ),
    "content-blocked": Explanation(
        "The carrier's content filter refused this text.",
        "Rewrite it: shortened links and advertising words are often the cause.",
        False,
    ),
    "tcpa-blocked": Explanation(
        "It is too early or too late to text this person by law.",
        "Send it again in the daytime of the place where they live.",
        True,
    ),
    "not-found": Explanation(
        "The carrier does not know what we asked for.",
        "Check that the number you send from belongs to this account.",
        False,
    ),
    "conflict": Explanation(
        "The carrier says that this contradicts something it already has.", _RESEND, True
    ),
    "unauthorized": Explanation("The carrier does not accept our key.", _ADMIN, True),
    "forbidden": Explanation("Our key is not allowed to send texts.", _ADMIN, True),
    "payment": Explanation(
        "The carrier wants to be paid first.", "Ask an admin to top up the account.", True
    ),
    "rate-limited": Explanation(
        "The carrier wants us to send more slowly.",
        "Nothing to do: it is sent a little later.",
        True,
    ),
    "busy": Explanation(
        "The carrier is too busy to take texts.", "Nothing to do: it is sent a little later.", True
    ),
    "unreachable": Explanation(
        "The carrier could not be reached.", "Nothing to do: it is tried again.", True
    ),
    "tls": Explanation("The carrier's certificate cannot be trusted.", _ADMIN, True),
    "address": Explanation("The carrier's address or our key cannot be right.", _ADMIN, True),
    "redirect": Explanation("The carrier's address leads somewhere else.", _ADMIN, True),
    "no-answer": Explanation(
        "The carrier did not answer, so it may have sent this text or not.",
        "Look whether the person reacts before you send it again: they might get it twice.",
        True,
    ),
    "strange-answer": Explanation(
        "The carrier's answer made no sense, so it may have sent this text or not.",
        "Look whether the person reacts before you send it again: they might get it twice.",
        True,
    ),
    "server-error": Explanation(
        "The carrier had a fault, so it may have sent this text or not.",
        "Look whether the person reacts before you send it again: they might get it twice.",
        True,
    ),
    "undeliverable": Explanation(
        "The text could not be delivered to this phone.",
        "The number may be a landline, switched off for long, or no longer in use.",
        True,
    ),
}

_SOMETHING = Explanation(
    "The carrier did not send this text.",
    "Its own words are shown in the details; an admin can ask the carrier about them.",
    True,
)


def explain(code: str | None) -> Explanation:
    """What a code means, what helps, and whether sending the same again can; never fails."""
    return _WORDS.get(code or "", _SOMETHING)
