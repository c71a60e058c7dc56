"""How templates write money, and what texts cost."""

import pytest

from smsinbox.core.i18n import speaking
from smsinbox.core.segments import measure
from smsinbox.queries.prices import Price
from smsinbox.web import filters


@pytest.mark.parametrize(
    ("micros", "english", "german"),
    [
        (7_900, "$0.0079", "0,0079\xa0$"),
        (12_345, "$0.012", "0,012\xa0$"),
        (1_500_000, "$1.50", "1,50\xa0$"),
    ],
)
def test_money_has_two_digits_that_count(micros, english, german):
    assert filters.money(micros, "USD") == english
    with speaking("de"):
        assert filters.money(micros, "USD") == german


def test_the_counter_has_words_for_the_longest_text_there_may_be():
    said = filters.by_segments(Price(10_000, "USD")).split("|")
    assert said[1] == "1 segment · # · $0.01"
    assert len(said) == measure("😀" * 1600).parts + 1
    with speaking("de"):
        assert filters.by_segments(None).split("|")[2] == "2 Segmente · #"
