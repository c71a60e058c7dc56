"""The way from the outbox to a carrier: claim, send, finish.

A claim is a row in the database with a fence and a lease of 60 seconds, so that no crash and no
repeated job can hand a text over twice. Nothing is open while a carrier thinks. Whatever nobody
can tell becomes *uncertain*, and is never sent again on a guess.
"""

import logging
import secrets
import time
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import lru_cache

import httpx
from sqlalchemy import text, update

from smsinbox.core import clock
from smsinbox.core.database import apart, atomic, db, is_sqlite
from smsinbox.core.doorbell import bell
from smsinbox.core.errors import OptedOut
from smsinbox.core.failpoints import failpoint
from smsinbox.dialects import DIALECTS
from smsinbox.dialects.base import OutboundText
from smsinbox.dialects.errors import CarrierError, Rejected, Uncertain
from smsinbox.dialects.http import DEADLINE, carrier_client
from smsinbox.dialects.words import NO_MEDIA
from smsinbox.models.account import Account
from smsinbox.models.attempt import Attempt
from smsinbox.models.message import Author, Message, MessageState
from smsinbox.models.number import Number
from smsinbox.queries import outbox as waiting
from smsinbox.services import (
    automation,
    breaker,
    carriage,
    correlation,
    farewells,
    media_links,
    outcomes,
)
from smsinbox.services.accounts import credentials

log = logging.getLogger(__name__)

LEASE = timedelta(seconds=60)
SENDERS = 4  # texts on their way at once, in one process
PATIENCE = 20.0  # seconds that one job goes on taking texts
_PUT_OFF = timedelta(seconds=15)
_MARGIN = timedelta(seconds=DEADLINE + 5)

_CLAIM = """
UPDATE message SET state = 'sending', fence = :fence, lease_until = :lease, attempts = attempts + 1
WHERE id = (
  SELECT m.id FROM message m
  JOIN number n ON n.id = m.number_id
  WHERE m.state = 'queued' AND m.next_at <= :now AND n.next_send_at <= :now
    AND n.paused_at IS NULL AND NOT EXISTS (SELECT 1 FROM inbox i WHERE i.paused_at IS NOT NULL)
    AND EXISTS (
      SELECT 1 FROM account a
      WHERE a.paused_at IS NULL AND (a.open_until IS NULL OR a.open_until <= :now)
        AND (a.id = n.account_id OR a.id IN (
          SELECT b.account_id FROM backup b WHERE b.number_id = n.id)))
    AND NOT EXISTS (
      SELECT 1 FROM message e WHERE e.conversation_id = m.conversation_id AND e.id < m.id
        AND e.state IN ('queued', 'sending'))
    AND (m.author = 'consent' OR NOT EXISTS (
      SELECT 1 FROM conversation v JOIN opt_out o
        ON o.contact_id = v.contact_id AND (o.number_id = v.number_id OR o.number_id IS NULL)
      WHERE v.id = m.conversation_id))
  ORDER BY m.next_at, m.id LIMIT 1 {lock})
RETURNING id
"""
_CLAIM_SQLITE = text(_CLAIM.format(lock=""))
_CLAIM_POSTGRES = text(_CLAIM.format(lock="FOR NO KEY UPDATE OF m, n SKIP LOCKED"))


@dataclass(frozen=True, slots=True)
class Claim:
    """The right to hand one text over, until the lease ends."""

    message_id: int
    fence: int
    lease_until: datetime
    account: Account
    text: OutboundText


def deliver(message_id: int) -> None:
    """The job behind the doorbell: take whatever is ready, this text or any other."""
    bell.heard(deliver)
    count = drain(PATIENCE)
    log.info("delivered", extra={"message_id": message_id, "count": count})


def drain(patience: float) -> int:
    """Send everything that is ready, several at a time; wait for what will be within a second.
    How many were claimed."""
    ends, count = time.monotonic() + patience, 0
    send_apart = apart(_send_and_log)
    flying: set[Future[None]] = set()
    with ThreadPoolExecutor(SENDERS, thread_name_prefix="send") as pool:
        while time.monotonic() < ends:
            claimed = claim() if len(flying) < SENDERS else None
            if claimed is not None:
                flying.add(pool.submit(send_apart, claimed))
                count += 1
            elif not _wait(flying):
                break
            flying = {one for one in flying if not one.done()}
    return count


