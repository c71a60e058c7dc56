"""Merge fields: `{{contact.first_name|there}}` in a reply becomes a name, or `there`.

A replacer of our own over a short list of names. What a field becomes is never looked at again, so
a contact called `{{number.name}}` is addressed as exactly that.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from smsinbox.core.i18n import _, _l
from smsinbox.core.segments import measure
from smsinbox.core.text import clean

NAMES = {
    "contact.first_name": _l("the contact's first name"),
    "contact.name": _l("the contact's whole name"),
    "contact.attr.…": _l("something noted about the contact, by its name"),
    "number.name": _l("the name of the number"),
    "agent.first_name": _l("the first name of whoever the conversation is assigned to"),
    "calendar.opens": _l("when you open next, such as “tomorrow at 9:00”"),
    "date": _l("today, such as “12 January”"),
    "time": _l("now, such as “14:30”"),
}

# Those that something can be said for when a person writes.
OF_PEOPLE = {
    **{name: words for name, words in NAMES.items() if name != "calendar.opens"},
    "agent.first_name": _l("the first name of whoever writes"),
}

_FIELD = re.compile(r"\{\{([^{}|]*)(?:\|([^{}]*))?\}\}")
_ATTRIBUTE = re.compile(r"contact\.attr\.[\w -]{1,60}")
_DOTTED = re.compile(r"[^\W\d]\w*(?:\.[\w -]+)+")  # a name as ours are, perhaps mistyped
_UNPRINTABLE = re.compile("[\x00-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]+")  # bidi overrides, too
_LONGEST_VALUE = 160  # characters: nobody's name shall make a text of ten segments


@dataclass(frozen=True, slots=True)
class Rendered:
    """The text, and the fields that had neither a value nor words to use instead."""

    text: str
    missing: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Longest:
    """The longest text that a template makes, and what it costs."""

    text: str
    units: int
    parts: int


def check(template: str) -> None:
    """Raises ValueError: it names the field nobody knows, or the braces that do not close."""
    for name, _instead in _FIELD.findall(template):
        if not is_known(name.strip()):
            raise _unknown(name.strip())
    rest = _FIELD.sub("", template)
    if "{{" in rest or "}}" in rest:
        raise ValueError(
            _("Two braces open or close no field: write it like {{contact.name|there}}.")
        )


def is_known(name: str) -> bool:
    return name in NAMES or bool(_ATTRIBUTE.fullmatch(name))


def needs_calendar(template: str) -> bool:
    """Whether it tells opening hours and has nothing to say without."""
    return any(
        name.strip() == "calendar.opens" and not instead
        for name, instead in _FIELD.findall(template)
    )


def may_lack_a_value(template: str) -> bool:
    """Whether it has a field that may be empty and no words to use instead."""
    return needs_calendar(template) or any(
        not instead.strip() and name.strip() not in ("date", "time")
        for name, instead in _FIELD.findall(template)
    )


def render(template: str, values: Mapping[str, str]) -> Rendered:
    """Fill in the values, each on one line; one that is empty gives way to the words after `|`."""
    missing: list[str] = []

    def fill(found: re.Match[str]) -> str:
        text = _filled(found, values)
        if not text:
            missing.append(found[1].strip())
        return text

    return Rendered(_FIELD.sub(fill, template), tuple(missing))


def filled_in(text: str, values: Mapping[str, str]) -> str:
    """What a person wrote, with the fields in it; braces that were never meant as one stay.

    Raises ValueError in words for them: a field says nothing, or looks like one and is none.
    """

    def fill(found: re.Match[str]) -> str:
        name = found[1].strip()
        if not is_known(name):
            if _DOTTED.fullmatch(name):
                raise _unknown(name)
            return found[0]
        if not (said := _filled(found, values)):
            raise ValueError(
                _(
                    "Nothing is known for %(field)s. Write it yourself, or add the words to use "
                    "instead, as in %(example)s.",
                    field=f"{{{{{name}}}}}",
                    example="{{contact.first_name|there}}",
                )
            )
        return said

    return _FIELD.sub(fill, text)


def longest(template: str, people: Iterable[Mapping[str, str]]) -> Longest:
    """The costliest text over these people's values; with nobody, that of the words instead."""
    texts = {render(template, values).text for values in people} or {render(template, {}).text}
    measured = ((measure(text), text) for text in texts)
    worst, text = max(measured, key=lambda pair: (pair[0].parts, pair[0].units, pair[1]))
    return Longest(text, worst.units, worst.parts)


def _filled(found: re.Match[str], values: Mapping[str, str]) -> str:
    return one_line(values.get(found[1].strip(), "")) or (found[2] or "").strip()


def _unknown(name: str) -> ValueError:
    return ValueError(
        _(
            "“%(field)s” is no field that we know: use %(fields)s, or write it without the braces.",
            field=f"{{{{{name}}}}}",
            fields=", ".join(NAMES),
        )
    )


def one_line(value: str) -> str:
    """A value as it may stand in a text: no line breaks or control characters, not endless."""
    line = " ".join(_UNPRINTABLE.sub(" ", clean(value)).split())
    return line[:_LONGEST_VALUE].rstrip()
