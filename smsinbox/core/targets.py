"""Where we may be sent to: addresses that strangers name must be of the public internet."""

import re
from collections.abc import Sequence
from ipaddress import ip_address
from urllib.parse import SplitResult, urlsplit

from smsinbox.core.addresses import is_public
from smsinbox.core.i18n import _

LONGEST = 2000

_QUAD = re.compile(r"[0-9]{1,3}(\.[0-9]{1,3}){3}")
_NUMERIC_END = re.compile(r"(0x[0-9a-f]*|[0-9]+)", re.IGNORECASE)


class BadTarget(ValueError):
    """We will not call this address; `str()` says why."""


class NotPublic(Exception):
    """A name leads to an address that is none of the public internet; nothing was sent there."""


def all_public(addresses: Sequence[str]) -> list[str]:
    """The same addresses; raises NotPublic when one of them is not public.

    One is enough: whoever owns the name chooses which of them answers.
    """
    if not all(map(is_public, addresses)):
        raise NotPublic
    return list(addresses)


def check(url: str, to_private: bool) -> SplitResult:
    """The parts of an http(s) URL that we may post to; raises BadTarget.

    What a name leads to is known only when it is called, and is checked then.
    """
    parts = _parts(url)
    host = (parts.hostname or "").removesuffix(".")
    if ":" in host or _QUAD.fullmatch(host):
        _check_literal(host, to_private)
    elif _NUMERIC_END.fullmatch(host.rpartition(".")[2]):
        raise BadTarget(_("Write the address as a name; this is a number in disguise."))
    elif not to_private and (host == "localhost" or host.endswith(".localhost")):
        raise BadTarget(_("This address is not on the public internet."))
    return parts


def _parts(url: str) -> SplitResult:
    wrong = BadTarget(_("Write an address such as https://example.com/webhooks."))
    if len(url) > LONGEST or "\\" in url or not all("!" <= char <= "~" for char in url):
        raise wrong
    try:
        parts = urlsplit(url)
        sound = bool((parts.hostname or "").strip(".")) and parts.port != 0
    except ValueError:
        raise wrong from None
    if not sound or parts.scheme not in ("http", "https"):
        raise wrong
    if "@" in parts.netloc:
        raise BadTarget(_("Leave out the user name: the signature proves who posts."))
    return parts


def _check_literal(host: str, to_private: bool) -> None:
    try:
        ip_address(host)
    except ValueError:
        raise BadTarget(_("This is no IP address.")) from None
    if not to_private and not is_public(host):
        raise BadTarget(_("This address is not on the public internet."))
