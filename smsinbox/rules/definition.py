"""What an admin writes to make a rule: one document, in the database, in the file, from the form.

The rule's name, its switch (off, shadow, on), its number and its place are not in here: they belong
to the row. `definition(raw)` reads it, or says in a sentence what to put right.
"""

from datetime import date
from enum import StrEnum
from typing import Annotated, Literal

from pydantic import Field, StringConstraints, ValidationInfo, field_validator, model_validator

from smsinbox.core.i18n import _, figure
from smsinbox.core.phones import BadAddress, address
from smsinbox.core.text import clean
from smsinbox.rules import fields, moments, patterns
from smsinbox.rules.actions import Action, OptIn, OptOut
from smsinbox.rules.reading import Strict, read
from smsinbox.rules.terms import meanings, some

MOST_TERMS = 20
MOST_ACTIONS = 10
MOST_EXAMPLES = 50
LONGEST_REPLY = 1600

Language = Annotated[str, StringConstraints(pattern=r"^[a-z]{2,3}(-[A-Za-z0-9]{2,8})*$")]


class MatchType(StrEnum):
    """What of a text is compared with the terms."""

    ANY = "any"
    EXACT = "exact"
    FIRST_WORD = "first_word"
    WORD = "word"
    PHRASE = "phrase"
    REGEX = "regex"
    FIRST_CONTACT = "first_contact"
    NO_TEXT = "no_text"

    @property
    def has_words(self) -> bool:
        """Whether its terms are words to look for."""
        return self in (self.EXACT, self.FIRST_WORD, self.WORD, self.PHRASE)


class Cooldown(StrEnum):
    """How long a rule keeps silent in a conversation after it has fired there."""

    NONE = "none"
    MINUTES_5 = "5m"
    HOUR = "1h"
    HOURS_12 = "12h"
    DAY = "24h"
    WEEK = "7d"
    ONCE_PER_OPENING = "once_per_opening"
    ONCE_EVER = "once_ever"


class Match(Strict):
    """Which texts a rule is for: any one term suffices, any one of `not_terms` forbids."""

    type: MatchType = MatchType.EXACT
    terms: tuple[str, ...] = Field(default=(), max_length=MOST_TERMS, validate_default=True)
    not_terms: tuple[str, ...] = Field(default=(), max_length=MOST_TERMS)
    typos: Literal[0, 1] = 0

    @field_validator("terms")
    @classmethod
    def _fit_the_type(cls, terms: tuple[str, ...], info: ValidationInfo) -> tuple[str, ...]:
        match info.data.get("type"):
            case MatchType.REGEX:
                for term in some(terms, _("Write at least one pattern to look for.")):
                    patterns.pattern(term)
                return terms
            case MatchType() as kind if kind.has_words:
                some(terms, _("Write at least one word to look for."))
                return meanings(terms, whole=kind is MatchType.EXACT)
            case _ if terms:
                raise ValueError(_("This type looks at no words: leave the terms empty."))
        return terms

    @field_validator("not_terms")
    @classmethod
    def _are_words(cls, terms: tuple[str, ...]) -> tuple[str, ...]:
        return meanings(terms, whole=False)

    @field_validator("typos")
    @classmethod
    def _have_words(cls, typos: int, info: ValidationInfo) -> int:
        kind = info.data.get("type")
        if typos and isinstance(kind, MatchType) and not kind.has_words:
            raise ValueError(_("Typos can only be allowed in words: set “typos” to 0."))
        return typos


class When(Strict):
    """At which hours; with a calendar and `always` it only lends its hours to merge fields."""

    calendar: str | None = Field(default=None, min_length=1, max_length=80)
    hours: Literal["always", "open", "closed"] = Field(default="always", alias="is")

    @field_validator("hours")
    @classmethod
    def _of_a_calendar(cls, hours: str, info: ValidationInfo) -> str:
        if hours != "always" and info.data.get("calendar") is None:
            if hours == "open":
                raise ValueError(_("Choose the calendar that says when you are open."))
            raise ValueError(_("Choose the calendar that says when you are closed."))
        return hours


class Who(Strict):
    """For whom; `of` is the tag or the language."""

    kind: Literal["everyone", "new", "known", "has_tag", "lacks_tag", "language"] = Field(
        default="everyone", alias="is"
    )
    of: str = Field(default="", max_length=60, validate_default=True)

    @model_validator(mode="before")
    @classmethod
    def _may_be_one_word(cls, raw: object) -> object:
        return {"is": raw} if isinstance(raw, str) else raw

    @field_validator("of")
    @classmethod
    def _is_named(cls, of: str, info: ValidationInfo) -> str:
        kind = info.data.get("kind", "everyone")
        if kind in ("has_tag", "lacks_tag", "language") and not of.strip():
            if kind == "language":
                raise ValueError(_("Name the language in “who.of”."))
            raise ValueError(_("Name the tag in “who.of”."))
        if kind in ("everyone", "new", "known") and of:
            raise ValueError(_("“who.of” means nothing for %(kind)s: leave it empty.", kind=kind))
        return of.strip()


class Example(Strict):
    """A test that the admin wrote: this text, at this moment, is answered by that rule, or none.

    An empty text stands for a picture without words.
    """

    text: str = Field(alias="in", max_length=1600)
    at: str | None = Field(None, max_length=40)
    contact: Literal["new", "known"] = "known"
    expect: str | None = Field(max_length=80)

    @field_validator("at")
    @classmethod
    def _is_a_moment(cls, at: str | None) -> str | None:
        if at is not None:
            moments.check(at)
        return at


