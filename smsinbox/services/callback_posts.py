"""The outbox of callbacks: taken to be tried, and what became of it. At least once, for a day.

Whoever takes a post holds it for a minute; should they die, the next one tries again. What is said
is made of the rows when it is taken, so that words are kept in one place only.
"""

import logging
import random
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import case, delete, func, select, update
from sqlalchemy.orm import contains_eager

from smsinbox.core import clock
from smsinbox.core.database import atomic, db
from smsinbox.core.errors import Conflict, NotFound
from smsinbox.core.events import emit
from smsinbox.core.i18n import _
from smsinbox.dialects import VOICES
from smsinbox.dialects.base import (
    Announcement,
    Credentials,
    Posting,
    Progress,
    SignedRequest,
)
from smsinbox.dialects.errors import Misconfigured
from smsinbox.models.api_key import ApiKey
from smsinbox.models.callback import Callback, CallbackPost, PostState
from smsinbox.models.events import CallbackSwitchedOff
from smsinbox.models.user import User
from smsinbox.queries.callbacks import in_use
from smsinbox.services import callback_endpoints, callback_words
from smsinbox.services.authority import must_administer

log = logging.getLogger(__name__)

SIDE_BY_SIDE = 4  # posts to one endpoint that are taken up together; one, while it fails
HOLD = timedelta(minutes=1)  # longer than all addresses of a post may take
PATIENCE = timedelta(hours=24)
PAUSE, LONGEST_PAUSE = 4.0, 3600.0  # seconds: the first, and what doubling it ends at
SWITCH_OFF_AFTER = timedelta(days=3)
_KEEP = timedelta(days=30)


@dataclass(frozen=True, slots=True)
class Try:
    """A post that we hold: where to, in this order, and what to say there."""

    post_id: int
    callback_id: str
    attempt: int
    event_id: str
    dialect: str
    own_urls: tuple[str, ...]
    urls: tuple[str, ...]
    event: Announcement
    credentials: Credentials

    def signed(self, url: str) -> SignedRequest | None:
        """The webhook for one of the addresses; None where there is nothing to say."""
        posting = Posting(self.event_id, url, clock.now(), self.attempt)
        announcer = VOICES[self.dialect].announcer
        return announcer.announce(self.event, self.credentials, posting)


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of a try; `at_endpoint` says whether the endpoint's own addresses were tried."""

    held: Try
    succeeded: bool
    status: int | None
    milliseconds: int
    error: str | None = None
    at_endpoint: bool = True


@atomic
def take(busy: Collection[str], most: int) -> list[Try]:
    """Posts to try now, not more of one endpoint than may run side by side; none of the `busy`."""
    due = db.session.scalars(
        update(CallbackPost)
        .where(
            CallbackPost.id.in_(_due(busy, most)),
            CallbackPost.state == PostState.WAITING.value,
            CallbackPost.due_at <= clock.now(),
        )
        .values(attempts=CallbackPost.attempts + 1, due_at=clock.now() + HOLD)
        .returning(CallbackPost.id)
        .execution_options(synchronize_session=False)
    )
    tries = []
    for post in _posts(list(due)):
        try:
            tries.append(_try(post))
        except Misconfigured as error:
            _end(post, PostState.GIVEN_UP, error.detail or str(error))
        except ValueError:  # one that cannot be read must not hold up all others
            log.exception("a post makes no sense", extra={"post_id": post.id})
            _end(post, PostState.GIVEN_UP, "What to say cannot be made of what is kept.")
    return tries


def _due(busy: Collection[str], most: int) -> list[int]:
    turn = func.row_number().over(
        partition_by=CallbackPost.callback_id, order_by=(CallbackPost.due_at, CallbackPost.id)
    )
    lanes = case((Callback.failing_since.is_not(None), 1), else_=SIDE_BY_SIDE)
    waiting = (
        select(CallbackPost.id, CallbackPost.due_at, turn.label("turn"), lanes.label("lanes"))
        .join(Callback, Callback.id == CallbackPost.callback_id)
        .join(ApiKey, ApiKey.id == Callback.api_key_id)
        .where(
            CallbackPost.state == PostState.WAITING.value,
            CallbackPost.due_at <= clock.now(),
            CallbackPost.callback_id.not_in(busy),
            in_use(),
        )
        .subquery()
    )
    allowed = select(waiting.c.id).where(waiting.c.turn <= waiting.c.lanes)
    return list(db.session.scalars(allowed.order_by(waiting.c.due_at, waiting.c.id).limit(most)))


