"""The same done to many conversations: some at a time, each for itself, with what failed told.

Nothing of it is kept here: an answer carries, signed, what is left to do, and the page asks for
the next part as soon as it has drawn the answer. So it stops when the page is closed, and says
how far it is.
"""

from collections.abc import Callable
from typing import Any, NamedTuple

from flask import Blueprint, current_app, request
from itsdangerous import BadData, URLSafeTimedSerializer
from markupsafe import Markup

from smsinbox.core.config import settings
from smsinbox.core.errors import Invalid, Problem
from smsinbox.core.i18n import _, _n
from smsinbox.queries import conversations as conversations_query
from smsinbox.services import bulk
from smsinbox.services.bulk import PERSONAL, UNDONE, Standing
from smsinbox.web.access import answerable, row_id, viewer
from smsinbox.web.fragments import fragment

pages = Blueprint("bulk", __name__)

MOST = 500
AT_ONCE = 20  # conversations: a fraction of a second
UNDO = 60  # seconds; the page offers it for eight

# What was done, in words, to one conversation and to several.
WORDS: dict[str, Callable[[int], str]] = {
    "assign": lambda n: _n("Assigned.", "%(num)s assigned.", n),
    "tag": lambda n: _n("Tagged.", "%(num)s tagged.", n),
    "close": lambda n: _n("Closed.", "%(num)s closed.", n),
    "reopen": lambda n: _n("Reopened.", "%(num)s reopened.", n),
    "snooze": lambda n: _n("Snoozed.", "%(num)s snoozed.", n),
    "star": lambda n: _n("Starred.", "%(num)s starred.", n),
    "settle": lambda n: _n("No reply needed.", "%(num)s need no reply.", n),
    "read": lambda n: _n("Marked as read.", "%(num)s marked as read.", n),
    "unread": lambda n: _n("Left unread for you.", "%(num)s left unread for you.", n),
    "retry": lambda n: _n("Sent again.", "%(num)s sent again.", n),
    "dismiss": lambda n: _n("Dismissed.", "%(num)s dismissed.", n),
    "undo": lambda n: _n("Undone.", "%(num)s undone.", n),
}


class Round(NamedTuple):
    """How far it is: ids that are left, standings of those that are done, who failed and why."""

    verb: str
    value: str
    total: int
    left: list[int]
    done: list[tuple[int, Any]]  # of an undo: those to come, too
    failed: list[tuple[int, str]]

    @property
    def is_over(self) -> bool:
        return not self.left

    @property
    def words(self) -> str:
        """What was done."""
        return WORDS[self.verb](len(self.done))


@pages.get("/conversations/<int:conversation_id>/menu")
def menu(conversation_id: int) -> Markup:
    """What the viewer can do with one of the list."""
    conversation = conversations_query.for_viewer(viewer(), conversation_id)
    address = settings().address
    return fragment("conversations/row_menu", conversation=conversation, address=address)


@pages.post("/conversations/bulk")
def begin() -> Markup:
    """Do `verb` (assign, tag, close …; after a colon what it takes) to the conversations `ids`."""
    verb, _colon, value = request.form.get("verb", "").partition(":")
    if verb not in bulk.DEEDS:
        raise Invalid(_("Choose what to do."), "verb")
    ids = list(dict.fromkeys(_ids(request.form.getlist("ids"))))
    if not ids:
        raise Invalid(_("Select a conversation first."), "ids")
    if len(ids) > MOST:
        raise Invalid(_("Select at most %(most)s conversations.", most=MOST), "ids")
    value = value or (request.form.get("tag", "") if verb == "tag" else "")
    return _step(Round(verb, value, len(ids), ids, [], []))


@pages.post("/conversations/bulk/on")
def go_on() -> Markup:
    """The next part of what was begun."""
    verb, value, total, left, done, failed = _read("bulk", request.form.get("state", ""))
    return _step(Round(verb, value, total, left, done, failed))


@pages.post("/conversations/undo")
def undo() -> Markup:
    """Take back what was done a moment ago."""
    before = _read("undo", request.form.get("undo", ""))
    return _step(Round("undo", "", len(before), [one for one, _how in before], before, []))


def undo_of(conversation_id: int, before: Standing) -> str:
    """What takes this back, for the page to carry."""
    return _signed("undo", [(conversation_id, before)])


def _step(at: Round) -> Markup:
    """Each conversation in a transaction of its own: one that fails keeps no other from it."""
    done, failed = dict(at.done), list(at.failed)
    for one in at.left[:AT_ONCE]:
        try:
            _must(at.verb, one)
            if at.verb == "undo":
                bulk.take_back(one, Standing(*done[one]), by=viewer())
            else:
                done[one] = bulk.do(at.verb, at.value, one, by=viewer())
        except Problem as problem:
            failed.append((one, str(problem)))
            done.pop(one, None)
    left = at.left[AT_ONCE:]
    return _shown(at._replace(left=left, done=list(done.items()), failed=failed))


def _must(verb: str, conversation_id: int) -> None:
    """Raises NotFound or Forbidden."""
    if verb in PERSONAL:
        conversations_query.for_viewer(viewer(), conversation_id)
    else:
        answerable(conversation_id)


def _shown(at: Round) -> Markup:
    if not at.is_over:
        return fragment("conversations/bulk", at=at, state=_signed("bulk", at), rows={}, undo=None)
    undo = _signed("undo", at.done) if at.verb in UNDONE and at.done else None
    rows = {
        row.id: row for row in conversations_query.seen(viewer(), [one for one, _why in at.failed])
    }
    return fragment("conversations/bulk", at=at, state=None, rows=rows, undo=undo)


def _ids(written: list[str]) -> list[int]:
    try:
        return [row_id(one) for one in written]
    except ValueError:
        raise Invalid(_("Select conversations of the list."), "ids") from None


def _signed(what: str, content: object) -> str:
    return str(_signer(what).dumps([viewer().id, content]))


def _read(what: str, token: str) -> Any:
    """What this user was given to carry; raises Invalid when it is too old, or somebody else's."""
    try:
        whose, content = _signer(what).loads(token, max_age=UNDO)
    except BadData:
        raise Invalid(_("Too late: this can no longer be taken back here.")) from None
    if whose != viewer().id:
        raise Invalid(_("This was somebody else's."))
    return content


def _signer(what: str) -> URLSafeTimedSerializer:
    return URLSafeTimedSerializer(str(current_app.secret_key), salt=f"bulk-{what}")