class Definition(Strict):
    """A whole rule. Everything but `match`, and a reply or an action, has a sensible default."""

    match: Match
    numbers: tuple[str, ...] = Field((), max_length=200)  # of a rule of all numbers: only on these
    when: When = When()
    # Both days belong to it, in the calendar's zone, else the number's.
    valid_from: date | None = None
    valid_until: date | None = None
    who: Who = Who()
    started_by: Literal["any", "customer"] = "any"
    human_grace: int = Field(5, ge=0, le=1440)  # minutes of silence after a text by an agent
    cooldown: Cooldown = Field(default=None, validate_default=True)
    delay: int = Field(0, ge=0, le=60)  # seconds; an agent's text meanwhile cancels the reply
    actions: tuple[Action, ...] = Field((), max_length=MOST_ACTIONS)
    reply: str = Field("", max_length=LONGEST_REPLY, validate_default=True)
    variants: dict[Language, str] = Field({}, max_length=20)  # the reply in other languages
    stop: bool = True
    quiet: bool = False
    counts_as_response: bool = False
    daily_budget: int | None = Field(None, ge=1, le=100_000)  # automatic texts a day, to everybody
    tests: tuple[Example, ...] = Field((), max_length=MOST_EXAMPLES)

    @field_validator("numbers")
    @classmethod
    def _are_phones(cls, numbers: tuple[str, ...]) -> tuple[str, ...]:
        try:
            return tuple(dict.fromkeys(address(number).value for number in numbers))
        except BadAddress as flaw:
            raise ValueError(str(flaw)) from None

    @field_validator("cooldown", mode="before")
    @classmethod
    def _rests_as_its_type_should(cls, raw: object, info: ValidationInfo) -> object:
        """Unless told, keywords rest 5 minutes and what answers nearly everything half a day."""
        if raw is not None:
            return next((known for known in Cooldown if known == raw), raw)
        match = info.data.get("match")
        kind = match.type if isinstance(match, Match) else MatchType.EXACT
        narrow = kind.has_words or kind is MatchType.REGEX
        return Cooldown.MINUTES_5 if narrow else Cooldown.HOURS_12

    @field_validator("valid_until")
    @classmethod
    def _ends_after_it_begins(cls, until: date | None, info: ValidationInfo) -> date | None:
        begins = info.data.get("valid_from")
        if until and begins and until < begins:
            raise ValueError(_("The last day is before the first: change one of them."))
        return until

    @field_validator("actions")
    @classmethod
    def _are_lawful(cls, actions: tuple[Action, ...], info: ValidationInfo) -> tuple[Action, ...]:
        match = info.data.get("match")
        if not isinstance(match, Match):
            return actions  # it has its own flaw
        kind = match.type
        for action in actions:
            if isinstance(action, OptIn) and (kind is not MatchType.EXACT or match.typos):
                raise ValueError(
                    _("Only a whole text, without typos, can opt people in: choose “exact”.")
                )
            if isinstance(action, OptOut) and not (kind.has_words or kind is MatchType.REGEX):
                raise ValueError(_("A rule may only opt people out for words that they wrote."))
        return actions

    @field_validator("reply")
    @classmethod
    def _does_something(cls, reply: str, info: ValidationInfo) -> str:
        reply = _reply(reply, info)
        actions = info.data.get("actions", ())
        opts_out = any(isinstance(action, OptOut) for action in actions)
        if reply and opts_out:
            raise ValueError(
                _("Leave the reply empty: whoever is opted out gets the confirmation alone.")
            )
        if not reply and not actions and "actions" in info.data:
            raise ValueError(_("Write the reply, or choose something else to do."))
        return reply

    @field_validator("variants")
    @classmethod
    def _are_replies(cls, variants: dict[str, str], info: ValidationInfo) -> dict[str, str]:
        if variants and not info.data.get("reply", "-"):
            raise ValueError(_("Write the reply for everybody else, too."))
        for language, text in variants.items():
            if not text.strip() or len(text) > LONGEST_REPLY:
                raise ValueError(
                    _(
                        "The reply in “%(language)s” needs 1 to %(count)s characters.",
                        language=language,
                        count=figure(LONGEST_REPLY),
                    )
                )
        return {language: _reply(text, info) for language, text in variants.items()}

    @field_validator("stop")
    @classmethod
    def _ends_with_an_opt_out(cls, stop: bool, info: ValidationInfo) -> bool:
        if not stop and any(isinstance(one, OptOut) for one in info.data.get("actions", ())):
            raise ValueError(_("A rule that opts people out must stop: no other may answer then."))
        return stop

    @property
    def replies(self) -> tuple[str, ...]:
        """The reply in every language."""
        return (self.reply, *self.variants.values()) if self.reply else ()

    def reply_in(self, language: str) -> str:
        """The reply for somebody who speaks it: es-MX gets es when there is no closer one."""
        while language:
            if language in self.variants:
                return self.variants[language]
            language = language.rpartition("-")[0]
        return self.reply


def definition(raw: object) -> Definition:
    """What was written, as JSON holds it; raises Invalid: `field` names the place."""
    return read(Definition, raw)


def _reply(text: str, info: ValidationInfo) -> str:
    text = clean(text).replace("\r\n", "\n").strip()
    fields.check(text)
    when = info.data.get("when")
    if isinstance(when, When) and when.calendar is None and fields.needs_calendar(text):
        raise ValueError(
            _(
                "{{calendar.opens}} needs a calendar, or words to use instead, "
                "as in {{calendar.opens|soon}}."
            )
        )
    return text
