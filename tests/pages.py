"""Every page there is to look at, with the demo's week in it: for screenshots and for axe."""

from collections.abc import Iterator
from pathlib import Path
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
    "filter": "/conversations?view=filter",
    "new": "/conversations/new",
    "search": "/search?q=bike",
    "notifications": "/notifications",
    "contacts": "/contacts",
    "contact": "/contacts/1",
    "you": "/you",
    "rules": "/rules",
    "rule-new": "/rules?number=1&new=1",
    "saved-replies": "/saved-replies",
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

# Name → the page it is a state of, and what brings it about, step by step.
STATES = {
    "palette": ("thread", "key:Control+k"),
    "keys-overlay": ("inbox", "key:?"),
    "person-menu": (
        "inbox",
        "click:[popovertarget=sidebar]",
        "click:[popovertarget=person-menu]",
    ),
    "contact-pane": ("thread", "click:.contact-toggle, .contact-fold"),
    "why": ("thread", "click:button.status"),
    "thread-menu": ("thread", "click:.thread-does > [id^=more-]"),
}

# What changes too little for axe, and is worth a look all the same.
MORE_PAGES = {
    "search-empty": "/search",
    "merge": "/contacts/1/merge",
    "erase": "/contacts/1/erase",
    "consent-of": "/contacts/1/consent",
    "account-form": "/accounts?add=trunx",
    "user-form": "/users?add",
}
MORE_STATES = {
    "sidebar": ("all", "click:[popovertarget=sidebar]"),
    "row-menu": ("all", "menu:.row-link"),
    "bulk": ("all", "check:.row-pick input"),
    "order": ("all", "click:[popovertarget=sort-menu]"),
    "bubble-menu": ("thread", "click:[id^=more-of-]"),
    "assign": ("thread", "click:[id^=assignee-]"),
    "snooze": ("thread", "key:h"),
    "emoji": ("thread", "click:.composer-emoji"),
    "later": ("thread", "click:.composer-later"),
    "senders": ("thread", "click:.composer-senders", "click:#senders summary"),
    "send-menu": ("thread", "click:.composer-more"),
    "note": ("thread", "click:.composer-modes label:has([value=note])"),
    "chips": ("new", "file:#files"),
    "person-does": ("contact", "click:[popovertarget=person-does]"),
    "backtest": ("rules", "click:.backtest-form button"),
}
FILE = Path(__file__).resolve().parent.parent / "static" / "icons" / "180.png"


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


def visit(page: Page, more: bool = False) -> Iterator[str]:
    """The signed-in page shows every page and state in turn; the name of what it shows."""
    row = ""
    states = {**STATES, **MORE_STATES} if more else STATES
    for name, path in ({**PAGES, **MORE_PAGES} if more else PAGES).items():
        page.goto(path.format(row=row))
        page.wait_for_timeout(250)  # the socket, and what is drawn after the page came
        row = row or page.locator(".row-link").first.get_attribute("href") or ""
        yield name
        for state, (of, *steps) in states.items():
            if of == name and [_brought_about(page, *step.split(":", 1)) for step in steps][-1]:
                page.wait_for_timeout(250)
                yield state
                page.reload()


def _brought_about(page: Page, kind: str, what: str) -> bool:
    """Whether there is, at this size, what the step needs."""
    if kind == "key":
        page.keyboard.press(what)
        return True
    if kind == "file":
        page.set_input_files(what, FILE)
        return True
    for control in page.locator(what).all():
        if kind == "check" or control.is_visible():
            control.dispatch_event("contextmenu") if kind == "menu" else control.click(
                force=kind == "check"
            )
            return True
    return False
