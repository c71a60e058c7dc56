"""What somebody waits for at the desk, measured inside a real browser: in an inbox of 20,000
conversations, one of them with 500 texts. Each figure stands beside the bound it should keep.

The floor is what the browser itself takes, for a key on a page that shows it as one more line and
for a frame, and our server for an answer without content. All ends when it is on the screen.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from random import Random

from playwright.sync_api import Page, sync_playwright
from sqlalchemy import insert, select, update

from smsinbox.core import clock
from smsinbox.core.database import db
from smsinbox.models.contact import Contact
from smsinbox.models.conversation import Conversation
from smsinbox.models.message import Message
from smsinbox.models.number import Number
from tests.bench import search, shifts, weight
from tests.bench.figures import bounded, median, tell
from tests.bench.house import House
from tests.bench.live import FROM
from tests.bench.screens import cookies
from tests.browser import launch

LONG = 500  # texts in the long conversation
VIEWS = ("open", "needs-reply", "closed")
PROBE = Path(__file__).with_name("probe.js")
BUBBLE, VIEW, FOUND, SERVER, BROWSER = 16, 200, 200, 150, 100  # milliseconds
_CALM = 400  # milliseconds in which a page comes to rest
_WARM = 2  # rounds before those that count
_words = count(1)

Seen = dict[str, float]


@dataclass(frozen=True)
class Desk:
    """One agent's page, in a house that is full."""

    house: House
    page: Page
    long: int  # the conversation of 500 texts
    short: int
    rounds: int


def measure(house: House, texts: int, rounds: int) -> None:
    """Fill a house, open its inbox in a browser, and do what agents do all day."""
    long, short = _filled(house, texts)
    house.start("valkey", "web")
    with _browser(house) as page:
        desk = Desk(house, page, long, short, rounds)
        floor = _floor(desk)
        for part in (_open, _write, _switch, _find):
            part(desk, floor)
        shifts.measure(page, house, long, short, texts=rounds)
        weight.measure(page, house, long)
    house.stop("web", "valkey")


def _filled(house: House, texts: int) -> tuple[int, int]:
    """The ids of the long conversation and of a short one."""
    with house.inside():
        number = db.session.scalars(select(Number)).first()
        assert number is not None
        search.fill(number, texts)
        long, short = (
            db.session.scalars(
                select(Conversation.id).join(Contact).where(Contact.phone == phone)
            ).one()
            for phone in (FROM, shifts.SHORT)
        )
        db.session.execute(insert(Message), list(search.texts(number, [long], LONG, Random(8))))
        of_all = update(Conversation)
        db.session.execute(
            of_all.values(preview="is my bike ready", last_direction="inbound", received=1)
        )
        db.session.execute(
            of_all.where(Conversation.status == "open", Conversation.id % 33 == 0).values(
                unanswered=1, waiting_since=Conversation.last_message_at
            )
        )
        db.session.execute(
            of_all.where(Conversation.id.in_((long, short))).values(
                status="open", last_message_at=clock.now()
            )
        )
        search.kept()
        return long, short


@contextmanager
def _browser(house: House) -> Iterator[Page]:
    """A signed-in page with our clocks in it; with its service worker, as people have it."""
    name, _, value = cookies(house, 1)[0].partition("=")
    url = f"http://127.0.0.1:{house.port}"
    with sync_playwright() as driver, launch(driver) as browser:
        context = browser.new_context(base_url=url, viewport={"width": 1440, "height": 900})
        context.add_cookies([{"name": name, "value": value, "url": url}])
        context.add_init_script(path=PROBE)
        page = context.new_page()
        page.goto("/conversations?view=open")
        page.evaluate("navigator.serviceWorker.ready.then(() => null)")
        page.reload()
        yield page


def _floor(desk: Desk) -> Seen:
    page = desk.page
    answers = [page.evaluate("probe.answer('/healthz')") for _ in range(desk.rounds)]
    page.goto("about:blank")
    page.evaluate("probe.alone()")
    frames = [page.evaluate("probe.one()") for _ in range(desk.rounds)]
    keys = _keys(desk)
    return {
        "an answer": median(answers),
        "a frame": median(frames),
        "a line for a key": median([seen["painted"] for seen in keys]),
    }


