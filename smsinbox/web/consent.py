"""Who we are, how far a STOP reaches, and which words count as consent."""

from flask import Blueprint, request
from werkzeug.wrappers import Response

from smsinbox.core.errors import Conflict, Invalid
from smsinbox.core.i18n import _, _l
from smsinbox.core.words import ConsentWord, spellings
from smsinbox.models.inbox import Scope
from smsinbox.queries import consent_words as words_query
from smsinbox.queries import numbers as numbers_query
from smsinbox.queries.inbox import inbox as the_inbox
from smsinbox.services import consent, consent_words, inbox
from smsinbox.web.access import administrators, viewer
from smsinbox.web.setup import Form, back, page, typed, whole

pages = Blueprint("consent", __name__, url_prefix="/consent")

US = "us"
NEW = "word-new"
_OURS = ("company", "contact", "opt_out_scope", "closes_on_opt_out", "alarm_after")
SCOPES = {
    Scope.NUMBER.value: _l("The number they texted"),
    Scope.ALL.value: _l("All of our numbers"),
}
MEANINGS = {
    ConsentWord.STOP.value: _l("STOP: text them no more"),
    ConsentWord.START.value: _l("START: text them again"),
    ConsentWord.HELP.value: _l("HELP: say who we are"),
}


@pages.get("")
@administrators
def show() -> Response:
    """Everything about it, on one page."""
    return _page(None)


@pages.post("")
@administrators
def edit() -> Response:
    """Who answers HELP, and how far an opt-out reaches."""
    form = typed(US, *_OURS)
    try:
        company, contact = form.text("company"), form.text("contact")
        closes = bool(form["closes_on_opt_out"])
        alarm_after = request.form.get("alarm_after")
        inbox.edit(company, contact, form.text("opt_out_scope"), viewer(), closes, alarm_after)
    except (Invalid, Conflict) as problem:
        return _page(form.refused(problem))
    return back(_("Saved."), "consent.show")


@pages.post("/words")
@administrators
def add() -> Response:
    """One more word, everywhere, on one number, or in one country."""
    form = typed(NEW, "words", "meaning", "number_id", "country")
    country = form.text("country").strip().upper()
    try:
        word = consent_words.create(
            form.text("words"),
            form.text("meaning"),
            whole(form.text("number_id")),
            country,
            viewer(),
        )
    except (Invalid, Conflict) as problem:
        return _page(form.refused(problem))
    return back(
        _(
            "“%(spelling)s” counts as %(meaning)s from now on.",
            spelling=word.spelling,
            meaning=word.meaning.upper(),
        ),
        "consent.show",
    )


@pages.post("/words/<int:word_id>/delete")
@administrators
def remove(word_id: int) -> Response:
    """One that was added counts no more."""
    word = consent_words.delete(word_id, viewer())
    return back(
        _("“%(spelling)s” is a text like any other again.", spelling=word.spelling), "consent.show"
    )


def _page(form: Form | None) -> Response:
    us = the_inbox()
    stored = Form(US, {name: getattr(us, name) for name in _OURS})
    numbers = numbers_query.all_numbers()
    return page(
        "consent/page.html",
        "consent",
        form,
        us=form if form and form.id == US else stored,
        adding=form if form and form.id == NEW else Form(NEW),
        scopes=SCOPES,
        meanings=MEANINGS,
        always={word: spellings(word) for word in ConsentWord},
        added=words_query.all_added(),
        numbers=numbers,
        names={number.id: number.name or number.phone for number in numbers},
        answers={
            word: consent.confirmation(word, numbers[0].name if numbers else "", us)
            for word in ConsentWord
        },
    )
