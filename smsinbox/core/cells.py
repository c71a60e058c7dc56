"""Cells of CSV files that spreadsheets open: no text of a stranger becomes a formula there.

https://owasp.org/www-community/attacks/CSV_Injection: an apostrophe in front makes it plain text.
"""

import csv
import io
import re
from collections.abc import Iterable

_FORMULA = re.compile(r"'*[=+\-@\t\r]")


def safe(cell: str) -> str:
    """The cell as it goes into a file."""
    return f"'{cell}" if _FORMULA.match(cell) else cell


def plain(cell: str) -> str:
    """The cell as it was before `safe`; one that nobody made safe stays as it is."""
    return cell[1:] if cell.startswith("'") and _FORMULA.match(cell) else cell


def line(cells: Iterable[str]) -> bytes:
    """One line of a file, every cell safe."""
    out = io.StringIO()
    csv.writer(out).writerow([safe(cell) for cell in cells])
    return out.getvalue().encode()
