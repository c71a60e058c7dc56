"""Which accounts can carry a text: one with files only where the carrier takes and can fetch them,
one in an encoding that its program chose only where the carrier lets itself be told.

A backup whose carrier cannot do what the text needs is skipped.
"""

from datetime import datetime
from urllib.parse import urlsplit

from smsinbox.core import clock
from smsinbox.core.config import settings
from smsinbox.core.i18n import _
from smsinbox.core.phones import Kind, address
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


def must_wait(message: Message, number: Number) -> bool:
    """Whether, when no account can carry it now, one that can is worth waiting for. A plain
    text can go anywhere."""
    is_plain = not (message.attachments or message.wanted or is_short(_recipient(message)))
    if is_plain:
        return False
    return any(_suits(account, message) for account in routes.accounts_of(number))


def dictates(account: Account, wanted: str, body: str) -> str:
    """Why the carrier would not send these words as UCS-2 though they are wanted so; empty when it
    would, as it does for all that GSM-7 cannot say."""
    spoken = DIALECTS[account.dialect]
    if wanted != "ucs2" or spoken.takes_encoding or forcing(body) is not None:
        return ""
    return f"'encoding' cannot be ucs2: {spoken.label} chooses the encoding by the words itself."


def reaches(account: Account, recipient: str) -> bool:
    """Whether its carrier texts such addresses at all."""
    return DIALECTS[account.dialect].texts_short_codes or not is_short(recipient)


def is_short(recipient: str) -> bool:
    """Whether a canonical address is a short code."""
    return not recipient.startswith("+") and address(recipient).kind is Kind.SHORT_CODE


def _carries(account: Account, message: Message, now: datetime) -> bool:
    return account.takes_texts(now) and _suits(account, message)


def _suits(account: Account, message: Message) -> bool:
    if message.attachments and _obstacle_at(account):
        return False
    if not message.attachments and dictates(account, message.wanted, message.body):
        return False
    return reaches(account, _recipient(message))


def _recipient(message: Message) -> str:
    return message.conversation.contact.phone


def _obstacle_at(account: Account) -> str:
    spoken = DIALECTS[account.dialect]
    if not spoken.has_media:
        return _("%(carrier)s carries no files: send the words alone.", carrier=spoken.label)
    if _is_local(settings().address) and not source_of(account).is_local:
        return _(
            "%(carrier)s cannot fetch files from %(address)s. "
            "For an admin: set PUBLIC_URL to the address by which the Internet reaches this inbox.",
            carrier=spoken.label,
            address=settings().address,
        )
    return ""


def _is_local(address: str) -> bool:
    host = urlsplit(address).hostname or ""
    return host in ("localhost", "127.0.0.1", "::1")
