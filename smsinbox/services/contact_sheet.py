"""A file of contacts as people bring it: which column means what, and what each line says."""

import csv
import io
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from smsinbox.core import cells
from smsinbox.core.errors import Invalid
from smsinbox.core.i18n import _, _l, figure
from smsinbox.core.phones import BadAddress, Kind, address
from smsinbox.models.attribute import Attribute
from smsinbox.queries import attributes as attributes_query
from smsinbox.services import contact_tags, contacts
from smsinbox.services.contacts import Details

MOST_ROWS = 100_000
_MOST_COLUMNS = 100
_ATTR = "attr:"

# Meanings that every contact has, with what other products call them.
MEANINGS = {
    "phone": _l("Phone number"),
    "name": _l("Name"),
    "first_name": _l("First name"),
    "last_name": _l("Last name"),
    "notes": _l("Notes"),
    "tags": _l("Tags (separated by commas)"),
    "language": _l("Language"),
    "zone": _l("Time zone"),
}
_ALSO = {
    "phone": "phone_number mobile mobile_number cell cell_phone telephone tel number handy telefon "
    "telefonnummer mobil mobilnummer phone_1_value e164 msisdn",
    "name": "full_name contact display_name contact_name kontakt",
    "first_name": "given_name firstname forename vorname",
    "last_name": "family_name lastname surname nachname",
    "notes": "note comment comments description notizen notiz",
    "tags": "tag labels label groups group group_membership gruppe gruppen",
    "language": "lang locale sprache",
    "zone": "timezone time_zone tz zeitzone",
}


@dataclass(frozen=True, slots=True)
class Sheet:
    """The heads of a file, and below them its lines."""

    heads: list[str]
    rows: list[list[str]]


@dataclass(frozen=True, slots=True)
class Person:
    """What a line says about somebody."""

    phone: str
    details: Details
    tags: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Flaw:
    """A line that cannot be used, and why; `line` counts as spreadsheets do, the heads are 1."""

    line: int
    words: str
    row: list[str] = field(repr=False)


def opened(content: bytes) -> Sheet:
    """Read a file; raises Invalid for one that is no table with heads and at least one line."""
    text = _decoded(content)
    first = text.partition("\n")[0]
    delimiter = max(",;\t", key=first.count)
    try:
        rows = list(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter))
    except csv.Error as error:
        raise Invalid(_("This is no CSV file: %(error)s.", error=error), "file") from None
    filled = [[cells.plain(cell).strip() for cell in row] for row in rows if any(row)]
    if len(filled) < 2:
        raise Invalid(
            _("The file needs a first line that names the columns, and lines below."), "file"
        )
    if len(filled[0]) > _MOST_COLUMNS or len(filled) > MOST_ROWS + 1:
        words = _(
            "Use at most %(rows)s lines and %(columns)s columns; divide this file.",
            rows=figure(MOST_ROWS),
            columns=_MOST_COLUMNS,
        )
        raise Invalid(words, "file")
    return Sheet(filled[0], filled[1:])


def guess(heads: Sequence[str]) -> list[str]:
    """What each column may mean, "" for nothing; no meaning is given twice."""
    names = {word: meaning for meaning, words in _ALSO.items() for word in words.split()}
    names |= {meaning: meaning for meaning in MEANINGS}
    for one in attributes_query.all_attributes():
        names |= {one.key: _ATTR + one.key, _folded(one.label): _ATTR + one.key}
    found: list[str] = []
    for head in heads:
        meaning = names.get(_folded(head), "")
        found.append("" if meaning in found else meaning)
    return found


def meanings() -> dict[str, str]:
    """Everything that a column can mean, in words."""
    return MEANINGS | {_ATTR + one.key: one.label for one in attributes_query.all_attributes()}


def check(columns: Sequence[str]) -> None:
    """Raise Invalid unless these meanings make sense together."""
    used = [meaning for meaning in columns if meaning]
    if any(meaning not in meanings() for meaning in used):
        raise Invalid(_("Choose what each column means from the list."), "columns")
    if "phone" not in used:
        raise Invalid(_("Say which column is the phone number."), "columns")
    if len(set(used)) < len(used):
        raise Invalid(_("Two columns mean the same. Leave one of them out."), "columns")


def read(sheet: Sheet, columns: Sequence[str], region: str | None) -> Iterator[Person | Flaw]:
    """Each line as what it says, or why it cannot be used."""
    defined = attributes_query.all_attributes()
    for i, row in enumerate(sheet.rows):
        said = {meaning: cell for meaning, cell in zip(columns, row, strict=False) if meaning}
        try:
            yield _person(said, region, defined)
        except (BadAddress, Invalid) as error:
            yield Flaw(i + 2, str(error), row)


def _person(said: dict[str, str], region: str | None, defined: Sequence[Attribute]) -> Person:
    there = address(said.get("phone", ""), region)
    if there.kind is not Kind.PERSON:
        raise Invalid(_("This is no phone number of a person; write it with its area code."))
    name = said.get("name", "") or " ".join(
        word for word in (said.get("first_name", ""), said.get("last_name", "")) if word
    )
    attributes = {
        meaning.removeprefix(_ATTR): cell
        for meaning, cell in said.items()
        if cell and meaning.startswith(_ATTR)
    }
    details = Details(
        name=name or None,
        notes=said.get("notes") or None,
        language=said.get("language") or None,
        zone=said.get("zone") or None,
        attributes=attributes or None,
    )
    contacts.checked(details, None, defined)
    words = (word.strip() for word in re.split("[,;|]", said.get("tags", "")))
    tags = dict.fromkeys(contact_tags.name_of(word) for word in words if word)
    return Person(there.value, details, tuple(tags))


def _decoded(content: bytes) -> str:
    """UTF-8, or what old spreadsheets of the West write."""
    try:
        return content.decode("utf-8-sig").replace("\0", "")
    except UnicodeDecodeError:
        return content.decode("cp1252", "replace").replace("\0", "")


def _folded(head: str) -> str:
    return re.sub(r"[^\w]+", "_", head.strip().casefold()).strip("_")
