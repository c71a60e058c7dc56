"""Finds a Chromium and starts it the way the browser tests want it: headless and quiet."""

import os
import shutil
import sys
from pathlib import Path

from playwright.sync_api import Browser, Playwright, sync_playwright

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
QUIET = (
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
)


class NoBrowser(Exception):
    """There is no Chromium; `make browser` installs one."""


def find(playwright: Playwright) -> Path:
    """The Chromium to use: the one CHROMIUM names, the system's, or Playwright's own."""
    candidates = [os.environ.get("CHROMIUM"), *(shutil.which(name) for name in NAMES)]
    for candidate in (*candidates, playwright.chromium.executable_path):
        if candidate and Path(candidate).exists():
            return Path(candidate)
    raise NoBrowser("no Chromium found; `make browser` installs one, or CHROMIUM names one")


def launch(playwright: Playwright) -> Browser:
    """A headless browser; each test opens its own context in it."""
    as_root = ["--no-sandbox"] if os.getuid() == 0 else []  # Chromium's sandbox refuses root
    return playwright.chromium.launch(
        executable_path=find(playwright), headless=True, args=[*QUIET, *as_root]
    )


if __name__ == "__main__":
    with sync_playwright() as driver:
        try:
            find(driver)
        except NoBrowser as problem:
            sys.exit(str(problem))
