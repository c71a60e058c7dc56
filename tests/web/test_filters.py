"""How templates write money: as the page's scripts do."""

import pytest

from smsinbox.core.i18n import speaking
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
