"""Consent words that admins added to those that always count."""

from collections.abc import Collection, Mapping

from sqlalchemy import select

from smsinbox.core.database import db
from smsinbox.core.phones import region_of
from smsinbox.core.words import ConsentWord
from smsinbox.models.consent_word import AddedWord
from smsinbox.models.number import Number


def all_added() -> list[AddedWord]:
    """Every one, by its spelling."""
    return list(db.session.scalars(select(AddedWord).order_by(AddedWord.spelling, AddedWord.id)))


def additions(number_ids: Collection[int]) -> dict[int, Mapping[str, ConsentWord]]:
    """What each of these numbers hears beside the words that always count, by normalised
    spelling; a number of which nothing is known hears nothing more."""
    added = all_added() if number_ids else []
    if not added:
        return {number_id: {} for number_id in number_ids}
    query = select(Number.id, Number.phone).where(Number.id.in_(number_ids))
    return {
        number_id: {
            one.spelling: ConsentWord(one.meaning)
            for one in added
            if one.number_id in (None, number_id) and one.country in ("", region_of(phone))
        }
        for number_id, phone in db.session.execute(query)
    }
