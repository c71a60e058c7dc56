"""Whatever Telnyx says went wrong, an agent reads what happened and what helps."""

import pytest

from smsinbox.dialects.sides import Who
from smsinbox.dialects.telnyx.client import explain
from smsinbox.dialects.telnyx.reasons import TITLES
from smsinbox.dialects.words import COMMON


def test_a_landline_is_explained_as_one() -> None:
    found = explain("40001")
    assert found.words == "Landline: it cannot receive texts."
    assert (found.who, found.retry_makes_sense) == (Who.CONTACT, False)


@pytest.mark.parametrize("code", ["40001", "40003", "40300", "40322"])
def test_telnyx_says_never_to_try_these_again(code: str) -> None:
    assert not explain(code).retry_makes_sense


@pytest.mark.parametrize("code", ["40006", "40008", "40020", "40320", "40318", "40333"])
def test_these_can_be_tried_again_later(code: str) -> None:
    assert explain(code).retry_makes_sense


def test_the_shared_codes_are_explained_as_everywhere() -> None:
    assert all(explain(code) == words for code, words in COMMON.items())


def test_every_failed_delivery_has_a_title() -> None:
    assert set(TITLES) == {str(code) for code in range(40001, 40021)}