def _wait(flying: set[Future[None]]) -> bool:
    """Wait for a place, for a text before another, or for a number's pace; False if for nothing."""
    if len(flying) < SENDERS:
        ready_in = waiting.ready_in()
        db.session.rollback()
        if ready_in is not None and ready_in <= 1.0:
            time.sleep(max(ready_in, 0.005))
            return True
    wait(flying, timeout=1.0, return_when=FIRST_COMPLETED)
    return bool(flying)


def _send_and_log(claimed: "Claim") -> None:
    try:
        send(claimed)
    except Exception:
        # The database is away: the lease will end, and the sweeper speaks for this text.
        log.exception("no outcome kept", extra={"message_id": claimed.message_id})


def claim() -> Claim | None:
    """Take the next text that may leave now, or None."""
    try:
        return _claim()
    except OptedOut:
        return None  # they said STOP at this very moment; the next look passes their text by


@atomic
def _claim() -> Claim | None:
    failpoint("send.before_claim")
    now = clock.now()
    fence, lease = secrets.randbits(62), now + LEASE
    found = _taken(fence, lease, now)
    if found is None:
        return None
    message, number, account = found
    db.session.add(
        Attempt(message_id=message.id, account_id=account.id, fence=fence, started_at=now)
    )
    busy = timedelta(seconds=message.segments / number.pace)
    db.session.execute(update(Number).where(Number.id == number.id).values(next_send_at=now + busy))
    return Claim(
        message_id=message.id,
        fence=fence,
        lease_until=lease,
        account=account,
        text=OutboundText(
            number.phone,
            message.conversation.contact.phone,
            message.body,
            media_links.of(message),
            subject=(message.asked or {}).get("text", {}).get("subject", ""),
            webhook_url=correlation.webhook_url(account, fence),
            reference=f"{message.id}-{clock.micros(message.expires_at or now)}",
            encoding=message.wanted,
        ),
    )


def _taken(fence: int, lease: datetime, now: datetime) -> tuple[Message, Number, Account] | None:
    """A text that is ours now, and its way; those whose way is not free at present are put off."""
    statement = _CLAIM_SQLITE if is_sqlite() else _CLAIM_POSTGRES
    ours = {"fence": fence, "lease": clock.micros(lease), "now": clock.micros(now)}
    while (taken := db.session.scalar(statement, ours)) is not None:
        message = db.session.get_one(Message, taken, populate_existing=True)
        number = db.session.get_one(Number, message.number_id)
        if automation.is_stopped(message):
            automation.stop(message)
            continue
        if message.author != Author.CONSENT and farewells.recall(message.conversation.contact):
            farewells.keep_back(message)
            continue
        if (account := _route(message, number)) is not None:
            return message, number, account
        _put_off(message, now)
    return None


def _route(message: Message, number: Number) -> Account | None:
    """The account that this try goes through; None when those that could carry the text as it
    is take nothing at present."""
    found = carriage.next_for(message, number, message.route) or carriage.next_for(
        message, number, 0
    )
    if found is None and carriage.must_wait(message, number):
        return None
    message.route, account = found or (0, number.account)
    message.account_id = account.id
    breaker.begin(account)
    return account


def _put_off(message: Message, now: datetime) -> None:
    """As if nobody had claimed it, but not to be claimed again at once."""
    message.state = MessageState.QUEUED.value
    message.fence = message.lease_until = None
    message.attempts -= 1
    message.next_at = now + _PUT_OFF
    db.session.flush()


def send(claimed: Claim) -> None:
    """Hand the text over and write down what became of it."""
    failpoint("send.after_claim")
    if claimed.lease_until - clock.now() < _MARGIN:
        # We slept: somebody else may have spoken for this text. It is not ours to send any more.
        outcomes.give_back(claimed.message_id, claimed.fence)
        return
    try:
        spoken = DIALECTS[claimed.account.dialect]
        if claimed.text.media_urls and not spoken.has_media:
            raise Rejected(f"{spoken.label} takes no files.", code=NO_MEDIA)
        accepted = spoken.client.send(claimed.text, credentials(claimed.account), _http())
    except CarrierError as error:
        outcomes.refuse(claimed.message_id, claimed.fence, error)
    except Exception:
        # Ours or the library's mistake: bytes may have left, so nobody can tell.
        log.exception("sending failed", extra={"message_id": claimed.message_id})
        outcomes.refuse(claimed.message_id, claimed.fence, Uncertain(code="bug"))
    else:
        failpoint("send.after_response")
        outcomes.accept(claimed.message_id, claimed.fence, accepted)


@lru_cache(maxsize=1)
def _http() -> httpx.Client:
    return carrier_client()
