"""Only what is nothing but thanks is proposed as needing no reply."""

import pytest

from smsinbox.core.courtesy import is_only_thanks


@pytest.mark.parametrize(
    "text",
    ["Thanks", "thank you so much!!", "👍", "👍🏽", "Ok, thanks 🙏", "Perfect!", "Danke schön",
     "ty!", "❤️", "Great, thanks <3", "Thanks :)", "Merci beaucoup"],
)  # fmt: skip
def test_a_thank_you_or_a_nod_is_only_thanks(text):
    assert is_only_thanks(text)


@pytest.mark.parametrize(
    "text",
    ["", "thanks?", "Thanks, when do you open", "no", "you", "Great, I'll come at 5", "👍 at 5",
     "😡", "👎", "12", "thanks " * 20, "do it again", "ok 2", "?", "…", "Thank you https://x.example"],
)  # fmt: skip
def test_whatever_says_more_is_not(text):
    assert not is_only_thanks(text)
