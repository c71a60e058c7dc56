"""Photographs every page and its states, with the demo's week: `make shots`, into build/shots.

Both themes, wide and phone: build/shots/thread-phone-dark.png and so on. For whoever changes how
pages look, and wants to see all that it changed.
"""

import sys
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

from playwright.sync_api import Browser, Page, sync_playwright

from tests.browser import launch
from tests.chaos.stack import EMAIL, PASSWORD, Stack
from tests.journeys.conftest import inbox
from tests.pages import contexts, visit

FOLDER = Path(__file__).resolve().parent.parent / "build" / "shots"


def shoot(into: Path) -> int:
    """Take them all; how many there are."""
    into.mkdir(parents=True, exist_ok=True)
    taken = 0
    with ExitStack() as left:
        stack = Stack(Path(left.enter_context(tempfile.TemporaryDirectory())))
        left.callback(stack.end)
        stack.start("valkey", "sandbox", "web", "worker", "sweeper")
        browser = launch(left.enter_context(sync_playwright()))
        for look, page in _signed_in(browser, stack, into):
            page.screenshot(path=into / f"first-day-{look}.png")
        inbox(stack, "demo")
        for look, page in _signed_in(browser, stack, into):
            for name in visit(page, more=True):
                page.screenshot(path=into / f"{name}-{look}.png")
                taken += 1
        browser.close()
    return taken


def _signed_in(browser: Browser, stack: Stack, into: Path) -> Iterator[tuple[str, Page]]:
    for look, context in contexts(browser, base_url=stack.url, service_workers="block"):
        page = context.new_page()
        page.goto("/sign-in")
        page.screenshot(path=into / f"sign-in-{look}.png")
        page.get_by_label("E-mail").fill(EMAIL)
        page.get_by_label("Password").fill(PASSWORD)
        page.get_by_role("button", name="Sign in").click()
        page.get_by_role("region", name="Conversations").wait_for()
        yield look, page


if __name__ == "__main__":
    sys.stdout.write(f"{shoot(FOLDER)} pictures in {FOLDER}\n")
