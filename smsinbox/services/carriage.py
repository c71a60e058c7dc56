"""Which accounts can carry a text: one with files only where the carrier takes and can fetch them,
one in an encoding that its program chose only where the carrier lets itself be told.

A backup whose carrier cannot do what the text needs is skipped.
"""

from datetime import datetime
from urllib.parse import urlsplit

from smsinbox.core import clock
from smsinbox.core.config import settings
from smsinbox.core.segments import forcing
from smsinbox.dialects import DIALECTS
from smsinbox.dialects.media import Source
from smsinbox.models.account import Account
from smsinbox.models.message import Message
from smsinbox.models.number import Number
from smsinbox.queries import routes


def source_of(account: Account) -> Source:
    """From where the account's files may come."""
    added = account.settings.get("media_hosts", "")
    hosts = (*DIALECTS[account.dialect].media_hosts, *(host for host in added.split(",") if host))
    return Source(hosts, account.base_url)


def obstacle(number: Number) -> str:
    """Why no files can be sent from this number, in words; empty when they can, if only by one of
    its backups."""
    words = _obstacle_at(number.account)
    if words and all(_obstacle_at(backup) for backup in routes.backups_of(number.id)):
        return words
    return ""


def next_for(message: Message, number: Number, first: int) -> tuple[int, Account] | None:
    """The first account from that place on that takes texts now and can carry this one, and its
    place."""
    now, accounts = clock.now(), list(enumerate(routes.accounts_of(number)))
    return next((one for one in accounts[first:] if _carries(one[1], message, now)), None)


def is_hopeless(message: Message, number: Number) -> bool:
    """Whether none of the number's accounts could ever carry its files."""
    return bool(message.attachments) and bool(obstacle(number))


def must_wait(message: Message, number: Number) -> bool:
    """Whether, when no account can carry it now, one that can is worth waiting for."""
    if message.attachments:
        return not is_hopeless(message, number)
    return bool(message.wanted) and not dictates(number.account, message.wanted, message.body)


def dictates(account: Account, wanted: str, body: str) -> str:
    """Why the carrier would not send these words as UCS-2 though they are wanted so; empty when it
    would, as it does for all that GSM-7 cannot say."""
    spoken = DIALECTS[account.dialect]
    if wanted != "ucs2" or spoken.takes_encoding or forcing(body) is not None:
        return ""
    return f"'encoding' cannot be ucs2: {spoken.label} chooses the encoding by the words itself."


def _carries(account: Account, message: Message, now: datetime) -> bool:
    if not account.takes_texts(now):
        return False
    if message.attachments:
        return not _obstacle_at(account)
    return not dictates(account, message.wanted, message.body)


def _obstacle_at(account: Account) -> str:
    spoken = DIALECTS[account.dialect]
    if not spoken.has_media:
        return f"{spoken.label} carries no files: send the words alone."
    if _is_local(settings().address) and not source_of(account).is_local:
        return (
            f"{spoken.label} cannot fetch files from {settings().address}. "
            "For an admin: set PUBLIC_URL to the address by which the Internet reaches this inbox."
        )
    return ""


def _is_local(address: str) -> bool:
    host = urlsplit(address).hostname or ""
    return host in ("localhost", "127.0.0.1", "::1")
