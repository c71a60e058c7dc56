"""The palette of commands: what this user can do from here, by a few letters of its name."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from flask import Blueprint, request
from markupsafe import Markup

from smsinbox.core.errors import NotFound
from smsinbox.core.i18n import _, _l
from smsinbox.core.phones import pretty
from smsinbox.models.conversation import Conversation
from smsinbox.models.permission import Permission, can
from smsinbox.queries import conversations as conversations_query
from smsinbox.queries import numbers as numbers_query
from smsinbox.queries import users as users_query
from smsinbox.queries.search.finding import search
from smsinbox.queries.search.reading import LONGEST, read
from smsinbox.queries.views import NAMES
from smsinbox.web.access import row_id, viewer
from smsinbox.web.fragments import fragment
from smsinbox.web.lists import view_glyph
from smsinbox.web.sheets import SNOOZES

pages = Blueprint("commands", __name__, url_prefix="/commands")

_SHORTEST = 2  # letters before contacts are looked for
_PEOPLE = 6


@dataclass(frozen=True, slots=True)
class Command:
    """One option: a link, a verb on the open conversation, or a further level."""

    words: str
    glyph: str = "arrow-right"
    href: str = ""
    post: str = ""
    values: Mapping[str, str] = field(default_factory=dict)
    level: str = ""
    hint: str = ""
    is_silent: bool = False  # the verb's answer draws nothing


Groups = list[tuple[str, list[Command]]]

_PAGES = (
    Command(_l("New conversation"), "message-square-plus", "/conversations/new"),
    Command(_l("Search"), "search", "/search"),
    Command(_l("Contacts"), "users", "/contacts"),
    Command(_l("Notifications"), "bell", "/notifications"),
    Command(_l("Your account"), "user", "/you"),
)
_SETTINGS = tuple(
    Command(words, "settings", f"/{path}")
    for path, words in (
        ("rules", _l("Rules")),
        ("calendars", _l("Calendars")),
        ("attributes", _l("What is known of contacts")),
        ("opt-outs", _l("Opt-outs")),
        ("consent", _l("Consent words")),
        ("paired-numbers", _l("Paired numbers")),
        ("accounts", _l("Accounts and numbers")),
        ("users", _l("Users")),
        ("keys", _l("API keys")),
        ("callbacks", _l("Callbacks")),
        ("content-rules", _l("Content")),
        ("quarantine", _l("Quarantine")),
    )
)


@pages.get("")
def found() -> Markup:
    """A level, with what of it fits `q`; without `q`, as it waits until it is opened."""
    q, level = request.args.get("q"), _level()
    groups = None if q is None else _groups(q.replace("\0", " ").strip()[:LONGEST])
    return fragment("commands/palette", level=level, asks=_ASKS.get(level), groups=groups, on=_on())


def fits(words: str, q: str) -> bool:
    """Whether the letters of `q` stand in the words in this order, the first at a word's start."""
    words, letters = words.casefold(), [letter for letter in q.casefold() if not letter.isspace()]
    starts = [0, *(at + 1 for at, letter in enumerate(words) if letter in " -")]
    return not letters or any(_runs(words[start:], letters) for start in starts)


def _runs(words: str, letters: list[str]) -> bool:
    if not words.startswith(letters[0]):
        return False
    rest: Iterator[str] = iter(words)
    return all(letter in rest for letter in letters)


def _groups(q: str) -> Groups:
    groups = _LEVELS[_level()]()
    fitting = [(title, [one for one in some if fits(one.words, q)]) for title, some in groups]
    if not _level() and len(q) >= _SHORTEST:
        fitting.append((_("Contacts and conversations"), _people(q)))
    return [group for group in fitting if group[1]]


def _everything() -> Groups:
    settings = [Command(_("Settings…"), "settings", level="settings")] if viewer().is_admin else []
    views = [
        Command(words, view_glyph(name), f"/conversations?view={name}")
        for name, words in NAMES.items()
    ]
    number = Command(_("Go to a number…"), "hash", level="numbers")
    return [
        (_("This conversation"), _verbs()),
        (_("Go to"), [*views, number, *_PAGES, *settings]),
    ]


