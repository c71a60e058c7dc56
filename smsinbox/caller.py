"""The caller: posts to programs what they want to hear, beside the sweeper's loop and never in it.

It reads the log within half a second, or at once when the doorbell's channel speaks. Only the one
sweeper that leads lets it work; should two do so for a moment, the database tells them apart.
"""

import logging
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor

import httpx
from flask import Flask
from sqlalchemy.exc import SQLAlchemyError

from smsinbox.core import events, targets
from smsinbox.core.config import settings
from smsinbox.core.database import db
from smsinbox.core.doorbell import listen
from smsinbox.core.events import Cursor, Entry
from smsinbox.core.group_commit import GroupCommit
from smsinbox.dialects.errors import CarrierError
from smsinbox.dialects.http import addresses_of, carrier_client, post
from smsinbox.queries import callbacks as callbacks_query
from smsinbox.services import callback_posts, callbacks
from smsinbox.services.callback_posts import SIDE_BY_SIDE, Outcome, Try

log = logging.getLogger(__name__)

LOOK = 0.5  # seconds between two looks without a hint
_GRACE = 3.0  # seconds that a look may still take when we stop
_REST = 0.02  # seconds between two looks in any case: a rush is read in stretches
DEADLINE = 5.0  # seconds for one post to one address
HANDS = 16  # posts at once
_NOTE_EVERY = 30.0  # seconds: how long what concerns nobody may be read again after a restart
_WORDS = {
    "unreachable": "It could not be reached.",
    "tls": "Its certificate cannot be trusted.",
    "no-answer": "It gave no whole answer within 5 seconds.",
    "address": "The address cannot be called.",
}


def client(to_private: bool) -> httpx.Client:
    """A client whose connections go where strangers may send us, and nowhere else."""
    if to_private:
        return carrier_client(DEADLINE)
    return carrier_client(DEADLINE, lambda host: targets.all_public(addresses_of(host)))


def call(held: Try, http: httpx.Client, to_private: bool) -> Outcome:
    """Try the addresses of a post one after another, until one answers 2xx."""
    outcome = Outcome(held, True, None, 0)  # nothing to say is said
    for url in (*held.own_urls, *held.urls):
        outcome = _call_one(held, url, http, to_private)
        if outcome.succeeded:
            break
    return outcome


def _call_one(held: Try, url: str, http: httpx.Client, to_private: bool) -> Outcome:
    status, error = None, None
    begun = time.monotonic()
    try:
        targets.check(url, to_private)
        signed = held.signed(url)
        if signed is not None:
            status = post(http, url, headers=signed.headers, body=signed.body).status
            error = None if 200 <= status < 300 else f"It answered {status}."
    except targets.BadTarget as problem:
        error = str(problem)
    except targets.NotPublic:
        error = "Its name leads to an address that is not on the public internet."
    except CarrierError as problem:
        error = _WORDS.get(problem.code or "", "It could not be called.")
    took = round((time.monotonic() - begun) * 1000)
    at_endpoint = url in held.urls
    return Outcome(held, error is None, status, took, error, at_endpoint)


class Caller:
    """Reads the log and posts while `leads()`; `start` it once, `stop` ends it soon."""

    def __init__(
        self, app: Flask, leads: Callable[[], bool], to_private: bool | None = None
    ) -> None:
        self._app, self._leads = app, leads
        self._to_private = settings().callbacks_to_private if to_private is None else to_private
        self._http = client(self._to_private)
        self._finish = GroupCommit(callback_posts.finish)
        self._hands = ThreadPoolExecutor(HANDS, thread_name_prefix="call")
        self._in_hand: Counter[str] = Counter()
        self._counting = threading.Lock()
        self._wake, self._ends = threading.Event(), threading.Event()
        self._threads: list[threading.Thread] = []
        self._cursor: Cursor | None = None
        self._noted = 0.0

    def start(self) -> None:
        """Go to work, in threads that end with the process."""
        for work in (self._run, self._listen):
            thread = threading.Thread(target=work, name=f"caller{work.__name__}", daemon=True)
            self._threads.append(thread)
            thread.start()

    def stop(self) -> None:
        """End after the current look, so that nothing is taken up that nobody would carry; posts in
        hand are finished, or tried again by the next caller."""
        self._ends.set()
        self._wake.set()
        for thread in self._threads[:1]:
            thread.join(_GRACE)
        self._hands.shutdown(wait=False)

    def look(self) -> bool:
        """Turn news into posts and take up what is due; whether there may be more at once."""
        return self._read() | self._post()

    def _run(self) -> None:
        while not self._ends.is_set():
            self._wake.clear()
            more = False
            if self._leads():
                with self._app.app_context():
                    more = self._try_to_look()
            else:
                self._cursor = None
            self._ends.wait(_REST)
            if not more:
                self._wake.wait(LOOK)

    def _try_to_look(self) -> bool:
        try:
            return self.look()
        except SQLAlchemyError:
            log.exception("this look failed; the next one tries again")
        except Exception:
            log.exception("cannot plan callbacks; trying again")
        finally:
            db.session.rollback()
        self._cursor = None
        return False

    def _read(self) -> bool:
        """One stretch of the log; whether there was one."""
        if self._cursor is None:
            self._cursor = callbacks_query.read_up_to()
        entries = events.since(self._cursor)
        if not entries:
            return False
        if _concerns(entries) or time.monotonic() - self._noted > _NOTE_EVERY:
            callbacks.plan(entries)
            self._noted = time.monotonic()
        self._cursor = entries[-1].cursor
        return True

    def _post(self) -> bool:
        """Hand out what is due; whether something was."""
        with self._counting:
            free = HANDS - self._in_hand.total()
            busy = [one for one, count in self._in_hand.items() if count >= SIDE_BY_SIDE]
        if free <= 0 or self._ends.is_set() or not callbacks_query.any_due():
            return False
        tries = callback_posts.take(busy, free)
        for held in tries:
            with self._counting:
                self._in_hand[held.callback_id] += 1
            self._hands.submit(self._carry, held)
        return bool(tries)

    def _carry(self, held: Try) -> None:
        try:
            outcome = self._outcome(held)
            with self._app.app_context():
                self._finish(outcome)
        except SQLAlchemyError:
            log.exception("a post was not noted", extra={"post_id": held.post_id})
        finally:
            with self._counting:
                self._in_hand[held.callback_id] -= 1
            self._wake.set()

    def _outcome(self, held: Try) -> Outcome:
        try:
            return call(held, self._http, self._to_private)
        except Exception:
            # Whatever it was, it counts as a try: the next one comes later, and not for ever.
            log.exception("a post broke", extra={"post_id": held.post_id})
            return Outcome(held, False, None, 0, "It could not be called.", at_endpoint=False)

    def _listen(self) -> None:
        """Hints of other processes; a lost one costs half a second."""
        listen(self._wake.set, self._ends)


def _concerns(entries: Iterable[Entry]) -> bool:
    told = [entry for entry in entries if entry.kind in callbacks.KINDS]
    ids = [entry.message_id for entry in told if entry.message_id is not None]
    return bool(told) and callbacks_query.anybody_listens(ids)
