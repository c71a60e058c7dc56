"""Words for people, in the language of whoever reads them.

`_("Sent to %(name)s", name=name)`, `_n("%(num)s text", "%(num)s texts", count)`, and `_l(…)` for
words that stand at the top of a module. The English words are the keys; sentences stay whole,
placeholders have names, a per cent sign is written `%%`, and what a user wrote is never a key.
Templates have `_`, `ngettext` and `{% trans %}`, of the same manner.

The language belongs to the thread (or greenlet) that speaks: English until somebody says
otherwise, so commands, workers and what programs read are English by themselves.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from functools import lru_cache
from gettext import NullTranslations
from pathlib import Path
from typing import cast

from babel import Locale
from babel.numbers import format_decimal
from babel.support import LazyProxy, Translations
from jinja2 import Environment

from smsinbox.core.config import settings
from smsinbox.core.pseudo import PseudoTranslations

FOLDER = Path(__file__).resolve().parent.parent / "translations"
LANGUAGES = {"en": "English", "de": "Deutsch"}
PSEUDO = "ar-XB"  # no language: shows what was never marked, and lays pages out right to left

_RIGHT_TO_LEFT = frozenset({"ar", "fa", "he", "ur"})
_spoken: ContextVar[str] = ContextVar("language", default="en")


def unfilled(one: str, many: str = "", num: int = 1) -> str:
    """What stands in the catalogue, with its places still empty."""
    known = _catalogue(_spoken.get())
    if not many:
        return known.gettext(one)
    return known.ngettext(one, many, num) or (one if num == 1 else many)


class _Lazy(LazyProxy):
    """May stand in frozen dataclasses and tables; as a key it is found by itself alone."""

    __slots__ = ()
    __hash__ = object.__hash__


def _(words: str, /, **values: object) -> str:
    """These words in the present language, with the values in their places."""
    return unfilled(words) % values


def _n(one: str, many: str, num: int, /, **values: object) -> str:
    """The form that goes with this number; `%(num)s` stands for it."""
    return unfilled(one, many, num) % {"num": num, **values}


def _l(words: str, /, **values: object) -> str:
    """The same as `_`, looked up whenever it is read. Not a `str`: JSON, `join` and `isinstance`
    need `str(…)` of it."""
    return cast(str, _Lazy(_, words, enable_cache=False, **values))


def N_(words: str) -> str:
    """The words as they are, marked for those who look them up later."""
    return words


def language() -> str:
    """What is spoken at present, such as "de"."""
    return _spoken.get()


def direction() -> str:
    """`ltr` or `rtl`, as the present language is written."""
    return "rtl" if _spoken.get().partition("-")[0] in _RIGHT_TO_LEFT else "ltr"


def locale() -> Locale:
    """How dates and figures are written in the present language."""
    return Locale.parse(_spoken.get().partition("-")[0])


def speak(chosen: str) -> None:
    """Speak this language from now on in this thread; English for one that nobody knows."""
    _spoken.set(chosen if chosen in LANGUAGES or chosen == PSEUDO else "en")


@contextmanager
def speaking(chosen: str) -> Iterator[None]:
    """Speak another language for a while."""
    before = _spoken.get()
    speak(chosen)
    try:
        yield
    finally:
        _spoken.set(before)


def figure(count: int) -> str:
    """A count as the present language writes it: 1,600 or 1.600."""
    return format_decimal(count, locale=locale())


def choices() -> dict[str, str]:
    """Codes and names of what can be chosen."""
    return {**LANGUAGES, PSEUDO: "Pseudo"} if settings().pseudo_locale else LANGUAGES


def teach(environment: Environment) -> None:
    """Let templates speak."""
    environment.add_extension("jinja2.ext.i18n")
    environment.policies["ext.i18n.trimmed"] = True
    environment.install_gettext_callables(unfilled, unfilled, newstyle=True)  # type: ignore[attr-defined]
    environment.globals.update(language=language, direction=direction)


@lru_cache
def _catalogue(chosen: str) -> NullTranslations:
    if chosen == PSEUDO:
        return PseudoTranslations()
    return Translations.load(FOLDER, [chosen.replace("-", "_")])
