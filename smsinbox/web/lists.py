"""What users keep about their lists: the order of a view, filters that they build and name."""

from itertools import zip_longest
from typing import NamedTuple

from flask import Blueprint, flash, redirect, request
from flask.typing import ResponseReturnValue
from markupsafe import Markup

from smsinbox.core.errors import Invalid
from smsinbox.core.i18n import _, _l
from smsinbox.models.saved_filter import SavedFilter
from smsinbox.queries import contacts as contacts_query
from smsinbox.queries import filters as filters_query
from smsinbox.queries import numbers as numbers_query
from smsinbox.queries import users as users_query
from smsinbox.queries.search.conditions import STATES
from smsinbox.queries.search.reading import Operator
from smsinbox.queries.views import View
from smsinbox.services import filters
from smsinbox.web.access import viewer
from smsinbox.web.fragments import fragment

pages = Blueprint("lists", __name__)

# What a condition may be about, and what the builder calls it.
FIELDS = {
    "is": _l("State"),
    "tag": _l("Tag"),
    "number": _l("Number"),
    "assignee": _l("Assignee"),
    "from": _l("Has a text from"),
    "to": _l("Has a text to"),
    "has": _l("Has"),
    "after": _l("Has a text since"),
    "before": _l("Has a text before"),
}


_GLYPHS = {
    "needs-reply": "clock",
    "open": "inbox",
    "mine": "user-check",
    "unassigned": "user-x",
    "snoozed": "alarm-clock",
    "scheduled": "calendar",
    "failed": "triangle-alert",
    "closed": "archive",
    "blocked": "ban",
    "all": "message-square",
    "filter": "filter",
}


class Builder(NamedTuple):
    """A filter as rows of fields: groups of operators, and what may be chosen for each field."""

    groups: list[list[Operator]]
    query: str
    problems: list[str]
    values: dict[str, list[str]]
    saved: SavedFilter | None
    may_delete: bool


@pages.post("/conversations/order")
def order() -> ResponseReturnValue:
    """Read a view in another order, and remember it for this user."""
    form = request.form
    view = View.parse(form.get("view"), form.get("number"), query=form.get("q", ""))
    filters.order(view.name, form.get("sort", ""), by=viewer())
    return redirect(f"/conversations?{view.address}", 303)


@pages.get("/filters/edit")
def edit() -> ResponseReturnValue:
    """The builder's rows: with one more (`do` is a group's place, or *or*), or shown as a list."""
    groups, do = _typed(), request.args.get("do", "")
    if do == "show":
        query = str(filters_query.Filter(tuple(map(tuple, groups))))
        shown = View("filter", query=query)
        return "", 204, {"HX-Redirect": f"/conversations?{shown.address}"}
    empty = Operator("is", "", False)
    if do == "or":
        groups = [*groups, [empty]][: filters_query.MOST_GROUPS]
    elif do.isascii() and do.isdigit() and int(do) < len(groups):
        groups[int(do)].append(empty)
    return str(fragment("conversations/builder", built=_built(groups)))


@pages.post("/filters")
def save() -> ResponseReturnValue:
    """Keep the filter under a name, for oneself or for everybody."""
    form = request.form
    kept = filters.save(form.get("name", ""), form.get("q", ""), "shared" in form, by=viewer())
    flash(_("Filter “%(name)s” saved.", name=kept.name))
    return redirect(f"/conversations?{View('filter', query=kept.query).address}", 303)


@pages.post("/filters/<int:filter_id>/delete")
def delete(filter_id: int) -> ResponseReturnValue:
    """Forget a filter; what it showed stays."""
    filters.throw_away(filter_id, by=viewer())
    flash(_("Filter deleted."))
    return redirect("/conversations?view=needs-reply", 303)


def builder(query: str) -> Markup:
    """Where this filter is changed."""
    groups = [list(group) for group in filters_query.parse(query).groups]
    return fragment("conversations/builder", built=_built(groups or [[Operator("is", "", False)]]))


def name_of(query: str) -> str | None:
    """What the viewer's filters call this one."""
    kept = _saved(query)
    return kept.name if kept else None


@pages.app_template_global()
def view_of_filter(query: str) -> View:
    """The list that a filter shows."""
    return View("filter", query=query)


@pages.app_template_global()
def view_glyph(name: str) -> str:
    """The icon that stands for a view, wherever it is offered."""
    return _GLYPHS[name]


@pages.app_template_global()
def filter_fields() -> dict[str, str]:
    """What a condition may be about."""
    return FIELDS


def _built(groups: list[list[Operator]]) -> Builder:
    whole = [tuple(one for one in group if one.value) for group in groups]
    query = str(filters_query.Filter(tuple(group for group in whole if group)))
    kept = _saved(query)
    may_delete = kept is not None and (kept.user_id == viewer().id or viewer().is_admin)
    problems = filters_query.problems(query, viewer())
    return Builder(groups, query, problems, _values(), kept, may_delete)


def _saved(query: str) -> SavedFilter | None:
    wanted = str(filters_query.parse(query))
    return next((one for one in filters_query.saved_for(viewer()) if one.query == wanted), None)


def _values() -> dict[str, list[str]]:
    numbers = numbers_query.granted(viewer())
    people = [user.name for user in users_query.all_users() if user.active and user.name]
    return {
        "is": list(STATES),
        "tag": [tag.name for tag in contacts_query.all_tags()],
        "number": [number.name or number.phone for number in numbers],
        "assignee": ["me", "nobody", *people],
        "has": ["file", "note"],
        "after": ["today", "yesterday", "7d", "30d"],
        "before": ["today", "7d", "30d"],
    }


def _typed() -> list[list[Operator]]:
    """The rows of the form, by group; those without a field are nothing."""
    columns = (request.args.getlist(name) for name in ("group", "field", "negated", "value"))
    groups: dict[str, list[Operator]] = {}
    for group, field, negated, value in list(zip_longest(*columns, fillvalue=""))[:100]:
        if field in FIELDS:
            one = Operator(field, value.strip().replace('"', ""), negated == "not")
            groups.setdefault(group, []).append(one)
    if not groups:
        raise Invalid(_("Choose at least one condition."))
    return list(groups.values())
