"""Trunx's codes in words that an agent can act on."""

from smsinbox.core.i18n import _l
from smsinbox.dialects.sides import Explanation, Who
from smsinbox.dialects.words import explained

_WORDS: dict[str, Explanation] = {
    "validation-error": Explanation(
        _l("The carrier found something wrong with this text."),
        _l("Check the number, and that the text has 1 to 1600 characters."),
        Who.AGENT,
        False,
    ),
    "dnc-blocked": Explanation(
        _l("This person has asked not to get texts."),
        _l("Do not text them again unless they text START to you."),
        Who.CONTACT,
        False,
    ),
    "content-blocked": Explanation(
        _l("The carrier's content filter refused this text."),
        _l("Rewrite it: shortened links and advertising words are often the cause."),
        Who.AGENT,
        False,
    ),
    "tcpa-blocked": Explanation(
        _l("It is too early or too late to text this person by law."),
        _l("Send it again in the daytime of the place where they live."),
        Who.AGENT,
        True,
    ),
    "not-found": Explanation(
        _l("The carrier does not know what we asked for."),
        _l("Check that the number you send from belongs to this account."),
        Who.ADMIN,
        False,
    ),
    "conflict": Explanation(
        _l("The carrier says that this contradicts something it already has."),
        _l("Send it again in a moment."),
        Who.AGENT,
        True,
    ),
}


def explain(code: str | None) -> Explanation:
    """What a code means, what helps, and whether sending the same again can; never fails."""
    return explained(code, _WORDS)
