"""How far things move under somebody's eyes while texts arrive, as the browser itself counts it:
each layout shift, those right after a key or a click included. Nothing should move at all.
"""

from collections.abc import Callable
from itertools import count

from playwright.sync_api import Page

from tests.bench.figures import tell
from tests.bench.house import House
from tests.bench.live import FROM, carrier

SHORT = "+13125550002"  # who has a conversation of a few texts
APART, CALM = 40, 600  # milliseconds between texts, and after the last of them
_ids = count(1_000)
_strangers = count(5_551_000)


def measure(page: Page, house: House, long: int, short: int, texts: int) -> None:
    """Let so many texts arrive wherever somebody may look."""

    def thread(conversation: int) -> Callable[[], object]:
        return lambda: page.goto(f"/conversations/{conversation}")

    def further_up() -> None:
        thread(long)()
        page.locator("#messages").evaluate("box => box.scrollTo(0, box.scrollHeight / 2)")

    def pointed_at() -> None:
        page.goto("/conversations?view=open")
        page.locator("#conversations .row").first.hover()

    def left_alone(view: str) -> Callable[[], object]:
        def open_view() -> None:
            page.mouse.move(1, 1)
            page.goto(f"/conversations?view={view}")

        return open_view

    held = "Number.parseInt(document.getElementById('held').textContent)"
    for where, go, senders, arrived in (
        ("at the end of a thread", thread(long), [FROM] * texts, "#messages"),
        ("further up in a thread", further_up, [FROM] * texts, "#messages"),
        ("in a short thread", thread(short), [SHORT] * texts, "#messages"),
        ("in a list that is pointed at", pointed_at, _people(texts), ""),
        ("in a list left alone", left_alone("open"), _people(texts), "#conversations"),
        ("in what needs a reply", left_alone("needs-reply"), _people(texts), "#conversations"),
    ):
        go()
        page.wait_for_timeout(CALM)
        page.evaluate("probe.moves()")
        said = _arrive(page, house, senders)
        if arrived:
            page.locator(arrived).get_by_text(said).first.wait_for(state="attached")
        else:
            page.wait_for_function(f"{held} === {texts}")
        page.wait_for_timeout(CALM)
        seen = page.evaluate("probe.moves()")
        figures = {"texts": texts, "sum": seen["sum"], "bound": 0, "met": not seen["sum"]}
        moved = {"moved": seen["of"]} if seen["of"] else {}
        name = f"desk: texts arrive {where}"
        tell(name, house.database, "layout shift", {}, **figures, **moved)


def _people(texts: int) -> list[str]:
    """As many people, each of whom has a conversation."""
    return [f"+1312{next(_strangers)}" for _ in range(texts)]


def _arrive(page: Page, house: House, senders: list[str]) -> str:
    """A text of each; what the last one says."""
    said = ""
    with carrier(house) as post:
        for sender in senders:
            n = next(_ids)
            said = f"this is text {n} of today"
            post(said, n, sender)()
            page.wait_for_timeout(APART)
    return said
