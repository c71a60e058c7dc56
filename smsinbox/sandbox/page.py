"""The page with the handsets side by side, and the panel that makes the carrier misbehave."""

from typing import Any

from flask import Blueprint, Response, abort, make_response, render_template, request
from markupsafe import Markup
from pydantic import ValidationError
from werkzeug.datastructures import MultiDict

from smsinbox.dialects import DIALECTS
from smsinbox.sandbox import screens
from smsinbox.sandbox.handsets import Unsendable, check_phone, type_form
from smsinbox.sandbox.parts import parts

SPELLS = {
    "ok": "Takes every text",
    "429": "429 · slow down",
    "500": "500 · broken",
    "503": "503 · busy",
    "401": "401 · wrong key",
    "reject": "422 · content refused",
    "error-200": "200 · with an error inside",
    "timeout": "Takes it, stays silent",
    "drop": "Takes it, hangs up",
}
SWITCHES = {
    "fail": "The phone is unreachable",
    "drop": "Never sent",
    "reorder": "In the wrong order",
    "before_answer": "Before the answer",
    "forged": "Wrongly signed",
}

CARRIERS = {name: dialect.label for name, dialect in DIALECTS.items()}

page = Blueprint("page", __name__)


@page.app_context_processor
def tools() -> dict[str, Any]:
    return {"fragment": fragment, "pretty": screens.pretty, "clock_time": screens.clock_time}


@page.get("/")
def show() -> str:
    sandbox = parts()
    shown = screens.phones(request.args.getlist("phone"), sandbox)
    return render_template(
        "sandbox/page.html",
        handsets=[screens.handset(phone, sandbox) for phone in shown],
        numbers=screens.numbers(sandbox),
        status=screens.status(sandbox),
        faults=sandbox.knobs.show(),
        spells=SPELLS,
        switches=SWITCHES,
        carriers=CARRIERS,
    )


@page.get("/handsets/<phone>/thread")
def thread(phone: str) -> Response | str:
    """What a handset shows, or 204 while that is what the page has `seen` already."""
    check_phone(phone)
    handset = screens.handset(phone, parts())
    if request.args.get("seen") == handset.version:
        return Response(status=204)
    return fragment("thread", handset=handset)


@page.post("/handsets/<phone>/type")
def type_on(phone: str) -> Response:
    check_phone(phone)
    words = ""
    try:
        type_form(phone)
    except ValidationError:
        abort(400)
    except Unsendable as error:
        words = str(error)
    handset = screens.handset(phone, parts())
    typed = request.form.get("body", "") if words else ""
    draft = fragment("draft", handset=handset, words=words, typed=typed, is_swapped_in=True)
    return make_response(fragment("thread", handset=handset) + draft)


@page.get("/status")
def status() -> str:
    sandbox = parts()
    return fragment(
        "status", status=screens.status(sandbox), faults=sandbox.knobs.show(), spells=SPELLS
    )


@page.post("/panel")
def change_faults() -> str:
    knobs = parts().knobs
    try:
        faults = knobs.reset() if "calm" in request.form else knobs.merge(_knobs(request.form))
    except (ValidationError, ValueError):
        abort(400)
    return fragment("panel", faults=faults, spells=SPELLS, switches=SWITCHES, carriers=CARRIERS)


def fragment(name: str, **arguments: Any) -> Markup:
    """One piece of the page, from `templates/sandbox/_<name>.html`."""
    return Markup(render_template(f"sandbox/_{name}.html", **arguments))


def _knobs(form: MultiDict[str, str]) -> dict[str, Any]:
    """The panel's fields as knobs; an empty field is the knob's calm."""
    return {
        "answer": form.get("answer", "ok"),
        "answer_times": int(form["answer_times"]) if form.get("answer_times") else None,
        "retry_after": float(form["retry_after"]) if form.get("retry_after") else None,
        "delay": float(form.get("delay") or 0),
        "dialect": form.get("dialect", ""),
        "blocks_stop": "blocks_stop" in form,
        "receipts": {
            "duplicate": int(form.get("duplicate") or 0),
            "delay": float(form.get("receipt_delay") or 0),
            "skew": float(form.get("skew") or 0),
            **{name: name in form for name in SWITCHES},
        },
    }
