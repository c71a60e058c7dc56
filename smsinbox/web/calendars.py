"""Opening hours: the calendars that rules depend on, each with a form of its own."""

from typing import Any

from flask import Blueprint, request
from werkzeug.wrappers import Response

from smsinbox.core import clock
from smsinbox.core.errors import Conflict, Invalid, Problem
from smsinbox.core.i18n import _, _l
from smsinbox.models.calendar import Calendar
from smsinbox.queries import calendars as calendars_query
from smsinbox.rules import calendar as reading
from smsinbox.rules.moments import DAYS
from smsinbox.services import calendars
from smsinbox.web.access import administrators, viewer
from smsinbox.web.setup import Form, back, page

pages = Blueprint("calendars", __name__, url_prefix="/calendars")


@pages.app_template_global()
def calendar_names() -> list[str]:
    """What a number's opening hours are chosen from."""
    return [calendar.name for calendar in calendars_query.all_of()]


_SPARE = 2  # empty lines for special days, below those that there are
_MOST = 420
_FIELDS = ("from", "until", "open", "label", "text")
_NAMES = dict(
    zip(
        DAYS,
        (
            _l("Monday"),
            _l("Tuesday"),
            _l("Wednesday"),
            _l("Thursday"),
            _l("Friday"),
            _l("Saturday"),
            _l("Sunday"),
        ),
        strict=True,
    )
)
_USUAL = {"zone": "America/New_York"} | {f"day-{day}": "09:00-17:00" for day in DAYS[:5]}


@pages.get("")
@administrators
def listed() -> Response:
    """All of them, and what each says now."""
    return _list()


@pages.get("/new")
@administrators
def new() -> Response:
    """A usual week to begin with."""
    return _page(None, Form("calendar", _USUAL))


@pages.post("")
@administrators
def create() -> Response:
    """One more."""
    return _saved(None)


@pages.get("/<int:calendar_id>")
@administrators
def show(calendar_id: int) -> Response:
    """Its week and its special days, to be changed."""
    calendar = calendars_query.found(calendar_id)
    return _page(calendar, Form("calendar", _values(calendar.definition)))


@pages.post("/<int:calendar_id>")
@administrators
def edit(calendar_id: int) -> Response:
    """Other hours, from now on."""
    return _saved(calendars_query.found(calendar_id))


@pages.post("/<int:calendar_id>/delete")
@administrators
def delete(calendar_id: int) -> Response:
    """Thrown away, unless a rule depends on it."""
    try:
        gone = calendars.delete(calendar_id, viewer())
    except Conflict as problem:
        return _list(problem)
    return back(_("“%(name)s” is gone.", name=gone.name), "calendars.listed")


def _saved(calendar: Calendar | None) -> Response:
    form = Form("calendar", request.form.to_dict())
    try:
        definition = _definition(form)
        if calendar is None:
            saved = calendars.create(definition, viewer())
        else:
            saved = calendars.edit(calendar.id, definition, viewer())
    except (Invalid, Conflict) as problem:
        return _page(calendar, form.refused(_at_its_field(problem, form)))
    return back(_("“%(name)s” is saved.", name=saved.name), "calendars.listed")


def _list(problem: Problem | None = None) -> Response:
    now, every = clock.now(), calendars_query.all_of()
    return page(
        "calendars/list.html",
        "calendars",
        Form("", problem=problem),
        calendars=every,
        lines={
            one.id: calendars_query.state_line(calendars_query.hours_of(one), now) for one in every
        },
        used_by=calendars_query.used_by(),
    )


def _page(calendar: Calendar | None, form: Form) -> Response:
    used_by = calendars_query.used_by().get(calendar.name, []) if calendar else []
    return page(
        "calendars/page.html",
        "calendars",
        form,
        calendar=calendar,
        line=calendars_query.state_line(calendars_query.hours_of(calendar), clock.now())
        if calendar
        else "",
        used_by=used_by,
        days=_NAMES,
        specials=range(1 + max(_places(form), default=-1) + _SPARE),
    )


def _values(definition: dict[str, Any]) -> dict[str, object]:
    """The form's fields for what is stored."""
    values: dict[str, object] = {"name": definition["name"], "zone": definition["zone"]}
    for day, ranges in definition.get("weekly", {}).items():
        values[f"day-{day}"] = ", ".join(ranges)
    for place, special in enumerate(definition.get("special", ())):
        for name in _FIELDS:
            value = special.get(name) or ""
            values[f"{name}-{place}"] = value if isinstance(value, str) else ", ".join(value)
    return values


def _definition(form: Form) -> dict[str, Any]:
    """What the form says, as the reader of calendars takes it; days without hours are closed."""
    return {
        "name": form.text("name"),
        "zone": form.text("zone"),
        "weekly": {day: _ranges(form.text(f"day-{day}")) for day in DAYS},
        "special": [_special(form, place) for place in _places(form)],
    }


def _special(form: Form, place: int) -> dict[str, Any]:
    """One line; its last day and its hours may be missing."""
    said = {name: form.text(f"{name}-{place}").strip() for name in _FIELDS}
    return said | {"open": _ranges(said["open"]), "until": said["until"] or None}


def _ranges(written: str) -> list[str]:
    return [part.strip() for part in written.replace(";", ",").split(",") if part.strip()]


def _places(form: Form) -> list[int]:
    """The lines of special days that say something."""
    return [place for place in range(_count(form)) if form.text(f"from-{place}").strip()]


def _count(form: Form) -> int:
    """How many lines of special days the form has, empty ones between them too."""
    places = (name.partition("-")[2] for name in form.values if name.startswith("from-"))
    return min(1 + max((int(one) for one in places if one.isdecimal()), default=-1), _MOST)


def _at_its_field(problem: Problem, form: Form) -> Problem:
    """The reader names a path (weekly, special.open): the first field of the form that is refused
    by itself."""
    if (problem.field or "").partition(".")[0] not in ("weekly", "special"):
        return problem
    for day in DAYS:
        if wrong := _refused({"weekly": {day: _ranges(form.text(f"day-{day}"))}}):
            return Invalid(wrong.words, f"day-{day}")
    for place in _places(form):
        if wrong := _refused({"special": [_special(form, place)]}):
            name = (wrong.field or "").rpartition(".")[2]
            words = wrong.words.replace(_("“%(name)s”", name=f"special.{name}"), _("This"))
            return Invalid(words, f"{name}-{place}")
    return problem


def _refused(part: dict[str, Any]) -> Invalid | None:
    try:
        reading.calendar({"name": "Any", "zone": "UTC"} | part)
    except Invalid as problem:
        return problem
    return None
