"""What the legacy API's codes say where it differs: a profile secret, no key, no id in settings."""

import pytest

from smsinbox.dialects.sides import Who
from smsinbox.dialects.telnyx.client import explain as explain_v2
from smsinbox.dialects.telnyx.words import WORDS
from smsinbox.dialects.telnyx_v1.client import explain

OWN = "10005 10006 10009 10010 20002 20006 40311 40313 unauthorized forbidden bad-request".split()


@pytest.mark.parametrize("code", ["10009", "20002", "20006", "40311", "40313", "unauthorized"])
def test_what_is_not_accepted_is_the_profile_secret(code: str) -> None:
    found = explain(code)
    assert found.words == "The carrier does not accept our profile secret."
    assert (found.who, found.retry_makes_sense) == (Who.ADMIN, True)


@pytest.mark.parametrize("code", ["10005", "10006", "10010", "10024", "10029", "forbidden"])
def test_no_word_is_about_a_key_or_an_id_which_such_an_account_has_not(code: str) -> None:
    found = explain(code)
    said = f"{found.words} {found.fix}".lower()
    assert " key" not in said
    assert " id " not in said
    assert found.who is Who.ADMIN


def test_every_other_code_says_what_it_says_in_the_newer_api() -> None:
    assert {code for code in WORDS if explain(code) != explain_v2(code)} == {
        code for code in OWN if code in WORDS
    }
