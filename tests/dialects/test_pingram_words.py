"""Every code that Pingram or a carrier behind it gives is told to an agent in plain words."""

import pytest

from smsinbox.dialects.pingram import client, outcome, words
from smsinbox.dialects.sides import Who


@pytest.mark.parametrize("code", sorted(outcome.KINDS))
def test_every_code_that_we_judge_has_words_of_its_own(code: str) -> None:
    assert client.explain(code) is words.WORDS[code]


@pytest.mark.parametrize("code", [*words.WORDS, "no-answer", "nonsense", None])
def test_every_code_has_words_for_an_agent(code: str | None) -> None:
    explanation = client.explain(code)
    assert explanation.words.endswith(".")
    assert explanation.fix.endswith(".")


@pytest.mark.parametrize("code", ["40300", "21610"])
def test_a_persons_stop_is_not_to_be_tried_again(code: str) -> None:
    explanation = client.explain(code)
    assert (explanation.who, explanation.retry_makes_sense) == (Who.CONTACT, False)
