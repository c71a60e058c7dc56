"""A file of contacts, brought in: first only what it would do, then done, some lines at a time.

An empty cell leaves a thing as it is, and tags are only added; so the same file a second time
changes nothing.
"""

import time
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from sqlalchemy import or_, select
from sqlalchemy.dialects import postgresql, sqlite

from smsinbox.core import cells, clock
from smsinbox.core.database import atomic, db, is_sqlite
from smsinbox.core.events import emit_all
from smsinbox.core.files import shelf
from smsinbox.core.phones import Kind
from smsinbox.models.attribute import Attribute
from smsinbox.models.contact import Contact
from smsinbox.models.conversation import Conversation
from smsinbox.models.events import ContactChanged
from smsinbox.models.tag import ContactTag, Tag
from smsinbox.models.transfer import TransferState
from smsinbox.queries import attributes as attributes_query
from smsinbox.services import contact_sheet, contact_tags, contacts, transfers
from smsinbox.services.contact_sheet import Flaw, Person, Sheet
from smsinbox.services.ends import CONTACTS
from smsinbox.services.transfers import LARGEST, Hold

BATCH = 100  # lines a transaction: carriers wait for the lock meanwhile


class Tally(NamedTuple):
    """What some lines did, or would do."""

    created: int = 0
    updated: int = 0


def work(hold: Hold, ends: float) -> None:
    """Go on with an import until it is done or the time (monotonic) is over."""
    transfer = hold.transfer
    sheet = contact_sheet.opened(shelf.path(transfer.source or "").read_bytes())
    columns, region = transfer.options["columns"], transfer.options["region"]
    lines = list(contact_sheet.read(sheet, columns, region))
    is_rehearsal = transfer.state == TransferState.LOOKING
    seen = {line.phone for line in lines[: transfer.done] if isinstance(line, Person)}
    done, tally, flawed = transfer.done, Tally(transfer.created, transfer.updated), transfer.flawed
    while part := lines[done : done + BATCH]:
        people = [line for line in part if isinstance(line, Person)]
        done, flawed = done + len(part), flawed + len(part) - len(people)
        if is_rehearsal:
            tally = _sum(tally, _rehearsed(people, seen))
            transfers.step(
                hold, done=done, created=tally.created, updated=tally.updated, flawed=flawed
            )
        else:
            tally = _written(hold, people, tally, done, flawed)
        if time.monotonic() > ends and done < len(lines):
            transfers.pause(hold)
            return
    result = _flaws(sheet, [line for line in lines if isinstance(line, Flaw)])
    state = TransferState.LOOKED if is_rehearsal else TransferState.DONE
    transfers.finish(hold, state, result)


@atomic
def _written(hold: Hold, people: Sequence[Person], tally: Tally, done: int, flawed: int) -> Tally:
    """Write some lines, and that they are written: both, or neither."""
    after = _sum(tally, write(people))
    transfers.step(hold, done=done, created=after.created, updated=after.updated, flawed=flawed)
    return after


@atomic
def write(people: Sequence[Person]) -> Tally:
    """Write down what lines say; of two about one phone the later one holds."""
    phones = [person.phone for person in people]
    before = _by_phone(phones)
    fresh = [{"phone": p, "kind": Kind.PERSON.value} for p in sorted(set(phones) - before.keys())]
    if fresh:
        CONTACTS.run(fresh, now=clock.now_micros())
    known, defined = _by_phone(phones), attributes_query.all_attributes()
    members = _members(known.values())
    tags = _tags({name for person in people for name in person.tags})
    worn = _worn([one.id for group in members.values() for one in group])
    wore = set(worn)
    created, changed = set(), set()
    for person in people:
        group = members[known[person.phone].leader_id]
        if _differs(person, group, defined, worn, tags, write=True):
            changed.add(person.phone)
        if person.phone not in before:
            created.add(person.phone)
    db.session.flush()
    _put_on(worn - wore)
    _tell([known[phone].leader_id for phone in changed])
    return Tally(len(created), len(changed - created))