def _posts(ids: Sequence[int]) -> list[CallbackPost]:
    found = (
        select(CallbackPost)
        .join(CallbackPost.callback)
        .options(contains_eager(CallbackPost.callback))
        .where(CallbackPost.id.in_(ids))
        .order_by(CallbackPost.id)
        .execution_options(populate_existing=True)
    )
    return list(db.session.scalars(found))


def _try(post: CallbackPost) -> Try:
    callback = post.callback
    event = callback_words.told(post)
    own: tuple[str, ...] = ()
    if post.own and isinstance(event, Progress):
        own = event.taken.asked.webhook_urls
    return Try(
        post_id=post.id,
        callback_id=callback.id,
        attempt=post.attempts,
        event_id=post.event_id,
        dialect=callback.dialect,
        own_urls=own,
        urls=callback.urls,
        event=event,
        credentials=callback_endpoints.credentials(callback),
    )


@atomic
def finish(outcomes: Sequence[Outcome]) -> None:
    """Note what became of posts that we still hold."""
    for outcome in sorted(outcomes, key=lambda one: one.held.post_id):
        post = db.session.get(
            CallbackPost,
            outcome.held.post_id,
            with_for_update={"of": CallbackPost, "key_share": True},
            populate_existing=True,
        )
        if post is None or post.attempts != outcome.held.attempt:
            continue
        if post.state != PostState.WAITING:
            continue
        post.last_status, post.last_ms = outcome.status, outcome.milliseconds
        if outcome.succeeded:
            _end(post, PostState.DONE, None)
        else:
            _later(post, outcome.error or "")
        if outcome.at_endpoint and post.callback.is_endpoint:
            _note_health(post.callback, outcome.succeeded)
    db.session.flush()


def pause(attempts: int) -> timedelta:
    """Full jitter: whoever failed together does not come back together."""
    longest = min(LONGEST_PAUSE, PAUSE * 2 ** min(attempts - 1, 20))
    return timedelta(seconds=random.uniform(0, longest))


def _later(post: CallbackPost, error: str) -> None:
    due = clock.now() + pause(post.attempts)
    if due > post.created_at + PATIENCE:
        _end(post, PostState.GIVEN_UP, error)
    else:
        post.due_at, post.last_error = due, error[:200]


def _end(post: CallbackPost, state: PostState, error: str | None) -> None:
    post.state, post.ended_at = state.value, clock.now()
    post.last_error = error[:200] if error else None


def _note_health(callback: Callback, succeeded: bool) -> None:
    now = clock.now()
    if succeeded:
        callback.failing_since = None
    elif callback.failing_since is None:
        callback.failing_since = now
    elif callback.active and now - callback.failing_since >= SWITCH_OFF_AFTER:
        callback.active = False
        callback.off_reason = "It failed for three days without one success."
        callback.off_at = now
        emit(CallbackSwitchedOff())


@atomic
def send_again(post_id: int, by: User | None) -> CallbackPost:
    """Post it once more, whatever became of it; a program knows it by its event's id."""
    must_administer(by)
    post = db.session.get(
        CallbackPost, post_id, with_for_update={"of": CallbackPost, "key_share": True}
    )
    if post is None:
        raise NotFound
    if not post.callback.active or post.callback.api_key.revoked_at is not None:
        raise Conflict(_("Nothing is posted here now. Switch the webhook on first."))
    post.state, post.due_at, post.ended_at = PostState.WAITING.value, clock.now(), None
    return post


@atomic
def give_up() -> int:
    """Posts that nobody will try in time: their endpoint is off, or its key was revoked."""
    now = clock.now()
    late = select(CallbackPost.id).where(
        CallbackPost.state == PostState.WAITING.value,
        CallbackPost.created_at < now - PATIENCE,
        CallbackPost.due_at < now - timedelta(hours=1),
    )
    ids = list(db.session.scalars(late.limit(500)))
    values = {"state": PostState.GIVEN_UP.value, "ended_at": now}
    db.session.execute(update(CallbackPost).where(CallbackPost.id.in_(ids)).values(values))
    return len(ids)


@atomic
def prune() -> int:
    """Forget posts that ended a month ago."""
    old = select(CallbackPost.id).where(
        CallbackPost.ended_at.is_not(None), CallbackPost.ended_at < clock.now() - _KEEP
    )
    ids = list(db.session.scalars(old.limit(500)))
    db.session.execute(delete(CallbackPost).where(CallbackPost.id.in_(ids)))
    return len(ids)
