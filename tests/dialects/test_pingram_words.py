"""Every code that Pingram or a carrier behind it gives is told to an agent in plain words."""

import pytest

from smsinbox.dialects.pingram import client
from smsinbox.dialects.sides import Who


@pytest.mark.parametrize("code", ["40300", "21610"])
def test_a_persons_stop_is_not_to_be_tried_again(code: str) -> None:
    explanation = client.explain(code)
    assert (explanation.who, explanation.retry_makes_sense) == (Who.CONTACT, False)
