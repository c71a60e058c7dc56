"""Which attempt a receipt is about: a signed word in the address that we give for each text.

Where a carrier posts a text's receipts to an address of the text's own, a receipt settles a send
whose answer we never got, beyond doubt.
"""

from functools import lru_cache

from itsdangerous import BadSignature, URLSafeSerializer

from smsinbox.core.config import Settings, settings
from smsinbox.models.account import Account

PARAMETER = "about"


def webhook_url(account: Account, fence: int) -> str:
    """The address for the receipts of this attempt."""
    word = _serializer(settings()).dumps(fence)
    return f"{settings().address}{account.webhook_path}?{PARAMETER}={word}"


def fence_of(word: str | None) -> int | None:
    """The attempt that a word of ours names; None for any other word."""
    try:
        fence = _serializer(settings()).loads(word or "")
    except BadSignature:
        return None
    return fence if isinstance(fence, int) else None


@lru_cache(maxsize=4)
def _serializer(of: Settings) -> URLSafeSerializer:
    return URLSafeSerializer(of.secret(), salt="receipt")
