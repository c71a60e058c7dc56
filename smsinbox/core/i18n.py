"""Words for people, in the language of whoever reads them.

`_("Sent to %(name)s", name=name)`, `_n("%(num)s text", "%(num)s texts", count)`, and `_l(…)` for
words that stand at the top of a module. The English words are the keys; sentences stay whole,
placeholders have names, a per cent sign is written `%%`, and what a user wrote is never a key.
Templates have `_`, `ngettext` and `{% trans %}`, of the same manner.

A Style is how somebody wants to read: the language, and the region, zone and clock by which times
are written (core/times.py). It belongs to the thread (or greenlet) that writes: English and UTC
until somebody says otherwise, so commands, workers and what programs read are so by themselves.
"""

from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from contextvars import ContextVar
from functools import lru_cache
from gettext import NullTranslations
from pathlib import Path
from typing import NamedTuple, cast

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


class Style(NamedTuple):
    """How it is written for somebody. `region` is a locale of the language, such as "en_GB"; `zone`
    an IANA name, empty where nobody knows it; `clock` "h23", "h12", or empty for what is usual."""

    language: str = "en"
    region: str = ""
    zone: str = ""
    clock: str = ""

    @property
    def locale(self) -> Locale:
        """How dates and figures are written."""
        return _parsed(self.region or self.language.partition("-")[0])


_style: ContextVar[Style] = ContextVar("style", default=Style())  # noqa: B039 (it is frozen)


def unfilled(one: str, many: str = "", num: int = 1) -> str:
    """What stands in the catalogue, with its places still empty."""
    known = _catalogue(language())
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


def style() -> Style:
    """How it is written at present."""
    return _style.get()


def language() -> str:
    """What is spoken at present, such as "de"."""
    return _style.get().language


def direction() -> str:
    """`ltr` or `rtl`, as the present language is written."""
    return "rtl" if language().partition("-")[0] in _RIGHT_TO_LEFT else "ltr"


def locale() -> Locale:
    """How dates and figures are written at present."""
    return _style.get().locale


def write_in(chosen: Style) -> None:
    """Write so from now on in this thread; in English where nobody knows the language."""
    is_known = chosen.language in LANGUAGES or chosen.language == PSEUDO
    _style.set(chosen if is_known else chosen._replace(language="en", region=""))


@contextmanager
def writing_in(chosen: Style) -> Iterator[None]:
    """Write in another style for a while."""
    before = _style.get()
    write_in(chosen)
    try:
        yield
    finally:
        _style.set(before)


def speak(chosen: str) -> None:
    """Speak this language from now on in this thread, to nobody in particular."""
    write_in(Style(chosen))


def speaking(chosen: str) -> AbstractContextManager[None]:
    """Speak another language for a while."""
    return writing_in(Style(chosen))


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
def _parsed(name: str) -> Locale:
    return Locale.parse(name)


@lru_cache
def _catalogue(chosen: str) -> NullTranslations:
    if chosen == PSEUDO:
        return PseudoTranslations()
    return Translations.load(FOLDER, [chosen.replace("-", "_")])
