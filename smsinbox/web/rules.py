"""The rules of a number: a list of sentences, and a form to write one."""

import re
from typing import Any, NamedTuple

from flask import Blueprint, request
from werkzeug.wrappers import Response

from smsinbox.core.errors import Conflict, Invalid
from smsinbox.core.segments import measure
from smsinbox.models.number import Number
from smsinbox.models.rule import Rule
from smsinbox.queries import numbers as numbers_query
from smsinbox.queries import rules as rules_query
from smsinbox.rules.decision import Mode
from smsinbox.services import rules
from smsinbox.web.access import administrators, viewer
from smsinbox.web.setup import Form, back, page, typed, whole

pages = Blueprint("rules", __name__, url_prefix="/rules")

NEW = "rule-new"
_BETWEEN = re.compile(r"[,;\n]")


class Preset(NamedTuple):
    """A beginning for somebody's first rule."""

    name: str
    keywords: str
    reply: str


PRESETS = {
    "hours": Preset("Opening hours", "hours, open", "We are open Monday to Friday, 9:00 to 17:00."),
    "address": Preset("Address", "address, where", "You find us at 1 Main Street, Springfield."),
    "call": Preset("Call me", "call, call me", "Thank you. We will call you back today."),
}


@pages.get("")
@administrators
def listed() -> Response:
    """The rules of ?number=; ?edit= opens one of them, ?preset= begins a new one."""
    preset = PRESETS.get(request.args.get("preset", ""))
    form = Form(NEW, preset._asdict()) if preset else None
    return _page(
        whole(request.args.get("number")), form or _editing(whole(request.args.get("edit")))
    )


@pages.post("")
@administrators
def create() -> Response:
    """A new rule, at the end of its number's list."""
    form = typed(NEW, "name", "keywords", "reply")
    number_id = whole(request.form.get("number_id"))
    try:
        rule = rules.create(number_id or 0, _name(form), _definition(form), viewer(), Mode.ON)
    except (Invalid, Conflict) as problem:
        return _page(number_id, form.refused(_beside(problem)))
    return _back("Rule added. It answers from now on.", rule)


@pages.post("/<int:rule_id>")
@administrators
def edit(rule_id: int) -> Response:
    """Another name, other keywords, another reply."""
    form = typed(f"rule-{rule_id}", "name", "keywords", "reply")
    try:
        rule = rules.edit(rule_id, _name(form), _definition(form), viewer())
    except (Invalid, Conflict) as problem:
        return _page(rules_query.found(rule_id).number_id, form.refused(_beside(problem)))
    return _back("Rule saved.", rule)


@pages.post("/<int:rule_id>/switch")
@administrators
def switch(rule_id: int) -> Response:
    """On or off."""
    on = request.form.get("enabled") == "1"
    try:
        rule = rules.switch(rule_id, Mode.ON if on else Mode.OFF, viewer())
    except (Invalid, Conflict) as problem:
        form = Form(f"switch-{rule_id}", problem=problem)
        return _page(rules_query.found(rule_id).number_id, form)
    return _back("Rule switched on." if on else "Rule switched off.", rule)


@pages.post("/<int:rule_id>/move")
@administrators
def move(rule_id: int) -> Response:
    """One place up or down."""
    step = -1 if request.form.get("up") == "1" else 1
    rule = rules.place(rule_id, rules_query.found(rule_id).position + step, viewer())
    return _back(f"“{rule.name}” is number {rule.position + 1} now.", rule)


@pages.post("/<int:rule_id>/delete")
@administrators
def delete(rule_id: int) -> Response:
    """Gone; what it wrote stays."""
    rule = rules_query.found(rule_id)
    rules.delete(rule_id, viewer())
    return _back("Rule deleted.", rule)


def _page(number_id: int | None, form: Form | None) -> Response:
    numbers = numbers_query.all_numbers()
    number = _chosen(numbers, number_id, form)
    return page(
        "rules/list.html",
        "rules",
        form,
        numbers=numbers,
        number=number,
        rules=rules_query.of_number(number.id) if number else [],
        counts=rules_query.counts(),
        presets=PRESETS,
        measure=measure,
    )


def _chosen(numbers: list[Number], number_id: int | None, form: Form | None) -> Number | None:
    """The number asked for; else the one of the rule that is being edited; else the first."""
    editing = whole(form.id.removeprefix("rule-")) if form and number_id is None else None
    wanted = rules_query.found(editing).number_id if editing else number_id
    chosen = [number for number in numbers if number.id == wanted] or numbers
    return chosen[0] if chosen else None


def _editing(rule_id: int | None) -> Form | None:
    if rule_id is None:
        return None
    rule = rules_query.found(rule_id)
    values = {"name": rule.name, "keywords": ", ".join(rule.keywords), "reply": rule.reply}
    return Form(f"rule-{rule_id}", values)


def _keywords(form: Form) -> list[str]:
    return [word for word in map(str.strip, _BETWEEN.split(form.text("keywords"))) if word]


def _beside(problem: Invalid | Conflict) -> Invalid | Conflict:
    """The same, said beside the field of this form."""
    if problem.field == "match.terms":
        problem.field = "keywords"
    return problem


def _name(form: Form) -> str:
    return form.text("name") or next(iter(_keywords(form)), "")


def _definition(form: Form) -> dict[str, Any]:
    match = {"type": "exact", "terms": _keywords(form)}
    return {"match": match, "cooldown": "none", "human_grace": 0, "reply": form.text("reply")}


def _back(words: str, rule: Rule) -> Response:
    return back(words, "rules.listed", number=rule.number_id)
