"""What was written down in English is told in the reader's language."""

import ast
import inspect
import re
from collections.abc import Iterator
from types import ModuleType

import pytest

from smsinbox.core.i18n import PSEUDO, speaking
from smsinbox.rules import conditions, decide, loops, matching
from smsinbox.web.reasons import reason
from tests.rules.build import a_rule, decided

LATIN = re.compile("[A-Za-z]{2}")


def sentences(module: ModuleType) -> Iterator[str]:
    """Those that it can say, with a 1 in each place, and what it calls its conditions."""
    tree = ast.parse(inspect.getsource(module))
    inside = {id(part) for node in ast.walk(tree) for part in getattr(node, "values", ())}
    inside |= {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
    for node in ast.walk(tree):
        if isinstance(node, ast.JoinedStr):
            parts = (part.value if isinstance(part, ast.Constant) else 1 for part in node.values)
            yield "".join(map(str, parts))
        elif isinstance(node, ast.Constant) and id(node) not in inside:
            yield str(node.value)


@pytest.mark.parametrize("module", [conditions, decide, loops, matching])
def test_every_sentence_about_a_text_is_known_again(module):
    said = {words for words in sentences(module) if words.endswith(".") and " " in words}

    with speaking(PSEUDO):
        unknown = {words for words in said if LATIN.search(reason(words))}

    assert not unknown


def test_a_decision_is_written_in_english_and_told_in_the_language_of_its_reader():
    rule = a_rule(
        "1", when={"calendar": "Office", "is": "closed"}, who={"is": "new"}, started_by="customer"
    )
    english = decided("2", rule)

    with speaking(PSEUDO):
        assert decided("2", rule) == english
        told = [
            words.replace("Office", "")
            for check in english.rules[0].checks
            for words in (reason(check.name), reason(check.words))
        ]

    assert not [words for words in told if LATIN.search(words)]


@pytest.mark.parametrize(
    "words",
    [
        "The text fits “1”. “2” has answered, so it only does the rest.",
        "“1” is open (2); that changes on Monday at 9:00.",
        "“1” is closed; that changes on 4 May at 9:00.",
        "It fired for them lately and rests 1 hour more.",
        "No agent wrote in the last 5 minutes.",
        "Unreadable: Still unreadable: 1",
    ],
)
def test_sentences_are_told_to_their_last_word(words):
    with speaking(PSEUDO):
        assert not LATIN.search(reason(words))


def test_what_nobody_knows_is_told_as_it_stands():
    with speaking(PSEUDO):
        assert reason("{'detail': 100%}") == "{'detail': 100%}"


def test_english_is_told_as_it_was_written():
    assert reason("The contact is blocked.") == "The contact is blocked."
