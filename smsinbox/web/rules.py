"""The rules of a number: a list of sentences, and a form to write one."""

from flask import Blueprint, request
from werkzeug.wrappers import Response

from smsinbox.core.errors import Conflict, Invalid
from smsinbox.core.i18n import N_, _
from smsinbox.models.rule import Rule
from smsinbox.queries import calendars
from smsinbox.queries import rules as rules_query
from smsinbox.rules.decision import Mode
from smsinbox.services import rules
from smsinbox.web.access import administrators, viewer
from smsinbox.web.rule_forms import (
    NEW,
    definition_of,
    form_of,
    name_of,
    placed,
    typed_rule,
    values_of,
)
from smsinbox.web.rule_pages import rules_page
from smsinbox.web.rule_presets import presets
from smsinbox.web.setup import Form, back, whole

pages = Blueprint("rules", __name__, url_prefix="/rules")

_SAID = {
    Mode.OFF: N_("“%(name)s” is switched off."),
    Mode.SHADOW: N_("“%(name)s” only shows what it would send from now on."),
    Mode.ON: N_("“%(name)s” answers from now on."),
}
_ADDED = {
    Mode.OFF: N_("Rule added. “%(name)s” is switched off."),
    Mode.SHADOW: N_("Rule added. “%(name)s” only shows what it would send from now on."),
    Mode.ON: N_("Rule added. “%(name)s” answers from now on."),
}


@pages.get("")
@administrators
def listed() -> Response:
    """The rules of ?number=; ?edit= opens one of them, ?preset= or ?new= begins a new one."""
    return rules_page(whole(request.args.get("number")), _opened())


@pages.post("")
@administrators
def create() -> Response:
    """A new rule, at the end of its number's list."""
    form = typed_rule(NEW)
    number_id = whole(request.form.get("number_id"))
    everywhere = bool(form["everywhere"])
    definition = definition_of(form) | ({} if everywhere else {"numbers": []})
    try:
        rule = rules.create(
            None if everywhere else number_id or 0,
            name_of(form),
            definition,
            viewer(),
            _mode(),
        )
    except (Invalid, Conflict) as problem:
        return rules_page(number_id, form.refused(placed(problem)))
    return _back(_(_ADDED[Mode(rule.mode)], name=rule.name), number_id)


@pages.post("/<int:rule_id>")
@administrators
def edit(rule_id: int) -> Response:
    """Another definition, another name."""
    form = typed_rule(f"rule-{rule_id}")
    try:
        rule = rules.edit(rule_id, name_of(form), definition_of(form), viewer())
    except (Invalid, Conflict) as problem:
        return rules_page(_number_of(rules_query.found(rule_id)), form.refused(placed(problem)))
    return _back(_("Rule saved."), _number_of(rule))


@pages.post("/<int:rule_id>/switch")
@administrators
def switch(rule_id: int) -> Response:
    """Off, in shadow, or on."""
    try:
        rule = rules.switch(rule_id, _mode(), viewer())
    except (Invalid, Conflict) as problem:
        form = Form(f"switch-{rule_id}", problem=problem)
        return rules_page(_number_of(rules_query.found(rule_id)), form)
    return _back(_(_SAID[Mode(rule.mode)], name=rule.name), _number_of(rule))


@pages.post("/<int:rule_id>/place")
@administrators
def place(rule_id: int) -> Response:
    """To a place of the list, counted from 0."""
    wanted = whole(request.form.get("position")) or 0
    rule = rules_query.found(rule_id)
    at = rules.place(rule_id, wanted, viewer(), _number_of(rule))
    return _back(
        _("“%(name)s” is number %(place)s now.", name=rule.name, place=at + 1), _number_of(rule)
    )


@pages.post("/<int:rule_id>/copy")
@administrators
def copy(rule_id: int) -> Response:
    """The same again, switched off."""
    rule = rules.copy(rule_id, viewer())
    return _back(_("“%(name)s” is there, switched off.", name=rule.name), _number_of(rule))


@pages.post("/<int:rule_id>/delete")
@administrators
def delete(rule_id: int) -> Response:
    """Gone; what it wrote stays."""
    number_id = _number_of(rules_query.found(rule_id))
    rules.delete(rule_id, viewer())
    return _back(_("Rule deleted."), number_id)


def _opened() -> Form | None:
    """The form that the address asks for."""
    known = presets([calendar.name for calendar in calendars.all_of()])
    preset = known.get(request.args.get("preset", ""))
    if preset:
        return Form(NEW, values_of(preset.definition) | {"name": preset.name})
    if "new" in request.args:
        return Form(NEW, values_of({"match": {}}))
    editing = whole(request.args.get("edit"))
    return None if editing is None else form_of(rules_query.found(editing))


def _mode() -> Mode:
    wanted = request.form.get("mode", Mode.OFF.value)
    if wanted not in list(Mode):
        raise Invalid(_("A rule is off, in shadow, or on."), "mode")
    return Mode(wanted)


def _number_of(rule: Rule) -> int | None:
    """The number whose page is open: of a rule for all numbers, the one that the form names."""
    return rule.number_id or whole(request.form.get("number_id"))


def _back(words: str, number_id: int | None) -> Response:
    return back(words, "rules.listed", number=number_id)
