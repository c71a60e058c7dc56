"""Nothing of the interface was left unmarked, and the catalogues are in step with it."""

import re
from io import BytesIO
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog
from babel.messages.frontend import CommandLineInterface
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

from smsinbox.core.i18n import FOLDER, LANGUAGES
from smsinbox.models import Conversation
from tests import build, foreign
from tests.pages import PAGES
from tests.vendor import STATIC

ROOT = STATIC.parent
CATALOGUES = sorted(FOLDER.glob("*/LC_MESSAGES/messages.po"))
_PLACES = re.compile(r"%\(\w+\)s|%%|\{[^}]*\}|</?\w+")


@pytest.mark.parametrize("backend", ["sqlite"], indirect=True)
def test_no_page_says_a_word_that_cannot_be_translated(app):
    browser = build.signed_in(app, foreign.a_shop())
    found = {}
    for path in _paths():
        answer = browser.get(path)
        assert answer.status_code in (200, 404), path
        if words := foreign.untranslated(answer.text):
            found[path] = words
    assert not found


def _paths() -> list[str]:
    """Every page, and every piece that pages fetch."""
    first, *others = (one.id for one in build.every(Conversation))
    pages = [path.format(row=f"/conversations/{first}") for path in PAGES.values()]
    here = f"/conversations/{first}"
    return [
        *(path.replace("q=bike", "q=нет") for path in pages),
        *(f"/conversations/{one}" for one in others),
        *(f"{here}/sheets/{name}" for name in ("people", "snooze", "tags", "handover")),
        *(f"/messages/{one}/menu" for one in (1, 2)),
        *(f"/messages/{one}/story" for one in range(2, 12)),
        "/messages/1/why",
        f"{here}/transcript.html?notes=1",
        f"{here}/transcript.txt?notes=1",
        f"/commands?on={first}",
        *(
            f"/commands?on={first}&level={name}"
            for name in ("assign", "snooze", "numbers", "settings")
        ),
        "/conversations?view=filter",
        "/conversations?view=filter&q=is:nonsense",
        "/search?q=nosuch:1",
        "/users?add",
        "/users?edit=1",
    ]


def test_no_script_says_a_word_that_cannot_be_translated():
    said = re.compile(r"""(?<!_\()(?<!_n\()(?<!, )(["'`])([A-Z][a-z]+ [^"'`]*|[A-Z][a-z]+[.…!])\1""")
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
def test_no_translation_is_a_guess_or_has_other_places_than_the_english_words(path):
    for message in _read(path):
        if not message.id:
            continue
        assert not message.fuzzy, message.id
        ids = message.id if isinstance(message.id, tuple) else (message.id,)
        forms = message.string if isinstance(message.string, tuple) else (message.string,)
        allowed = [sorted(_PLACES.findall(one)) for one in ids]
        assert all(sorted(_PLACES.findall(form)) in allowed for form in forms if form), message.id


@pytest.mark.parametrize("path", CATALOGUES, ids=lambda path: path.parts[-3])
def test_what_is_compiled_is_what_was_written(path):
    compiled = BytesIO()
    write_mo(compiled, _read(path))
    assert path.with_suffix(".mo").read_bytes() == compiled.getvalue(), "run `make words`"
