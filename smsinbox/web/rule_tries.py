"""Asking the rules before customers do: one text, or all that came in lately."""

import time
from collections.abc import Iterator
from datetime import datetime

from flask import Blueprint, request, stream_with_context
from markupsafe import Markup
from werkzeug.wrappers import Response

from smsinbox.core import clock
from smsinbox.core.errors import Invalid, NotFound
from smsinbox.core.i18n import _, style, writing_in
from smsinbox.queries import numbers
from smsinbox.queries.inbox import inbox
from smsinbox.rules import moments
from smsinbox.rules.decision import Decision
from smsinbox.services import backtest, consent, trying
from smsinbox.web.access import administrators
from smsinbox.web.fragments import fragment, partial
from smsinbox.web.rule_forms import NEW, draft_of, placed, typed_rule
from smsinbox.web.rule_pages import draft_cost, rules_page
from smsinbox.web.setup import Form, typed, whole

pages = Blueprint("rule_tries", __name__, url_prefix="/rules")

DAYS = (7, 30, 90)


@pages.post("/try")
@administrators
def attempt() -> Response:
    """Which rule answers a text, and why each other one does not; nothing is stored or sent."""
    number_id, form = _number(), _draft()
    asked = typed("try", "try_body", "try_at", "try_contact", "try_file")
    try:
        decision = trying.tried(
            number_id,
            asked.text("try_body"),
            _moment(asked.text("try_at"), number_id, form),
            "new" if asked["try_contact"] == "new" else "known",
            draft_of(form) if form else None,
            int(bool(asked["try_file"])),
        )
    except Invalid as problem:
        return _refused(number_id, form, asked, problem)
    confirmation = _confirmation(decision, number_id)
    return rules_page(number_id, form, tried=decision, confirmation=confirmation, trying=asked)


@pages.post("/backtest")
@administrators
def look_back() -> Response:
    """What a rule that is being written, or all of them, would have done with what came in. For a
    page of ours the answer is a stream of events: how far it is, then the page."""
    number_id, form = _number(), _draft()
    asked = typed("backtest", "days")
    days = whole(asked["days"])
    try:
        if days not in DAYS:
            raise Invalid(_("Look back on 7, 30 or 90 days."), "days")
        steps = backtest.steps(number_id, days, draft_of(form) if form else None)
    except Invalid as problem:
        return _refused(number_id, form, asked, problem)

    follows, theirs = "HX-Request" in request.headers, style()

    def told() -> Iterator[str]:
        for found in steps:
            if follows:
                yield _event(partial("#looking", "outerHTML", fragment("rules/looking", at=found)))
            time.sleep(0)  # whoever else is served by this process has a turn
        with writing_in(theirs):  # the request that knew it is over
            page = rules_page(number_id, form, backtest=found, looking=asked).get_data(as_text=True)
        yield _event(page) if follows else page

    kind = "text/event-stream" if follows else "text/html"
    return Response(stream_with_context(told()), mimetype=kind)


@pages.post("/length")
@administrators
def length() -> Markup:
    """What the reply that is being written costs at its longest; or what is wrong with it."""
    number = numbers.found(_number())
    cost, flaw = draft_cost(number, typed_rule(NEW))
    return fragment("rules/length", cost=cost, flaw=flaw)


def _event(html: str) -> str:
    """One event of a stream (HTML Standard, §9.2.6)."""
    return "".join(f"data: {line}\n" for line in html.splitlines()) + "\n"


def _confirmation(decision: Decision, number_id: int) -> str:
    """What a consent word is answered with, or nothing."""
    if decision.consent is None or not decision.confirms:
        return ""
    return consent.confirmation(decision.consent, numbers.found(number_id).name, inbox())


def _refused(number_id: int, form: Form | None, asked: Form, problem: Invalid) -> Response:
    """The sentence beside the field: of the box, or of the rule that is being written."""
    if problem.field not in asked.values and form is not None:
        form, asked = form.refused(placed(problem)), asked.refused(Invalid(problem.words))
    else:
        asked = asked.refused(problem)
    shown = {"trying": asked} if asked.id == "try" else {"looking": asked}
    return rules_page(number_id, form, **shown)


def _number() -> int:
    wanted = whole(request.form.get("number_id"))
    if wanted not in {number.id for number in numbers.all_numbers()}:
        raise NotFound
    return wanted or 0


def _draft() -> Form | None:
    """The rule whose form is open beside the box."""
    if "type" not in request.form:
        return None
    rule_id = whole(request.form.get("rule_id"))
    return typed_rule(NEW if rule_id is None else f"rule-{rule_id}")


def _moment(written: str, number_id: int, form: Form | None) -> datetime | None:
    """An instant as admins write it, in the zone of the rule's calendar, else of the number."""
    if not written.strip():
        return None
    zone = trying.zone(number_id, form.text("calendar") if form else "")
    try:
        return moments.instant(written, zone, clock.now())
    except ValueError as problem:
        raise Invalid(str(problem), "try_at") from None
