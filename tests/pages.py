"""Every page there is to look at, with the demo's week in it: for screenshots and for axe."""

from collections.abc import Iterator
from typing import Any

from playwright.sync_api import Browser, BrowserContext, Page

SIZES = {"wide": (1440, 900), "phone": (390, 780)}
THEMES = ("light", "dark")

# Name → path; "{row}" is the first conversation of the list.
PAGES = {
    "inbox": "/conversations?view=needs-reply",
    "thread": "{row}",
    "all": "/conversations?view=all",
    "empty": "/conversations?view=snoozed",
    "new": "/conversations/new",
    "search": "/search?q=bike",
    "notifications": "/notifications",
    "contacts": "/contacts",
    "contact": "/contacts/1",
    "you": "/you",
    "rules": "/rules",
    "rule-new": "/rules?number=1&new=1",
    "calendars": "/calendars",
    "calendar-new": "/calendars/new",
    "attributes": "/attributes",
    "opt-outs": "/opt-outs",
    "consent": "/consent",
    "paired-numbers": "/paired-numbers",
    "accounts": "/accounts",
    "users": "/users",
    "keys": "/keys",
    "callbacks": "/callbacks",
    "content-rules": "/content-rules",
    "quarantine": "/quarantine",
    "transfer": "/transfers/new",
    "offline": "/offline",
    "missing": "/no-such-page",
}

# Name → the page it is a state of, and the key or the control that brings it about.
STATES = {
    "palette": ("thread", "key:Control+k"),
    "keys-overlay": ("inbox", "key:?"),
    "person-menu": ("inbox", "click:[popovertarget=person-menu]"),
    "contact-pane": ("thread", "click:.contact-toggle, .contact-fold"),
    "why": ("thread", "click:.why-button"),
    "thread-menu": ("thread", "click:.thread-does .thread-more"),
}


def contexts(browser: Browser, **options: Any) -> Iterator[tuple[str, BrowserContext]]:
    """One for each size and theme: "wide-light" and so on."""
    for size, (width, height) in SIZES.items():
        for theme in THEMES:
            touch: Any = {"has_touch": True, "is_mobile": True} if size == "phone" else {}
            context = browser.new_context(
                viewport={"width": width, "height": height},
                color_scheme=theme,  # type: ignore[arg-type]
                reduced_motion="reduce",
                **touch,
                **options,
            )
            yield f"{size}-{theme}", context
            context.close()


def visit(page: Page) -> Iterator[str]:
    """The signed-in page shows every page and state in turn; the name of what it shows."""
    row = ""
    for name, path in PAGES.items():
        page.goto(path.format(row=row))
        page.wait_for_timeout(250)  # the socket, and what is drawn after the page came
        row = row or page.locator(".row-link").first.get_attribute("href") or ""
        yield name
        for state, (of, how) in STATES.items():
            if of == name and _brought_about(page, how):
                page.wait_for_timeout(250)
                yield state
                page.reload()


def _brought_about(page: Page, how: str) -> bool:
    kind, _, what = how.partition(":")
    if kind == "key":
        page.keyboard.press(what)
        return True
    for control in page.locator(what).all():
        if control.is_visible():
            control.click()
            return True
    return False
