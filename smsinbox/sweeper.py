"""The sweeper: owns time. One leader, once a second. `python -m smsinbox.sweeper`.

Jobs and messages of Redis may be lost at any instant; whatever they should have brought about,
this loop brings about a little later.
"""

import logging
import os
import secrets
import signal
import socket
import sys
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field

from flask import Flask
from sqlalchemy.exc import SQLAlchemyError

from smsinbox.application import create_app
from smsinbox.caller import Caller
from smsinbox.core.config import BadSettings, settings
from smsinbox.core.database import db
from smsinbox.core.doorbell import bell, ring
from smsinbox.mailer import Mailer
from smsinbox.models.lease import TERM
from smsinbox.pusher import Pusher
from smsinbox.queries import attachments, outbox
from smsinbox.queries import transfers as transfers_query
from smsinbox.services import (
    armed_replies,
    callback_posts,
    dealing,
    hearings,
    idempotency,
    later,
    notifications,
    pushes,
    quotas,
    receipts,
    schedules,
    shelved,
    snoozing,
    transfers,
    upkeep,
    uploads,
    waiting,
)
from smsinbox.services.delivery import deliver, drain
from smsinbox.services.fetching import fetch, fetch_ready
from smsinbox.services.transfer_jobs import carry, carry_ready

log = logging.getLogger(__name__)

TICK = 1.0
_RING_AFTER = 1.0  # seconds that a ready text has waited: its doorbell was lost
_DELIVER_AFTER = 6.0  # seconds: nobody hears the bell, so we carry it ourselves
_INLINE = 5.0  # seconds that one round of delivering may take


@dataclass(slots=True)
class Chore:
    """Something to do every so many seconds, and why."""

    do: Callable[[], object]
    every: float
    why: str
    due: float = field(default=0.0)


CHORES = [
    Chore(upkeep.expire_leases, 1, "a process that held a text died"),
    Chore(upkeep.expire_texts, 5, "late words are worse than none"),
    Chore(schedules.release, 1, "the time of a scheduled text has come"),
    Chore(waiting.alarm, 10, "somebody has waited for too long"),
    Chore(later.give_way, 1, "what was not to be said once the contact has texted"),
    Chore(dealing.deal, 2, "work goes round among those who are here"),
    Chore(dealing.take_back, 30, "what lies unanswered goes back to everybody"),
    Chore(snoozing.wake, 5, "a snoozed conversation comes back"),
    Chore(armed_replies.expire, 60, "after days nobody knows any more what it answers"),
    Chore(receipts.settle_doubts, 2, "a receipt may come before what it is about"),
    Chore(upkeep.give_up_on_receipts, 300, "some carriers never tell"),
    Chore(callback_posts.give_up, 300, "an endpoint that is off must not hear of last week"),
    Chore(callback_posts.prune, 600, "the log of callbacks is for the last month"),
    Chore(upkeep.prune_events, 600, "the log of events is for screens, not for history"),
    Chore(idempotency.forget, 600, "a request is only known again for a day"),
    Chore(notifications.prune, 600, "what somebody was told months ago is no news"),
    Chore(hearings.listen, 60, "a number that falls silent may be cut off"),
    Chore(pushes.prune, 60, "whoever signed out is told nothing"),
    Chore(transfers.forget, 600, "files of contacts are for a day"),
    Chore(uploads.forget, 600, "so are files that nobody sent"),
    Chore(shelved.collect, 60, "a process may die between a file and its row"),
    Chore(quotas.forget, 3600, "limits look back a day at most"),
]


@dataclass(slots=True)
class Errand:
    """What a worker does when the bell rings, and we do when nobody hears it."""

    job: Callable[[int], None]
    oldest_wait: Callable[[], float | None]
    do: Callable[[float], int]
    thread: threading.Thread | None = None


class Sweeper:
    """The loop; `stop` ends it after the current round."""

    def __init__(self, app: Flask) -> None:
        self._app = app
        self._name = f"{socket.gethostname()}:{os.getpid()}:{secrets.token_hex(4)}"
        self._ends = threading.Event()
        self._leads_until = 0.0
        self._caller = Caller(app, self._leads)
        self._pusher = Pusher(app, self._leads)
        self._mailer = Mailer(app, self._leads)
        self._errands = [
            Errand(deliver, outbox.oldest_wait, drain),
            Errand(fetch, attachments.oldest_wait, fetch_ready),
            Errand(carry, transfers_query.oldest_wait, carry_ready),
        ]

    def stop(self, *_: object) -> None:
        """End soon."""
        self._ends.set()

    def run(self) -> None:
        """Go round until stopped; a database that is away is waited for."""
        self._caller.start()
        self._pusher.start()
        self._mailer.start()
        while not self._ends.is_set():
            begun = time.monotonic()
            with self._app.app_context():
                self._round(begun)
            self._ends.wait(max(0.05, TICK - (time.monotonic() - begun)))
        self._caller.stop()
        self._pusher.stop()
        self._mailer.stop()

    def _leads(self) -> bool:
        """Whether this is the leader, as far as the last round knows."""
        return time.monotonic() < self._leads_until

    def _round(self, now: float) -> None:
        try:
            if not upkeep.lead(self._name):
                return
            self._leads_until = now + TERM.total_seconds()
            for chore in CHORES:
                if now >= chore.due:
                    chore.due = now + chore.every
                    chore.do()
            for errand in self._errands:
                self._see_to(errand)
        except SQLAlchemyError:
            log.exception("this round failed; the next one tries again")
            db.session.rollback()

    def _see_to(self, errand: Errand) -> None:
        waited = errand.oldest_wait()
        db.session.rollback()
        if waited is None or waited < _RING_AFTER:
            return
        heard = bell.works and ring(errand.job, 0)
        if not heard or waited > _DELIVER_AFTER:
            self._do_here(errand)

    def _do_here(self, errand: Errand) -> None:
        """Beside the loop, as a carrier may think for long; one of a kind at a time."""
        if errand.thread is None or not errand.thread.is_alive():
            name = errand.do.__name__
            errand.thread = threading.Thread(target=self._do, args=[errand], name=name, daemon=True)
            errand.thread.start()

    def _do(self, errand: Errand) -> None:
        with self._app.app_context():
            try:
                count = errand.do(_INLINE)
                log.info("%s inline", errand.job.__name__, extra={"count": count})
            except SQLAlchemyError:
                log.exception("%s failed; the next round tries again", errand.job.__name__)


def main() -> int:
    """Sweep until SIGTERM."""
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(name)s %(message)s")
    logging.getLogger("httpx").setLevel(logging.WARNING)  # a line for every text says too much
    try:
        sweeper = Sweeper(create_app(settings()))
    except BadSettings as error:
        print(error, file=sys.stderr)
        return 2
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, sweeper.stop)
    sweeper.run()
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
