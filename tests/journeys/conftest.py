"""The whole house with two web processes, the sandbox's handsets, and agents in browsers."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, sync_playwright

from smsinbox.application import create_app
from smsinbox.core.config import Settings
from smsinbox.core.database import db
from tests import postgres
from tests.browser import launch
from tests.chaos.stack import EMAIL, PASSWORD, Stack

BEN = "ben@example.com"
_signed_in: dict[tuple[str, str], Any] = {}  # once each: sign-ins are throttled, as they should be


class Street:
    """One house at a time; the same for all journeys of a worker, as houses take long to open."""

    def __init__(self, request: pytest.FixtureRequest, left: ExitStack) -> None:
        self._request = request
        self._left = left
        self._worker = request.getfixturevalue("worker_name")
        self.house = self._build()

    def move(self) -> None:
        """Leave the house and all that happened in it for a new one."""
        self._left.close()
        self.house = self._build()

    def _build(self) -> Stack:
        url = ""
        if self._request.param == "postgres":
            server = self._request.getfixturevalue("postgres_server")
            url = self._left.enter_context(postgres.database(server, f"journeys_{self._worker}"))
        folders = self._request.getfixturevalue("tmp_path_factory")
        stack = Stack(folders.mktemp(f"journeys-{self._request.param}"), url)
        self._left.callback(stack.end)
        _open(stack)
        return stack


def _open(stack: Stack) -> None:
    """Real processes; pages served by two of them, which must behave like one."""
    stack.start("valkey", "sandbox")
    stack.start("web", WEB_CONCURRENCY=2)
    stack.start("worker", "sweeper")
    inbox(stack, "user", "create", "--email", BEN, "--name", "Ben", "--role", "agent",
          "--password", PASSWORD, "--number", "+14155550142")  # fmt: skip
    inbox(stack, "rule", "create", "--number", "+14155550142", "--exact", "hours",
          "--reply", "We are open 9 to 5.")  # fmt: skip


@pytest.fixture(scope="session", params=("sqlite", "postgres"))
def street(request) -> Iterator[Street]:
    """Session-wide, so that pytest runs all journeys on one database, then all on the other."""
    with ExitStack() as left:
        yield Street(request, left)


@pytest.fixture
def house(request, street: Street) -> Stack:
    """What is tried again is tried where nothing has happened yet."""
    if request.node.execution_count > 1:
        street.move()
    return street.house


def pytest_itemcollected(item: pytest.Item) -> None:
    """A browser may be held up by whatever else the machine does; what fails twice is broken."""
    item.add_marker(pytest.mark.flaky(reruns=1))


# What the pages themselves do differently on one of the databases is told by test_inbox.py; the
# other journeys take minutes on both, and their queries have tests of their own on both.
on_sqlite = pytest.mark.parametrize("street", ["sqlite"], indirect=True)
on_postgres = pytest.mark.parametrize("street", ["postgres"], indirect=True)


def inbox(stack: Stack, *words: str) -> None:
    """`flask --app app inbox …` beside the running processes, without a process of its own."""
    ours = Settings(
        instance_path=stack.instance, database_url=stack.database_url, redis_url=stack.redis_url
    )
    app = create_app(ours)
    done = app.test_cli_runner().invoke(args=["inbox", *words])
    with app.app_context():
        db.engine.dispose()
    assert done.exit_code == 0, done.output


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        browser = launch(playwright)
        yield browser
        browser.close()


def _sign_in(page: Page, email: str) -> None:
    page.get_by_label("E-mail").fill(email)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()


@pytest.fixture
def agent(house: Stack, chromium: Browser) -> Iterator[Callable[..., Page]]:
    """A signed-in agent in a browser of their own; what its console complains about fails."""
    with ExitStack() as left:
        complaints: list[str] = []

        def arrive(email: str = EMAIL, **options) -> Page:
            known = _signed_in.get((house.url, email))
            options.setdefault("service_workers", "block")  # one test lets it in
            context = chromium.new_context(base_url=house.url, storage_state=known, **options)
            left.callback(context.close)
            page = context.new_page()
            page.set_default_timeout(15_000)
            page.on("pageerror", lambda error: complaints.append(str(error)))
            page.on("console", lambda said: complaints.append(said.text)
                    if "Content Security" in said.text else None)  # fmt: skip
            page.goto("/")
            if known is None:
                _sign_in(page, email)
            page.get_by_role("region", name="Conversations").wait_for()
            if "timezone_id" not in options:  # pages keep it, too
                _signed_in[house.url, email] = context.storage_state()
            return page

        yield arrive
        assert complaints == []
