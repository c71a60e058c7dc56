"""Every code of the legacy API has words that an agent understands."""

import pytest

from smsinbox.dialects.telnyx_v1 import client, outcome


@pytest.mark.parametrize("code", [*outcome.BY_CODE, "gw_reject", "gw_timeout", "failed"])
def test_every_known_code_has_words_of_its_own(code: str) -> None:
    explanation = client.explain(code)
    assert explanation != client.explain("nonsense")
    assert explanation.words.endswith(".")
    assert explanation.fix.endswith(".")


@pytest.mark.parametrize("code", ["no-answer", "bad-request", "unauthorized", "nonsense", "", None])
def test_every_other_code_has_words_too(code: str | None) -> None:
    assert client.explain(code).words.endswith(".")
