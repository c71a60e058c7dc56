"""What no text of a program may have in it, and what admins hear of: a list, and a line to add."""

from flask import Blueprint
from werkzeug.wrappers import Response

from smsinbox.core.errors import Conflict, Invalid
from smsinbox.core.i18n import _
from smsinbox.models.content_rule import Does
from smsinbox.queries import content_rules as rules_query
from smsinbox.services import content_rules
from smsinbox.web.access import administrators, viewer
from smsinbox.web.setup import Form, back, page, typed

pages = Blueprint("content_rules", __name__, url_prefix="/content-rules")

NEW = "content-rule-new"


@pages.get("")
@administrators
def listed() -> Response:
    """All of them, and a form for one more."""
    return _page(None)


@pages.post("")
@administrators
def create() -> Response:
    """One more thing that programs may not say, or that admins want to hear of."""
    form = typed(NEW, "words", "is_pattern", "does")
    try:
        rule = content_rules.create(
            form.text("words"),
            viewer(),
            is_pattern=bool(form["is_pattern"]),
            does=form.text("does") or Does.REFUSE,
        )
    except (Invalid, Conflict) as problem:
        return _page(form.refused(problem))
    words = _("Texts with “%(what)s” are refused from now on.", what=rule.words)
    if rule.does != Does.REFUSE:
        words = _("Admins are told of texts with “%(what)s” from now on.", what=rule.words)
    return back(words, "content_rules.listed")


@pages.post("/<int:rule_id>/delete")
@administrators
def delete(rule_id: int) -> Response:
    """It may be said again, and nobody is told."""
    rule = content_rules.delete(rule_id, viewer())
    words = _("Texts with “%(what)s” pass again.", what=rule.words)
    if rule.does != Does.REFUSE:
        words = _("Nobody is told of texts with “%(what)s” any more.", what=rule.words)
    return back(words, "content_rules.listed")


def _page(form: Form | None) -> Response:
    rules = rules_query.all_rules()
    return page("content_rules/list.html", "content-rules", form, rules=rules)
