"""The form of a rule and the definition it stands for: each reads the other without loss."""

from collections.abc import Iterable, Mapping
from typing import Any

from flask import request

from smsinbox.core.errors import Problem
from smsinbox.core.i18n import _
from smsinbox.models.rule import Rule
from smsinbox.web.setup import Form, whole

NEW = "rule-new"
TEXTS = (
    "name", "everywhere", "mode", "type", "terms", "reply", "not_terms", "typos", "calendar",
    "hours", "valid_from", "valid_until", "who", "who_of", "started_by", "human_grace", "cooldown",
    "delay", "tag", "untag", "assign", "snooze", "notify", "notify_users", "close",
    "callback", "opt_out", "opt_in", "go_on", "quiet", "counts_as_response", "daily_budget",
)  # fmt: skip
ROWS = ("variant_language", "variant_text", "test_in", "test_at", "test_contact", "test_expect")
SIMPLE = (
    "name",
    "everywhere",
    "mode",
    "type",
    "terms",
    "reply",
)  # what stands outside “More conditions”

WORDLESS = ("any", "first_contact", "no_text")  # what stands in “these words” means nothing then

# Where a flaw of the definition stands on the form; the longest beginning counts.
_PLACES = {
    "match": "terms", "match.type": "type", "match.not_terms": "not_terms",
    "match.typos": "typos", "when": "hours", "when.calendar": "calendar", "who": "who",
    "who.of": "who_of", "variants": "variants", "tests": "tests", "stop": "go_on",
    "actions": "actions", "actions.tag": "tag", "actions.untag": "untag",
    "actions.assign": "assign", "actions.snooze": "snooze", "actions.note": "notes",
    "actions.notify": "notify_users", "actions.opt_out": "opt_out", "actions.opt_in": "opt_in",
}  # fmt: skip


def typed_rule(form_id: str) -> Form:
    """The form as the request carries it."""
    sent = request.form
    values: dict[str, object] = {name: sent.get(name, "") for name in TEXTS}
    rows = {name: sent.getlist(name) for name in ROWS}
    values["variants"] = _rows(rows, "variant_language", "variant_text")
    values["tests"] = _rows(rows, "test_in", "test_at", "test_contact", "test_expect")
    values["numbers"] = sent.getlist("numbers")
    values["notes"] = [text for text in sent.getlist("note") if text.strip()]
    return Form(form_id, values | {"actions": ""})


def form_of(rule: Rule) -> Form:
    """The form that shows a stored rule."""
    everywhere = "1" if rule.number_id is None else ""
    values = values_of(rule.definition) | {"name": rule.name, "everywhere": everywhere}
    return Form(f"rule-{rule.id}", values)


def values_of(kept: Mapping[str, Any]) -> dict[str, object]:
    """A definition, even one that leaves things to their defaults, as the form's values."""
    match, when, who = kept["match"], kept.get("when") or {}, kept.get("who") or "everyone"
    who = {"is": who} if isinstance(who, str) else who
    kind = match.get("type", "exact")
    breaks = "\n" if kind == "regex" else ", "
    return {
        **dict.fromkeys((*TEXTS, "actions"), ""),
        "notes": [],
        "numbers": list(kept.get("numbers") or ()),
        "type": kind,
        "terms": breaks.join(match.get("terms", ())),
        "not_terms": ", ".join(match.get("not_terms", ())),
        "typos": "1" if match.get("typos") else "",
        "reply": kept.get("reply", ""),
        "calendar": when.get("calendar") or "",
        "hours": when.get("is", "always"),
        "valid_from": kept.get("valid_from") or "",
        "valid_until": kept.get("valid_until") or "",
        "who": who.get("is", "everyone"),
        "who_of": who.get("of", ""),
        "started_by": kept.get("started_by", "any"),
        "human_grace": str(kept.get("human_grace", 5)),
        "cooldown": kept.get("cooldown") or "",
        "delay": str(kept.get("delay", 0)),
        "daily_budget": str(kept.get("daily_budget") or ""),
        "go_on": "" if kept.get("stop", True) else "1",
        "quiet": "1" if kept.get("quiet") else "",
        "counts_as_response": "1" if kept.get("counts_as_response") else "",
        "variants": list((kept.get("variants") or {}).items()),
        "tests": [_test_row(test) for test in kept.get("tests") or ()],
    } | _action_values(kept.get("actions") or ())


def definition_of(form: Form) -> dict[str, Any]:
    """What the form says, for `rules.definition` to judge."""
    kind = form.text("type") or "exact"
    written: dict[str, Any] = {
        "match": {
            "type": kind,
            "terms": [] if kind in WORDLESS else _terms(form.text("terms"), kind),
            "not_terms": _words(form.text("not_terms")),
            "typos": int(bool(form["typos"])),
        },
        "numbers": _list(form, "numbers"),
        "when": {"calendar": form.text("calendar") or None, "is": form.text("hours") or "always"},
        "valid_from": form.text("valid_from") or None,
        "valid_until": form.text("valid_until") or None,
        "who": {"is": form.text("who") or "everyone", "of": form.text("who_of")},
        "started_by": form.text("started_by") or "any",
        "human_grace": _count(form, "human_grace", 5),
        "cooldown": form.text("cooldown") or None,
        "delay": _count(form, "delay", 0),
        "daily_budget": _count(form, "daily_budget", None),
        "reply": form.text("reply"),
        "actions": _actions(form),
        "variants": {row[0].strip(): row[1] for row in _list(form, "variants")},
        "stop": not form["go_on"],
        "quiet": bool(form["quiet"]),
        "counts_as_response": bool(form["counts_as_response"]),
        "tests": [_test(*row) for row in _list(form, "tests")],
    }
    return {name: value for name, value in written.items() if value is not None}