def _rehearsed(people: Sequence[Person], seen: set[str]) -> Tally:
    """What `write` would do; `seen` are the phones of the lines before, and grows."""
    known = _by_phone([person.phone for person in people])
    defined = attributes_query.all_attributes()
    members = _members(known.values())
    tags = {tag.name: tag.id for tag in db.session.scalars(select(Tag))}
    worn = _worn([one.id for group in members.values() for one in group])
    created = updated = 0
    for person in people:
        contact = known.get(person.phone)
        if contact is None:
            created += person.phone not in seen
        elif person.phone not in seen:
            group = members[contact.leader_id]
            updated += _differs(person, group, defined, worn, tags, write=False)
        seen.add(person.phone)
    db.session.rollback()
    return Tally(created, updated)


def _differs(
    person: Person,
    group: Sequence[Contact],
    defined: Sequence[Attribute],
    worn: set[tuple[int, int]],
    tags: dict[str, int],
    write: bool,
) -> bool:
    """Whether a line says anything new about these phones of a person; with `write`, they know."""
    differs = False
    for one in group:
        wanted = contacts.checked(person.details, one.attributes, defined)
        for values in wanted.values():
            for column, value in values.items():
                if getattr(one, column) != value:
                    differs = True
                    if write:
                        setattr(one, column, value)
        new = [name for name in person.tags if (one.id, tags.get(name, 0)) not in worn]
        differs = differs or bool(new)
        if write:
            worn.update((one.id, tags[name]) for name in new)
    return differs


def _put_on(pairs: Iterable[tuple[int, int]]) -> None:
    into = (sqlite if is_sqlite() else postgresql).insert(ContactTag).on_conflict_do_nothing()
    rows = [{"contact_id": contact, "tag_id": tag} for contact, tag in sorted(pairs)]
    if rows:
        db.session.execute(into, rows)


def _by_phone(phones: Sequence[str]) -> dict[str, Contact]:
    found = db.session.scalars(select(Contact).where(Contact.phone.in_(set(phones))))
    return {contact.phone: contact for contact in found}


def _members(people: Iterable[Contact]) -> dict[int, list[Contact]]:
    """All phones of these persons, by the one that leads."""
    leaders = {one.leader_id for one in people}
    query = select(Contact).where(or_(Contact.id.in_(leaders), Contact.person_id.in_(leaders)))
    members: dict[int, list[Contact]] = {}
    for one in db.session.scalars(query.order_by(Contact.id)):
        members.setdefault(one.leader_id, []).append(one)
    return members


def _tags(names: set[str]) -> dict[str, int]:
    return {name: contact_tags.made(name) for name in sorted(names)}


def _worn(contact_ids: Sequence[int]) -> set[tuple[int, int]]:
    query = select(ContactTag.contact_id, ContactTag.tag_id)
    rows = db.session.execute(query.where(ContactTag.contact_id.in_(contact_ids)))
    return {(row[0], row[1]) for row in rows}


def _tell(leader_ids: Sequence[int]) -> None:
    query = (
        select(Conversation)
        .join(Contact, Contact.id == Conversation.contact_id)
        .where(or_(Contact.id.in_(leader_ids), Contact.person_id.in_(leader_ids)))
    )
    emit_all(map(ContactChanged.of, db.session.scalars(query).unique()))


def _flaws(sheet: Sheet, flaws: Sequence[Flaw]) -> str | None:
    """The lines that cannot be used, as a file to mend and to bring again; None without any."""
    if not flaws:
        return None
    lines = [cells.line([*sheet.heads, "line", "why it is left out"])]
    width = len(sheet.heads)
    lines += [
        cells.line([*(flaw.row + [""] * width)[:width], str(flaw.line), flaw.words])
        for flaw in flaws
    ]
    return shelf.keep(lines, 2 * LARGEST).sha256


def _sum(one: Tally, other: Tally) -> Tally:
    return Tally(one.created + other.created, one.updated + other.updated)
