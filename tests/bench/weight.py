"""What the scripts of a conversation's page weigh, and how much of them is our own."""

import gzip
import re
from pathlib import Path

from playwright.sync_api import Page

from tests.bench.figures import tell
from tests.bench.house import ROOT, House

STATIC = ROOT / "static"

PACKED, OURS = 150, 900  # kilobytes, each file as gzip packs it; lines of code
_LOADED = "performance.getEntriesByType('resource').map(({ name }) => new URL(name).pathname)"


def measure(page: Page, house: House, conversation: int) -> None:
    """All that such a page has loaded, and its worker."""
    page.goto(f"/conversations/{conversation}")
    names = [name for name in page.evaluate(_LOADED) if name.endswith(".js")]
    loaded = {STATIC / name.split("/", 3)[3] for name in names if name.startswith("/shell/")}
    files = loaded | {STATIC / "sw.js"}
    ours = {file for file in files if file.parent.name != "vendor"}
    packed = sum(len(gzip.compress(file.read_bytes(), 9)) for file in files) / 1000
    code = sum(len(code_of(file)) for file in ours)
    lines = sum(len(file.read_text().splitlines()) for file in ours)
    for name, unit, made_of, size, bound, more in (
        ("desk: scripts, gzipped", "KB", files, packed, PACKED, {}),
        ("desk: scripts of our own", "lines of code", ours, code, OURS, {"lines": lines}),
    ):
        figures = {"size": size, "bound": bound, "met": size <= bound, **more}
        tell(name, house.database, unit, {}, files=len(made_of), **figures)


def code_of(script: Path) -> list[str]:
    """Its lines without those that are blank or only say something."""
    said = re.sub(r"/\*.*?\*/", "", script.read_text(), flags=re.DOTALL)
    return [line for line in map(str.strip, said.splitlines()) if line and line[:2] != "//"]
