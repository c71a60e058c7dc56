"""Two contacts are one person: what is known is put together, and for 30 days taken apart again.

Only the words about them are joined. Conversations, texts and consent stay with the phone they came
by: whoever said STOP on one phone is not texted on that phone, and nothing else changes.
"""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from typing import TypeVar

from sqlalchemy import delete, insert, or_, select

from smsinbox.core import clock
from smsinbox.core.database import atomic, db
from smsinbox.core.errors import Conflict, Forbidden, Invalid
from smsinbox.core.i18n import _
from smsinbox.models.contact import Contact
from smsinbox.models.merge import Merge
from smsinbox.models.tag import ContactTag
from smsinbox.models.user import User
from smsinbox.queries import contacts as contacts_query
from smsinbox.queries import merges as merges_query
from smsinbox.services import contact_tags, contacts
from smsinbox.services.contacts import LONGEST_NOTES

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Words:
    """What is written down about a person."""

    name: str = ""
    notes: str = ""
    language: str = ""
    zone: str = ""
    attributes: Mapping[str, str] = field(default_factory=dict)
    tags: Sequence[str] = ()


def joined(one: Words, other: Words) -> Words:
    """Both together; where they differ the first one holds, and both notes are kept."""
    notes = "\n\n".join(dict.fromkeys(note for note in (one.notes, other.notes) if note))
    return Words(
        name=one.name or other.name,
        notes=notes,
        language=one.language or other.language,
        zone=one.zone or other.zone,
        attributes={**other.attributes, **one.attributes},
        tags=sorted({*one.tags, *other.tags}),
    )


def parted(before: Words, together: Words, now: Words) -> Words:
    """As it was before, with everything that was changed since they were together."""
    keys = [*before.attributes, *together.attributes, *now.attributes]
    attributes = {
        key: _newer(
            before.attributes.get(key), together.attributes.get(key), now.attributes.get(key)
        )
        for key in dict.fromkeys(keys)
    }
    added, removed = {*now.tags} - {*together.tags}, {*together.tags} - {*now.tags}
    return Words(
        name=_newer(before.name, together.name, now.name),
        notes=_newer(before.notes, together.notes, now.notes),
        language=_newer(before.language, together.language, now.language),
        zone=_newer(before.zone, together.zone, now.zone),
        attributes={key: value for key, value in attributes.items() if value},
        tags=sorted(({*before.tags} | added) - removed),
    )


@atomic
def merge(into_id: int, from_id: int, by: User) -> Merge:
    """Say that both are one person, who is led by the first; raises Forbidden unless `by` may write
    about both."""
    into, gone = _both(into_id, from_id, by)
    before_into, before_from = words_of(into), words_of(gone)
    together = joined(before_into, before_from)
    if len(together.notes) > LONGEST_NOTES:
        words = _(
            "Together their notes have more than %(longest)s characters. Shorten them.",
            longest=LONGEST_NOTES,
        )
        raise Invalid(words, "notes")
    made = Merge(
        into_id=into[0].leader_id,
        from_id=gone[0].leader_id,
        state={
            "into": asdict(before_into),
            "from": asdict(before_from),
            "together": asdict(together),
            "moved": [one.id for one in gone],
        },
        author_name=by.name,
        at=clock.now(),
    )
    db.session.add(made)
    for one in gone:
        one.person_id = made.into_id
    _write([*into, *gone], together)
    contacts.tell(into, "Merged the contact with another one.", by)
    contacts.tell(gone, "Merged the contact with another one.", by)
    return made


@atomic
def undo(merge_id: int, by: User) -> Merge:
    """They are two again. What was written since stays with both; raises Conflict when it is too
    late, or a later merge has to be undone first."""
    made = merges_query.found(merge_id)
    people = contacts.held(made.into_id)
    db.session.refresh(made, with_for_update=True)
    _must_change(by, people)
    if not made.can_be_undone:
        raise Conflict(_("This merge is undone already, or older than 30 days."))
    _must_be_last(made, people)
    moved = [one for one in people if one.id in made.state["moved"]]
    rest = [one for one in people if one.id not in made.state["moved"]]
    now, together = words_of(people), Words(**made.state["together"])
    for one in moved:
        one.person_id = None if one.id == made.from_id else made.from_id
    _write(rest, parted(Words(**made.state["into"]), together, now))
    _write(moved, parted(Words(**made.state["from"]), together, now))
    made.undone_at = clock.now()
    for group in (rest, moved):
        contacts.tell(group, "Took a merge of the contact back.", by)
    return made


def words_of(people: Sequence[Contact]) -> Words:
    """What is written down about these phones of one person: the leader's, and everybody's tags."""
    leader = next((one for one in people if one.person_id is None), people[0])
    worn = contacts_query.tags_of([one.id for one in people])
    return Words(
        name=leader.name,
        notes=leader.notes,
        language=leader.language,
        zone=leader.zone,
        attributes=leader.attributes or {},
        tags=sorted({tag.name for tags in worn.values() for tag in tags}),
    )


def _both(into_id: int, from_id: int, by: User) -> tuple[list[Contact], list[Contact]]:
    """The phones of both, locked in one order whoever merges whom."""
    found = {one: contacts.held(one) for one in sorted((into_id, from_id))}
    into, gone = found[into_id], found[from_id]
    if into[0].leader_id == gone[0].leader_id:
        raise Conflict(_("They are one person already."))
    if into[0].kind != gone[0].kind:
        raise Invalid(_("A person and a machine cannot be one."), "other")
    _must_change(by, into)
    _must_change(by, gone)
    return into, gone


def _must_change(by: User, people: Sequence[Contact]) -> None:
    if not contacts_query.may_change(by, people[0]):
        raise Forbidden(_("You can read here, but not change anything."))


def _must_be_last(made: Merge, people: Sequence[Contact]) -> None:
    ids = [one.id for one in people]
    later = select(Merge.id).where(
        Merge.id > made.id,
        Merge.undone_at.is_(None),
        or_(Merge.into_id.in_(ids), Merge.from_id.in_(ids)),
    )
    if people[0].leader_id != made.into_id or db.session.scalar(later.limit(1)):
        raise Conflict(_("They were merged with yet another one since. Undo that first."))


def _write(people: Sequence[Contact], words: Words) -> None:
    for one in people:
        one.name, one.notes = words.name, words.notes
        one.language, one.zone = words.language, words.zone
        one.attributes = dict(words.attributes) or None
    ids = [one.id for one in people]
    db.session.flush()
    db.session.execute(delete(ContactTag).where(ContactTag.contact_id.in_(ids)))
    tags = [contact_tags.made(name) for name in words.tags]
    rows = [{"contact_id": one, "tag_id": tag} for one in ids for tag in tags]
    if rows:
        db.session.execute(insert(ContactTag), rows)


def _newer(before: T, together: T, now: T) -> T:
    return now if now != together else before
