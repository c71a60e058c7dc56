"""A language of nobody: English words in letters that no English has.

Whatever plain Latin letters a page still shows was never marked for translation.
"""

import re
from gettext import NullTranslations

_LETTERS = str.maketrans(
    "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ",
    "åƀçðéƒĝĥîĵķļɱñöþǫŕšţûṽŵẋýžÅƁÇÐÉƑĜĤÎĴĶĻṀÑÖÞǪŔŠŢÛṼŴẊÝŽ",
)
_KEPT = re.compile(r"(%\(\w+\)s|%%|<[^>]*>|&\w+;)")  # places, tags, entities


class PseudoTranslations(NullTranslations):
    """Made from the English words on the fly; there is no catalogue."""

    def gettext(self, message: str) -> str:
        return pseudo(message)

    def ngettext(self, msgid1: str, msgid2: str, n: int) -> str:
        return pseudo(msgid1 if n == 1 else msgid2)


def pseudo(words: str) -> str:
    """“Sent to %(name)s” → “[Šéñţ ţö %(name)s]”."""
    parts = _KEPT.split(words)
    parts[::2] = [part.translate(_LETTERS) for part in parts[::2]]
    return f"[{''.join(parts)}]"
