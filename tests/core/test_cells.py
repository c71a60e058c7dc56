"""No cell is a formula to a spreadsheet, and every cell comes back as it was."""

import csv
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from smsinbox.core.cells import line, plain, safe


@given(st.text(alphabet="'=+-@\t\rab", max_size=6) | st.text())
def test_a_cell_comes_back_as_it_was(cell):
    assert plain(safe(cell)) == cell


@pytest.mark.parametrize("cell", ["=1+1", "+1", "-1", "@x", "\tx", "\rx"])
def test_a_spreadsheet_calculates_nothing(cell):
    [row] = csv.reader(io.StringIO(line([cell, "x"]).decode(), newline=""))
    assert row == [f"'{cell}", "x"]
