"""Our numbers, for programs."""

from flask.typing import ResponseReturnValue

from smsinbox.api import wire
from smsinbox.api.keys import caller, keyed
from smsinbox.queries import numbers

pages = keyed("numbers")


@pages.get("/numbers")
def index() -> ResponseReturnValue:
    """Every number, by name, on one page."""
    return wire.page([wire.number(one) for one in numbers.granted(caller())], None)
