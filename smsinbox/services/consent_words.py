"""Further consent words: added and taken away by admins. Those that always count stay."""

import phonenumbers
from sqlalchemy import select

from smsinbox.core import clock
from smsinbox.core.database import atomic, db
from smsinbox.core.errors import Invalid, NotFound
from smsinbox.core.i18n import _
from smsinbox.core.text import normalise
from smsinbox.core.words import ConsentWord, meaning_of
from smsinbox.models.consent_word import AddedWord
from smsinbox.models.number import Number
from smsinbox.models.rule import Rule
from smsinbox.models.user import User
from smsinbox.services import typed
from smsinbox.services.authority import must_administer


@atomic
def create(
    words: str,
    meaning: str,
    number_id: int | None = None,
    country: str = "",
    by: User | None = None,
) -> AddedWord:
    """Hear these words, as a whole text, as STOP, START or HELP: on one number, on those of a
    country (ISO 3166), or with neither on all."""
    must_administer(by)
    spelling = _spelling(words)
    if meaning not in list(ConsentWord):
        raise Invalid(_("Choose what the word asks for."), "meaning")
    if number_id is not None and db.session.get(Number, number_id) is None:
        raise Invalid(_("Choose a number from the list."), "place")
    if country and country not in phonenumbers.SUPPORTED_REGIONS:
        raise Invalid(_("Write a country by its two letters, such as FR."), "place")
    _must_be_new(spelling, number_id, country)
    word = AddedWord(
        spelling=spelling,
        meaning=meaning,
        number_id=number_id,
        country=country,
        created_at=clock.now(),
    )
    db.session.add(word)
    db.session.flush()
    return word


@atomic
def delete(word_id: int, by: User | None = None) -> AddedWord:
    """Hear it as any other text again."""
    must_administer(by)
    word = db.session.get(AddedWord, word_id)
    if word is None:
        raise NotFound
    db.session.delete(word)
    return word


def _spelling(words: str) -> str:
    spelling = normalise(typed.line(words, "words", 40, _("Write a word.")))
    if not spelling or len(spelling) > 40:
        raise Invalid(_("Write a word, with letters in it."), "words")
    if known := meaning_of(spelling):
        raise Invalid(
            _("This is %(value)s everywhere already, by law.", value=known.value.upper()), "words"
        )
    return spelling


def _must_be_new(spelling: str, number_id: int | None, country: str) -> None:
    same = select(AddedWord).where(AddedWord.spelling == spelling, AddedWord.country == country)
    for word in db.session.scalars(same):
        if word.number_id == number_id:
            raise Invalid(_("This word is there already. Take it away first."), "words")
    for rule in db.session.scalars(select(Rule)):
        match = rule.definition.get("match", {})
        terms = match.get("terms", ()) if match.get("type") == "exact" else ()
        if spelling in map(normalise, terms):
            words = _(
                "The rule “%(name)s” waits for this word. Take it out of the rule first.",
                name=rule.name,
            )
            raise Invalid(words, "words")
