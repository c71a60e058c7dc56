"""Nothing of the interface was left unmarked, and the catalogues are in step with it."""

import re
from io import BytesIO
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog
from babel.messages.frontend import CommandLineInterface
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

from smsinbox.core.i18n import FOLDER, LANGUAGES, PSEUDO
from smsinbox.models import Conversation, Message
from tests import build, foreign
from tests.vendor import STATIC

ROOT = STATIC.parent
CATALOGUES = sorted(FOLDER.glob("*/LC_MESSAGES/messages.po"))
_PLACES = re.compile(r"%\(\w+\)s|%%|\{[^}]*\}|</?\w+")


@pytest.mark.parametrize("backend", ["sqlite"], indirect=True)
def test_no_page_says_a_word_that_cannot_be_translated(app, with_pseudo):
    browser = build.signed_in(app, foreign.a_shop())
    asked = {"Accept-Language": PSEUDO, "HX-Current-URL": "https://here.example/conversations/1"}
    found = {}
    for path in _paths(app):
        answer = browser.get(path, headers=asked)
        assert answer.status_code < 500, path
        is_page = answer.mimetype == "text/html" and not answer.location
        if is_page and (words := foreign.untranslated(answer.text)):
            found[path] = words
    assert not found


def _paths(app) -> list[str]:
    """Every address of a person's, with the first of everything in it, and some with more."""
    rules = [rule for rule in app.url_map.iter_rules() if _is_shown(rule)]
    written = {re.sub(r"<int:\w+>", "1", rule.rule) for rule in rules}
    here = [f"/conversations/{one.id}" for one in build.every(Conversation)]
    stories = [f"/messages/{one.id}/story" for one in build.every(Message) if not one.is_inbound]
    return [*sorted(written), *here, *stories, *_MORE]


def _is_shown(rule) -> bool:
    has_words = re.search(r"<(?!int:)", rule.rule)
    return "GET" in rule.methods and not has_words and rule.rule not in _NO_PAGES


# The emoji are called in English, as Unicode has it; a carrier is asked for its logs; the others
# are no pages.
_NO_PAGES = {"/emoji", "/accounts/<int:account_id>/logs", "/live", "/sw.js"}
_MORE = (
    "/conversations/1/transcript.html?notes=1",
    *(f"/commands?level={name}&q=" for name in ("assign", "snooze", "numbers", "settings")),
    *(f"/conversations?view={name}" for name in ("all", "mine", "closed", "snoozed", "blocked")),
    "/conversations?view=open&number=1",
    "/conversations?view=filter",
    "/conversations?view=filter&q=is:nonsense",
    "/search?q=да",
    "/search?q=нет",
    "/search?q=nosuch:1",
    "/users?add",
    "/users?edit=1",
    "/rules?number=1&new=1",
    "/rules?edit=1",
    "/no-such-page",
)


def test_no_script_says_a_word_that_cannot_be_translated():
    said = re.compile(
        r"""(?<!_\()(?<!_n\()(?<!, )(["'`])([A-Z][a-z]+ [^"'`]*|[A-Z][a-z]+[.…!])\1"""
    )
    found = {
        file.name: words
        for file in (STATIC / "js").glob("*.js")
        if (words := [match[2] for match in said.finditer(_without_comments(file.read_text()))])
    }
    assert not found


def _without_comments(script: str) -> str:
    return re.sub(r"/\*.*?\*/|(?<!:)//[^\n]*", "", script, flags=re.DOTALL)


@pytest.fixture(scope="module")
def template(tmp_path_factory) -> Catalog:
    """What `make words` collects now."""
    pot = tmp_path_factory.mktemp("words") / "words.pot"
    marks = ["-k", "_n:1,2", "-k", "_l", "-k", "N_"]
    places = ["-F", str(FOLDER / "babel.cfg"), *marks, "-o", str(pot), str(ROOT)]
    CommandLineInterface().run(["pybabel", "-q", "extract", *places])
    with pot.open("rb") as file:
        return read_po(file)


def _read(path: Path) -> Catalog:
    with path.open("rb") as file:
        return read_po(file, locale=path.parts[-3])


def test_every_language_but_english_has_a_catalogue():
    assert {path.parts[-3] for path in CATALOGUES} == LANGUAGES.keys() - {"en"}


@pytest.mark.parametrize("path", CATALOGUES, ids=lambda path: path.parts[-3])
def test_a_catalogue_has_every_word_of_the_interface_and_no_other(path, template):
    here, there = ({one.id for one in each if one.id} for each in (_read(path), template))
    assert here == there, "run `make words`"


@pytest.mark.parametrize("path", CATALOGUES, ids=lambda path: path.parts[-3])
def test_no_translation_is_missing_a_guess_or_has_other_places_than_the_english_words(path):
    for message in _read(path):
        if not message.id:
            continue
        assert not message.fuzzy, message.id
        allowed = [sorted(_PLACES.findall(one)) for one in _forms(message.id)]
        for form in _forms(message.string):
            assert form, message.id
            assert sorted(_PLACES.findall(form)) in allowed, message.id


def _forms(words: object) -> tuple[str, ...]:
    return (words,) if isinstance(words, str) else tuple(map(str, words))  # type: ignore[call-overload]


@pytest.mark.parametrize("path", CATALOGUES, ids=lambda path: path.parts[-3])
def test_what_is_compiled_is_what_was_written(path):
    compiled = BytesIO()
    write_mo(compiled, _read(path))
    assert path.with_suffix(".mo").read_bytes() == compiled.getvalue(), "run `make words`"