def _open(desk: Desk, floor: Seen) -> None:
    """From the click on its row to the end of 500 texts, by turns with a short conversation."""
    desk.page.goto("/conversations?view=open")
    seen = []
    for _ in range(desk.rounds + _WARM):
        _open_row(desk, desk.short)
        seen.append(_open_row(desk, desk.long))
    seen = seen[_WARM:]
    name = f"desk: open {LONG} texts"
    _tell(desk, f"{name}, server", {"an answer": floor["an answer"]}, seen, "server", SERVER)
    _tell(desk, f"{name}, browser", {"a frame": floor["a frame"]}, seen, "browser", BROWSER)


def _open_row(desk: Desk, conversation: int) -> Seen:
    def click() -> None:
        desk.page.locator(f"#conversation-{conversation} .row-link").click()

    thread = f"#messages[data-conversation='{conversation}']"
    return _timed(desk.page, "click", thread, f"/{conversation}/pane", click)


def _write(desk: Desk, floor: Seen) -> None:
    """From the key that sends to its bubble: with the texts that a click brings, and by somebody
    who has read all of them, up to the first one, and is back at the end."""
    bare = {"a line for a key": floor["a line for a key"]}
    _tell(desk, "desk: key to bubble", bare, _keys(desk), "painted", BUBBLE)
    box = desk.page.locator("#messages")
    for _ in range(LONG):
        if desk.page.locator("#older.beginning").count():
            break
        box.evaluate("box => box.scrollTo(0, 0)")
        desk.page.wait_for_timeout(_CALM)
    box.evaluate("box => box.scrollTo(0, box.scrollHeight)")
    name = f"desk: key to bubble, {LONG} texts read"
    _tell(desk, name, bare, _keys(desk), "painted", BUBBLE)


def _keys(desk: Desk) -> list[Seen]:
    page, bubble = desk.page, "#messages > .pending"
    seen = []
    for _ in range(desk.rounds + _WARM):
        page.locator("#body").fill(f"answer {next(_words)} to what they asked")
        took = _timed(page, "keydown", bubble, "", lambda: page.keyboard.press("Enter"))
        page.locator(bubble).wait_for(state="detached")
        seen.append({**took, "shown": page.evaluate("at => probe.shown(at)", took["at"])})
    return seen[_WARM:]


def _switch(desk: Desk, floor: Seen) -> None:
    """From the click on a view to its list."""
    seen = []
    for n in range(desk.rounds + _WARM):
        view = VIEWS[n % len(VIEWS)]

        def click(view: str = view) -> None:
            desk.page.locator(f"#views [data-place='{view}']").click()

        there = f"#conversations[data-place='{view}'] .row"
        seen.append(_timed(desk.page, "click", there, f"view={view}", click))
    bare = {"an answer": floor["an answer"], "a frame": floor["a frame"]}
    _tell(desk, "desk: switch view", bare, seen[_WARM:], "painted", VIEW)


def _find(desk: Desk, floor: Seen) -> None:
    """From asking to what was found, while one types; `painted` also has the wait for more keys."""
    desk.page.goto("/search")
    asked = [questions[0] for questions in search.QUESTIONS.values()]
    seen = []
    for n in range(desk.rounds + _WARM):
        words = asked[n % len(asked)]

        def ask(words: str = words) -> None:
            desk.page.locator("#q").fill(words)

        seen.append(_timed(desk.page, "input", "#results", "/search/results", ask))
    bare = {"an answer": floor["an answer"], "a frame": floor["a frame"]}
    _tell(desk, "desk: search", bare, seen[_WARM:], "whole", FOUND)


def _timed(page: Page, event: str, brings: str, path: str, act: Callable[[], None]) -> Seen:
    """What the clocks in the page saw between such an event and such an element."""
    page.wait_for_timeout(_CALM)
    page.evaluate("words => probe.arm(...words)", [event, brings, path])
    act()
    seen: Seen = page.evaluate("probe.awaited()")
    return {**seen, "longest task": page.evaluate("probe.longest()")}


def _tell(desk: Desk, name: str, floor: Seen, seen: list[Seen], judged: str, bound: float) -> None:
    """One line: what is judged, and beside it the medians of all else that was seen."""
    others = sorted({part for one in seen for part in one} - {"at", judged})
    medians = {part: median([one.get(part, 0) for one in seen]) for part in others}
    figures = bounded([one[judged] for one in seen], bound)
    tell(name, desk.house.database, "ms", floor, **figures, rounds=len(seen), medians=medians)
