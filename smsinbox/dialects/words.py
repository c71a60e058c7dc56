"""Codes of our own, and those that every carrier shares, in words that an agent can act on."""

from collections.abc import Mapping

from smsinbox.core.i18n import _l
from smsinbox.dialects.sides import Explanation, Who

_DOUBT = _l("Look whether the person reacts before you send it again: they might get it twice.")
_SETTINGS = _l("Check this account in the settings.")

# Our own codes for what may become of the files of a text.
NO_FILE, NO_MEDIA = "no-file", "no-media"
SILENT = "silent"  # taken, and then nothing for days

COMMON: dict[str, Explanation] = {
    "bad-request": Explanation(
        _l("The carrier could not use this number or text."),
        _l("Check that the number is complete and begins with + and its country code."),
        Who.AGENT,
        False,
    ),
    "unauthorized": Explanation(
        _l("The carrier does not accept our key."), _SETTINGS, Who.ADMIN, True
    ),
    "forbidden": Explanation(
        _l("Our key is not allowed to send texts."), _SETTINGS, Who.ADMIN, True
    ),
    "payment": Explanation(
        _l("The carrier wants to be paid first."), _l("Top up the account."), Who.ADMIN, True
    ),
    "rate-limited": Explanation(
        _l("The carrier wants us to send more slowly."), _l("Send it again later."), Who.AGENT, True
    ),
    "busy": Explanation(
        _l("The carrier is too busy to take texts."), _l("Send it again later."), Who.AGENT, True
    ),
    "unreachable": Explanation(
        _l("The carrier could not be reached."), _l("Send it again later."), Who.AGENT, True
    ),
    "tls": Explanation(
        _l("The carrier's certificate cannot be trusted."), _SETTINGS, Who.ADMIN, True
    ),
    "address": Explanation(
        _l("The carrier's address or our key cannot be right."), _SETTINGS, Who.ADMIN, True
    ),
    "redirect": Explanation(
        _l("The carrier's address leads somewhere else."), _SETTINGS, Who.ADMIN, True
    ),
    "no-answer": Explanation(
        _l("The carrier did not answer, so it may have sent this text or not."),
        _DOUBT,
        Who.AGENT,
        True,
    ),
    "strange-answer": Explanation(
        _l("The carrier's answer made no sense, so it may have sent this text or not."),
        _DOUBT,
        Who.AGENT,
        True,
    ),
    NO_FILE: Explanation(
        _l("A file of this text could not be fetched or cannot be sent, so nothing was."),
        _l("Look at the file, put it right, and send it again."),
        Who.AGENT,
        True,
    ),
    NO_MEDIA: Explanation(
        _l("This carrier takes no files."),
        _l("Send the words without the files."),
        Who.AGENT,
        False,
    ),
    SILENT: Explanation(
        _l("The carrier took it and never spoke of it again: it may have suppressed it."),
        _l(
            "Do not count on it: call the person, or ask them to text START to this number. An "
            "admin can look whether the carrier has them on its list of suppressed numbers."
        ),
        Who.CONTACT,
        False,
    ),
    "server-error": Explanation(
        _l("The carrier had a fault, so it may have sent this text or not."),
        _DOUBT,
        Who.AGENT,
        True,
    ),
    "same-id": Explanation(
        _l("The carrier gave two texts the same id, so it may have sent this one or not."),
        _DOUBT,
        Who.AGENT,
        True,
    ),
    "bug": Explanation(
        _l("Something broke inside smsinbox while it was sent, so it may have left or not."),
        _DOUBT,
        Who.AGENT,
        True,
    ),
    "expired": Explanation(
        _l("It waited too long to be sent: so late it would only confuse."),
        _l("Send it again if it still helps."),
        Who.AGENT,
        True,
    ),
    "unsealable": Explanation(
        _l("The key of this account cannot be read any more."),
        _l("Enter its key and secret again."),
        Who.ADMIN,
        True,
    ),
    "undeliverable": Explanation(
        _l("The text could not be delivered to this phone."),
        _l("The number may be a landline, switched off for long, or no longer in use."),
        Who.CONTACT,
        True,
    ),
}

_SOMETHING = Explanation(
    _l("This text did not get through."),
    _l("The carrier's own words are kept with it; ask the carrier about them."),
    Who.ADMIN,
    True,
)


def explained(code: str | None, carriers: Mapping[str, Explanation]) -> Explanation:
    """What a code means by the carrier's own table, else by ours; never fails."""
    return carriers.get(code or "") or COMMON.get(code or "", _SOMETHING)
