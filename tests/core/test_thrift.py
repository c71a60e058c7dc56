"""A writer is told what makes a text dear, and the smallest edit that helps."""

import pytest

from smsinbox.core.thrift import Advice, advice


@pytest.mark.parametrize(
    ("body", "told"),
    [
        ("", Advice()),
        ("Cheap as can be", Advice()),
        ("It\u2019s", Advice("\u2019", 3, "'")),
        ("x" * 70 + "\u2019", Advice("\u2019", 71, "'", saved=1)),
        ("Hi\u200b", Advice("\u200b", 3, "")),
        ("\u2615 and \u2019", Advice("\u2615", 1)),
        ("x" * 163, Advice(few=3)),
        ("x" * 160 + "\u20ac", Advice(few=1)),
        ("x" * 170, Advice(few=10)),
        ("x" * 171, Advice()),
    ],
)
def test_what_a_writer_is_told(body, told):
    assert advice(body) == told