def replies_of(form: Form) -> list[str]:
    """Its reply in every language."""
    return [form.text("reply"), *(row[1] for row in _list(form, "variants"))]


def draft_of(form: Form) -> dict[str, Any]:
    """The rule that is being written, for the try-out box and the backtest."""
    rule_id = whole(form.id.removeprefix("rule-"))
    return {"id": rule_id, "name": form.text("name"), **definition_of(form)}


def name_of(form: Form) -> str:
    """The name, else the first of its words, else its kind."""
    words = _terms(form.text("terms"), form.text("type"))
    kind = form.text("type").replace("_", " ").capitalize()
    return form.text("name").strip() or (words[0][:80] if words else kind)


def placed(problem: Problem) -> Problem:
    """The same with the name of the field on the form, beside which “This” is clear enough."""
    field = problem.field or ""
    language = field.removeprefix("variants.")
    name = _("This") if language == field else _("The language “%(language)s”", language=language)
    problem.words = problem.words.replace(_("“%(name)s”", name=field), name)
    known = [place for place in _PLACES if field == place or field.startswith(f"{place}.")]
    if known:
        problem.field = _PLACES[max(known, key=len)]
    return problem


def is_deep(form: Form) -> bool:
    """Whether what is wrong stands among the conditions that are folded away."""
    field = form.problem.field if form.problem else None
    return field in form.values and field not in SIMPLE


def _terms(text: str, kind: str) -> list[str]:
    """Words stand between commas or on lines of their own; a pattern may have commas in it."""
    return [line for line in text.splitlines() if line.strip()] if kind == "regex" else _words(text)


def _words(text: str) -> list[str]:
    for mark in "\n;，、،":
        text = text.replace(mark, ",")
    return [word.strip() for word in text.split(",") if word.strip()]


def _count(form: Form, name: str, default: int | None) -> int | str | None:
    """A whole number; what is none is handed on, so that it is refused by name."""
    text = form.text(name).strip()
    number = whole(text)
    return default if not text else text if number is None else number


def _list(form: Form, name: str) -> list[Any]:
    rows = form[name]
    return rows if isinstance(rows, list) else []


def _rows(columns: Mapping[str, list[str]], *names: str) -> list[tuple[str, ...]]:
    """Rows of equally named fields; those that nobody filled in are left out."""
    rows = zip(*(columns[name] for name in names), strict=False)
    return [row for row in rows if row[0].strip() or row[1].strip() or row[-1].strip()]


def _test(text: str, at: str, contact: str, expect: str) -> dict[str, Any]:
    who = contact if contact in ("new", "known") else "known"
    return {"in": text, "at": at.strip() or None, "contact": who, "expect": expect.strip() or None}


def _test_row(test: Mapping[str, Any]) -> tuple[str, str, str, str]:
    at, expect = test.get("at") or "", test.get("expect") or ""
    return (test["in"], at, test.get("contact", "known"), expect)


def _actions(form: Form) -> list[dict[str, Any]]:
    """In the order in which they stand on the form."""
    does: list[dict[str, Any]] = []
    does += [{"do": "tag", "tag": tag} for tag in _words(form.text("tag"))]
    does += [{"do": "untag", "tag": tag} for tag in _words(form.text("untag"))]
    does += [{"do": "assign", "to": form.text("assign")}] if form["assign"] else []
    does += [{"do": "note", "text": text} for text in _list(form, "notes")]
    users = _words(form.text("notify_users"))
    if form["notify"] or users:
        does.append({"do": "notify", "users": users})
    does += [{"do": "snooze", "minutes": _count(form, "snooze", None)}] if form["snooze"] else []
    return does + [{"do": do} for do in ("close", "callback", "opt_out", "opt_in") if form[do]]


def _action_values(actions: Iterable[Mapping[str, Any]]) -> dict[str, object]:
    values: dict[str, object] = {}
    told: dict[str, list[str]] = {"tag": [], "untag": []}
    notes: list[str] = []
    notified: list[list[str]] = []
    for action in actions:
        do = action["do"]
        match do:
            case "tag" | "untag":
                told[do].append(action["tag"])
            case "note":
                notes.append(action["text"])
            case "notify":
                notified.append(list(action.get("users", ())))
            case "assign":
                values[do] = action["to"]
            case "snooze":
                values[do] = str(action["minutes"])
            case _:
                values[do] = "1"
    everybody = not all(notified)  # to name nobody is to mean all agents
    users = dict.fromkeys(user for each in notified for user in each)
    values["notify"] = "1" if notified else ""
    values["notify_users"] = "" if everybody else ", ".join(users)
    return values | {"notes": notes} | {do: ", ".join(tags) for do, tags in told.items()}
