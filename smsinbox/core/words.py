"""Words that mean something by themselves: consent words, which are law, and keywords of rules."""

import re
from collections.abc import Mapping
from enum import StrEnum
from types import MappingProxyType

from smsinbox.core.text import normalise, without_signature


class ConsentWord(StrEnum):
    """What a text that is nothing but one of these words asks for."""

    STOP = "stop"
    START = "start"
    HELP = "help"


# The carriers' default lists together with the words that 47 CFR 64.1200(a)(10) names. YES is not
# here although one carrier takes it for START: people answer questions with it.
_SPELLINGS = {
    ConsentWord.STOP: (
        "stop",
        "stopall",
        "stop all",
        "unsubscribe",
        "cancel",
        "end",
        "quit",
        "revoke",
        "optout",
        "opt out",
    ),
    ConsentWord.START: ("start", "unstop"),
    ConsentWord.HELP: ("help", "info"),
}
_MEANING = {spelling: word for word, spellings in _SPELLINGS.items() for spelling in spellings}
_NO_ADDITIONS: Mapping[str, ConsentWord] = MappingProxyType({})

_NEGATED = re.compile(
    r"\b(?:do not|dont|never|wont|cant) (?:stop|quit|unsubscribe|remove|cancel)\b"
)
_REFUSALS = re.compile(
    r"""\b(?:
      (?:stop|quit)\ (?:text|txt|messag|contact|send|spam|bother|harass|writ|call)\w*
    | (?:stop|end|cancel)\ (?:all|the|these|those|this|your|with)\ (?:the\ |these\ |your\ )?
        (?:text|txt|message|messaging|sms|spam)\w*
    | (?:do\ not|dont|never)\ (?:ever\ )?(?:text|txt|message|contact|spam|bother|write|call)
        \ (?:me|us|this|here|again|anymore)\b
    | (?:do\ not|dont|never)\ send\ (?:me\ |us\ )?any
    | no\ (?:more|further)\ (?:text|txt|message|sms|spam)
    | unsub(?:scribe)?\b
    | opt(?:ing|ed)?\ ?(?:me\ |us\ )?out\b
    | (?:take|get)\ (?:me|us|my\ number|this\ number)\ off\ (?:of\ )?(?:your|the|this|that|all)\b
    | (?:remove|delete|erase)\ (?:me|us|my\ (?:phone\ )?number|this\ number)\b
    | leave\ (?:me|us)\ alone
    | (?:revoke|withdraw)\ (?:my\ )?(?:consent|permission)
    )""",
    re.VERBOSE,
)
_REFUSING = frozenset(  # a text with none of these words, as most are, refuses nothing
    "stop stopall quit end cancel do dont never no unsub unsubscribe opt opted opting optout "
    "optedout optingout take get remove delete erase leave revoke withdraw".split()
)
_QUOTED = re.compile('["“”„«»‹›]([^"“”„«»‹›]{1,40})["“”„«»‹›]')
_WAYS_OUT = ("unsubscribe", "opt out", "optout", "stopall", "reply stop", "text stop", "send stop")
_COURTESY = re.compile(
    "please|pls|plz|kindly|just|now|ok|okay|hey|hi|hello|no|it|this|thanks?|you|[0-9]+"
)


def consent_word(
    body: str, additions: Mapping[str, ConsentWord] = _NO_ADDITIONS
) -> ConsentWord | None:
    """The consent word a text consists of, or None when it says anything more or less.

    Case, width, accents, punctuation, space around it and a handset's signature do not count:
    "STOP." is STOP, "please stop" is not. `additions` are further spellings, normalised, such as
    ARRET in France; they take nothing away from ours.
    """
    return meaning_of(normalise(without_signature(body)), additions)


def spellings(word: ConsentWord) -> tuple[str, ...]:
    """What always counts as this word, on every number; nobody can take one away."""
    return _SPELLINGS[word]


def meaning_of(
    said: str, additions: Mapping[str, ConsentWord] = _NO_ADDITIONS
) -> ConsentWord | None:
    """The same for a text that is normalised already."""
    return _MEANING.get(said) or additions.get(said)


def tells_how_to_stop(body: str, additions: Mapping[str, ConsentWord] = _NO_ADDITIONS) -> bool:
    """Whether a text of ours names a word with which its reader ends such texts.

    It stands there as one to send back, in capitals or in quotation marks: "Reply STOP to opt out",
    yes; "We stop by at 5", no.
    """
    said = f" {normalise(body)} "
    if any(f" {way} " in said for way in _WAYS_OUT):
        return True
    quoted = (meaning_of(normalise(one), additions) for one in _QUOTED.findall(body))
    if ConsentWord.STOP in quoted:
        return True
    capitals = " ".join(word if word == word.upper() else "x" for word in body.split())
    loud = f" {normalise(capitals)} "
    added = (word for word, meaning in additions.items() if meaning is ConsentWord.STOP)
    return any(f" {word} " in loud for word in (*_SPELLINGS[ConsentWord.STOP], *added))


def asks_to_stop(body: str) -> bool:
    """Whether a person seems to refuse further texts in their own, English, words.

    A hint to show to an agent and never a decision: "stop texting me" and "please stop", yes;
    "stop by at 5?", no. A bare consent word asks, too.
    """
    return refuses(normalise(body))


def refuses(said: str) -> bool:
    """The same for a text that is normalised already."""
    if _REFUSING.isdisjoint(said.split()):
        return False
    if _MEANING.get(said) is ConsentWord.STOP:
        return True
    said = _NEGATED.sub("", said)
    return bool(_REFUSALS.search(said)) or _is_polite_stop(said)


def _is_polite_stop(said: str) -> bool:
    """Whether nothing is said but stop, with courtesies, digits and emoji around it."""
    words = {word for word in said.split() if word.isalnum()}
    return "stop" in words and all(map(_COURTESY.fullmatch, words - {"stop"}))
