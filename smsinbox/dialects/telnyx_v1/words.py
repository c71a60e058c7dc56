"""The legacy API's codes and statuses in words that an agent can act on.

Its codes are Telnyx's; what it has of its own is a secret where the newer API has a key, and
statuses of texts that never had a code.
"""

from smsinbox.core.i18n import _l
from smsinbox.dialects.sides import Explanation, Who
from smsinbox.dialects.telnyx.words import WORDS
from smsinbox.dialects.words import explained

_SECRET = Explanation(
    _l("The carrier does not accept our profile secret."),
    _l("Check this account in the settings."),
    Who.ADMIN,
    True,
)
_FORBIDDEN = Explanation(
    _l("The carrier does not let our messaging profile send texts."),
    _l("Look at the messaging profile in Telnyx's portal."),
    Who.ADMIN,
    True,
)
# No id is in the settings of such an account: what is not found is the address or the profile.
_ADDRESS = Explanation(
    _l("The carrier could not find what we asked for."),
    _l("Check the address and the profile secret of this account in the settings."),
    Who.ADMIN,
    True,
)
_UNUSABLE = Explanation(
    _l("The carrier could not use this number or text."),
    _l("Check the number, and the text for unusual characters."),
    Who.AGENT,
    False,
)
_UNDELIVERED = Explanation(
    _l("The phone's network did not take it."),
    _l("Check the number, or reach them another way."),
    Who.CONTACT,
    True,
)
_SILENT = Explanation(
    _l("The phone's network did not answer."), _l("Send it again later."), Who.AGENT, True
)
_WORDS = WORDS | {
    **dict.fromkeys(("10009", "20002", "20006", "40311", "40313", "unauthorized"), _SECRET),
    **dict.fromkeys(("10010", "forbidden"), _FORBIDDEN),
    **dict.fromkeys(("10005", "10006"), _ADDRESS),
    "bad-request": _UNUSABLE,
    "gw_reject": _UNUSABLE,
    "gw_timeout": _SILENT,
    "failed": _UNDELIVERED,
}


def explain(code: str | None) -> Explanation:
    """What a code means, what helps, and whether sending the same again can; never fails."""
    return explained(code, _WORDS)
