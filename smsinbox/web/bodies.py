"""Texts as HTML: strangers' links made safe, codes to copy, colleagues' names in notes.

Everything is escaped, and only then marked up. A link goes nowhere but to http and https, opens
beside us, tells the other side nothing of us, and never hides its host.
"""

import re
from functools import lru_cache
from itertools import count
from urllib.parse import urlsplit

from flask import Flask
from linkify_it import LinkifyIt
from markupsafe import Markup, escape

from smsinbox.core.i18n import _
from smsinbox.queries import mentions

_LINE = 60  # characters in a bubble's line, about
_LINES = 19  # of them fit into the 400 pixels that a folded text has
_LONGEST_URL = 2000

_SAYS_CODE = re.compile(r"\b(?:code|pin|otp|password|passcode|verif\w+|código)\b", re.IGNORECASE)
_CODE = re.compile(r"(?<![\w$€£.,:/+-])(\d{4,8}|\d{3}[- ]\d{3})(?![\w%€£:/-]|[.,]\d)")


def init_app(app: Flask) -> None:
    """Hand them to every template."""
    app.jinja_env.filters.update(linked=linked, is_long=is_long, mentioned=mentioned)


def linked(text: str) -> Markup:
    """The text with links, and with codes that a click copies where it speaks of one."""
    html, done = Markup(), 0
    for match in _finder().match(text) or []:
        address = _safe(match.url)
        if address is None:
            continue
        html += _plain(text[done : match.index], text) + _link(match.text, *address)
        done = match.last_index
    return html + _plain(text[done:], text)


def is_long(text: str) -> bool:
    """Whether it would fill the screen, so that it is folded first."""
    lines = count(1)
    for line in text.split("\n"):
        for _part in range(0, max(len(line), 1), _LINE):
            if next(lines) > _LINES:
                return True
    return False


def mentioned(text: str) -> Markup:
    """A note with the colleagues that it names marked."""
    html, done = Markup(), 0
    for span, _handle in mentions.spans(text, mentions.handles()) if "@" in text else ():
        html += escape(text[done : span.start])
        html += Markup('<mark class="mention">{}</mark>').format(text[span])
        done = span.stop
    return html + escape(text[done:])


def _safe(url: str) -> tuple[str, str] | None:
    """The address and its host in the letters that machines read; None for what is no web page."""
    try:
        parts = urlsplit(url)
        host = (parts.hostname or "").encode("idna").decode("ascii")
    except ValueError:
        return None
    if parts.scheme.lower() not in ("http", "https") or not host or len(url) > _LONGEST_URL:
        return None
    return url, host


def _link(words: str, url: str, host: str) -> Markup:
    shown = re.sub(r"^https?://", "", words, flags=re.IGNORECASE).casefold()
    is_plain = re.match(rf"{re.escape(host)}(?:[:/?#]|$)", shown)
    said = "" if is_plain else Markup(' <span class="host">({})</span>').format(host)
    return Markup(
        '<a href="{}" target="_blank" rel="noopener noreferrer nofollow" title="{}">{}</a>{}'
    ).format(url, _("Opens %(host)s", host=host), words, said)


def _plain(part: str, whole: str) -> Markup:
    if not _SAYS_CODE.search(whole):
        return escape(part)
    html, done = Markup(), 0
    for found in _CODE.finditer(part):
        html += escape(part[done : found.start()])
        html += Markup(
            '<button class="code" type="button" data-copy="{}" title="{}">{}</button>'
        ).format(re.sub(r"\D", "", found[1]), _("Copy %(code)s", code=found[1]), found[1])
        done = found.end()
    return html + escape(part[done:])


@lru_cache(maxsize=1)
def _finder() -> LinkifyIt:
    """Only web pages: no mail, no other schemes, no addresses of machines without a name."""
    finder = LinkifyIt(options={"fuzzy_email": False, "fuzzy_ip": False, "fuzzy_link": True})
    for scheme in ("ftp:", "//", "mailto:"):
        finder.add(scheme, None)
    return finder
