"""How templates write ages and money: as the page's scripts do."""

from datetime import timedelta

import pytest

from smsinbox.core import clock
from smsinbox.core.i18n import speaking
from smsinbox.web import filters


@pytest.mark.parametrize(
    ("days", "words"),
    [(0, "now"), (1 / 24, "1h"), (2, "2d"), (29, "29d"), (60, "2mo"), (364, "12mo"), (800, "2y")],
)
def test_an_age_is_told_in_its_largest_unit(days, words):
    assert filters.when(clock.now() - timedelta(days=days)) == words


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