def _verbs() -> list[Command]:
    conversation = _open()
    if conversation is None:
        return []
    path = f"/conversations/{conversation.id}"
    unread = Command(_("Mark unread"), "mail", post=f"{path}/unread", is_silent=True)
    if not can(viewer(), Permission.ANSWER, conversation.number_id):
        return [unread]
    return [
        Command(_("Reopen"), "archive-restore", post=f"{path}/reopen")
        if conversation.is_closed
        else Command(_("Close"), "check", post=f"{path}/close"),
        Command(
            _("Assign to me"), "user-check", post=f"{path}/assign", values={"assignee_id": "me"}
        ),
        Command(_("Assign to…"), "user", level="assign"),
        *_snoozing(conversation),
        Command(_("Take the star away"), "star", post=f"{path}/star", values={"off": "1"})
        if conversation.starred
        else Command(_("Star"), "star", post=f"{path}/star"),
        Command(_("No reply needed"), "check-check", post=f"{path}/settle")
        if conversation.waiting_since
        else Command(_("Needs a reply"), "clock", post=f"{path}/unsettle"),
        unread,
    ]


def _snoozing(conversation: Conversation) -> list[Command]:
    if conversation.is_snoozed:
        path = f"/conversations/{conversation.id}/reopen"
        return [Command(_("End the snooze"), "alarm-clock", post=path)]
    return [] if conversation.is_closed else [Command(_("Snooze…"), "alarm-clock", level="snooze")]


def _snoozes() -> Groups:
    conversation = _answerable()
    if conversation is None or conversation.is_closed:
        return []
    path = f"/conversations/{conversation.id}/snooze"
    times = [
        Command(words, "alarm-clock", post=path, values={"for": one})
        for one, words in SNOOZES.items()
    ]
    return [(_("Snooze until"), times)]


def _assignees() -> Groups:
    conversation = _answerable()
    if conversation is None:
        return []
    path = f"/conversations/{conversation.id}/assign"
    people = [
        Command(user.name or user.email, "user", post=path, values={"assignee_id": str(user.id)})
        for user in users_query.assignable(conversation.number_id)
    ]
    nobody = Command(_("Nobody"), "user-x", post=path, values={"assignee_id": ""})
    return [(_("Assign to"), [*people, nobody])]


def _numbers() -> Groups:
    granted = [
        Command(
            number.name or pretty(number.phone),
            "hash",
            f"/conversations?view=open&number={number.id}",
            hint=pretty(number.phone) if number.name else "",
        )
        for number in numbers_query.granted(viewer())
    ]
    return [(_("Numbers"), granted)]


def _settings() -> Groups:
    return [(_("Settings"), list(_SETTINGS))] if viewer().is_admin else []


_LEVELS: dict[str, Callable[[], Groups]] = {
    "": _everything,
    "assign": _assignees,
    "snooze": _snoozes,
    "numbers": _numbers,
    "settings": _settings,
}
_ASKS = {
    "assign": _l("Assign to whom?"),
    "snooze": _l("Snooze until when?"),
    "numbers": _l("Go to which number?"),
    "settings": _l("Set up what?"),
}


def _people(q: str) -> list[Command]:
    result = search(viewer(), read(q), limit=_PEOPLE)
    shown: dict[int, Command] = {}
    for row in [person.row for person in result.people] + [hit.row for hit in result.hits]:
        href = f"/conversations/{row.id}"
        hint = row.number_name or pretty(row.number_phone)
        shown.setdefault(row.id, Command(row.title, "message-square", href, hint=hint))
    return list(shown.values())[:_PEOPLE]


def _level() -> str:
    wanted = request.args.get("level", "")
    return wanted if wanted in _LEVELS else ""


def _on() -> int:
    """The id of the conversation that is open on the page that asks, or 0."""
    path = urlsplit(request.headers.get("HX-Current-URL", "")).path
    try:
        return row_id(path.removeprefix("/conversations/"))
    except ValueError:
        return 0


def _open() -> Conversation | None:
    try:
        return conversations_query.for_viewer(viewer(), _on())
    except NotFound:
        return None


def _answerable() -> Conversation | None:
    conversation = _open()
    if conversation is None or not can(viewer(), Permission.ANSWER, conversation.number_id):
        return None
    return conversation
