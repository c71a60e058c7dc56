"""The list of opt-outs as a CSV file: brought along from elsewhere, and taken along."""

import csv
import io
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import islice

from sqlalchemy import select

from smsinbox.core import clock
from smsinbox.core.database import atomic, db
from smsinbox.core.errors import Invalid
from smsinbox.core.i18n import _
from smsinbox.core.phones import BadAddress, Kind, address, region_of
from smsinbox.models.consent_event import ConsentSource
from smsinbox.models.contact import Contact
from smsinbox.models.number import Number
from smsinbox.models.opt_out import OptOut
from smsinbox.models.user import User
from smsinbox.queries import numbers as numbers_query
from smsinbox.queries import opt_outs as opt_outs_query
from smsinbox.services import consent, typed
from smsinbox.services.authority import must_administer
from smsinbox.services.consent_lines import Said
from smsinbox.services.ends import CONTACTS

COLUMNS = ("phone", "name", "number", "since", "source")
LARGEST = 300_000  # bytes
_MOST = 500  # rows a statement
_FORMULAS = ("=", "+", "-", "@", "\t", "\r")
_ALL = ("", "all")


@dataclass(frozen=True, slots=True)
class Row:
    """One line that can be used."""

    phone: str
    number: Number | None
    since: datetime | None
    words: str


@dataclass(frozen=True, slots=True)
class Flaw:
    """One line that cannot, and why."""

    line: int
    words: str


@dataclass(frozen=True, slots=True)
class Plan:
    """What a file would do."""

    rows: list[Row]
    known: int
    flaws: list[Flaw]

    @property
    def new(self) -> int:
        return len(self.rows) - self.known


def plan(text: str) -> Plan:
    """Read a file and change nothing; raises Invalid for one without a column `phone`.

    `number` is a number of ours or "all", which is also what an empty cell means; `since` a date.
    """
    reader = csv.DictReader(io.StringIO(text.removeprefix("\ufeff"), newline=""))
    try:
        names = [(name or "").strip().lower() for name in reader.fieldnames or ()]
        reader.fieldnames = names
        if "phone" not in names:
            raise Invalid(
                _("The first line must name the columns; one of them “%(name)s”.", name="phone"),
                "file",
            )
        ours = {number.phone: number for number in numbers_query.all_numbers()}
        rows, flaws = _read(reader, ours)
    except csv.Error as error:
        raise Invalid(_("This is no CSV file: %(error)s.", error=error), "file") from None
    return Plan(rows, _known(rows), flaws)


@atomic
def bring_in(text: str, by: User | None = None) -> int:
    """Opt out whom the file names, leaving out lines that cannot be used; how many were new."""
    must_administer(by)
    new = 0
    for part in _parts(plan(text).rows):
        phones = sorted({row.phone for row in part})
        people = [{"phone": phone, "kind": Kind.PERSON.value} for phone in phones]
        CONTACTS.run(people, now=clock.now_micros())
        query = select(Contact.phone, Contact.id).where(Contact.phone.in_(phones))
        ids = {row[0]: row[1] for row in db.session.execute(query)}
        ends = {
            (ids[row.phone], row.number.id if row.number else None): Said(
                row.words, by=by, since=row.since
            )
            for row in part
        }
        new += consent.take_out(ends, ConsentSource.IMPORT)
    return new


def as_csv() -> str:
    """All that stand, in a form that `plan` reads; no cell is a formula to a spreadsheet."""
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(COLUMNS)
    for one in opt_outs_query.everyone():
        number = one.number.phone if one.number else "all"
        since = one.at.isoformat(timespec="seconds")
        cells = (one.contact.phone, one.contact.name, number, since, one.source)
        writer.writerow([_safe(cell) for cell in cells])
    return out.getvalue()


def _safe(cell: str) -> str:
    """Spreadsheets show what stands behind an apostrophe as it is."""
    return f"'{cell}" if cell.startswith(_FORMULAS) else cell


def _read(reader: "csv.DictReader[str]", ours: dict[str, Number]) -> tuple[list[Row], list[Flaw]]:
    rows: dict[tuple[str, str], Row] = {}
    flaws: list[Flaw] = []
    for cells in reader:
        plain = {
            name: (value if isinstance(value, str) else "").strip().removeprefix("'").strip()
            for name, value in cells.items()
            if name
        }
        if not any(plain.values()):
            continue
        try:
            row = _row(plain, ours)
        except (BadAddress, Invalid) as error:
            flaws.append(Flaw(reader.line_num, str(error)))
        else:
            rows.setdefault((row.phone, row.number.phone if row.number else ""), row)
    return list(rows.values()), flaws


def _row(cells: dict[str, str], ours: dict[str, Number]) -> Row:
    number = None
    if (named := cells.get("number", "")).lower() not in _ALL:
        number = ours.get(address(named, _region(ours)).value)
        if number is None:
            raise Invalid(
                _(
                    "%(named)s is no number of ours: write one, or “%(all)s”.",
                    named=named[:20],
                    all="all",
                )
            )
    there = address(cells["phone"], region_of(number.phone) if number else _region(ours))
    if there.kind is not Kind.PERSON:
        raise Invalid(_("Only a person's phone number can be opted out."))
    words = typed.line(cells.get("reason", "") or cells.get("source", ""), "reason", 300)
    return Row(there.value, number, _since(cells.get("since", "")), words)


def _region(ours: dict[str, Number]) -> str | None:
    """Where local spellings are at home: with our first number."""
    return next((region for region in map(region_of, ours) if region), None)


def _since(written: str) -> datetime | None:
    if not written:
        return None
    try:
        moment = datetime.fromisoformat(written)
        moment = moment.astimezone(UTC) if moment.tzinfo else moment.replace(tzinfo=UTC)
    except (ValueError, OverflowError):
        raise Invalid(
            _("“%(written)s” is no date: write it like 2026-01-31.", written=written[:30])
        ) from None
    if not clock.EPOCH <= moment <= clock.now():
        raise Invalid(_("The date must not lie ahead, nor before 1970."))
    return moment


def _known(rows: list[Row]) -> int:
    found = 0
    for part in _parts(rows):
        query = (
            select(Contact.phone, OptOut.number_id)
            .join(OptOut, OptOut.contact_id == Contact.id)
            .where(Contact.phone.in_({row.phone for row in part}))
        )
        stands = {(row[0], row[1]) for row in db.session.execute(query)}
        found += sum((row.phone, row.number.id if row.number else None) in stands for row in part)
    return found


def _parts(rows: list[Row]) -> Iterator[list[Row]]:
    remaining = iter(rows)
    while part := list(islice(remaining, _MOST)):
        yield part
