"""Posting webhooks in the background until they are answered 2xx, also over a restart of ours."""

import heapq
import logging
import threading
import uuid
from collections.abc import Iterable
from dataclasses import replace
from datetime import timedelta

from smsinbox.core import clock
from smsinbox.dialects.base import Announcement, ConsentChange, InboundText, Posting, Progress, Rank
from smsinbox.sandbox.accounts import AccountBook
from smsinbox.sandbox.faults import Knobs
from smsinbox.sandbox.poster import PATIENCE, Poster
from smsinbox.sandbox.store import Store, Webhook

log = logging.getLogger("sandbox")

THREADS = 8
TRIES = 20
LONGEST_PAUSE = 30.0


class Courier:
    """Threads that share one heap of due times; the file remembers what the heap holds."""

    def __init__(self, store: Store, accounts: AccountBook, knobs: Knobs) -> None:
        self._store, self._knobs = store, knobs
        self._accounts = accounts
        self._due: list[tuple[float, int]] = []
        self._changed = threading.Condition()
        self._poster = Poster()
        self._threads: list[threading.Thread] = []
        self._stopped = False

    def start(self) -> None:
        """Begin with whatever was left over the last time."""
        self._push(self._store.waiting())
        for number in range(THREADS):
            thread = threading.Thread(target=self._run, name=f"courier-{number}", daemon=True)
            thread.start()
            self._threads.append(thread)

    def stop(self) -> None:
        """Finish what is being posted, and no more; the rest waits in the file."""
        with self._changed:
            self._stopped = True
            self._changed.notify_all()
        for thread in self._threads:
            thread.join(PATIENCE)
        self._poster.close()

    def bring(self, webhooks: Iterable[tuple[float, int]]) -> None:
        """Post these when they are due: (seconds since 1970, number in the store)."""
        self._push(webhooks)

    def post_now(self, seq: int) -> None:
        """One try at once in the caller's thread; if it fails, the others go on."""
        webhook = self._store.webhook(seq)
        if webhook is None:
            return
        if self._post(webhook):
            self._store.posted(seq)
            return
        pause = _pause(webhook.tries)
        due = None if pause is None else clock.now().timestamp() + pause
        self._store.postpone(seq, due)
        if due is not None:
            self._push([(due, seq)])

    def _push(self, webhooks: Iterable[tuple[float, int]]) -> None:
        with self._changed:
            for each in webhooks:
                heapq.heappush(self._due, each)
            self._changed.notify_all()

    def _run(self) -> None:
        while (seq := self._next()) is not None:
            try:
                self.post_now(seq)
            except Exception:
                # A courier that dies would silently stop receipts; the webhook stays in the file.
                log.exception("webhook %d", seq)

    def _next(self) -> int | None:
        """Wait for the next one that is due; None when it is time to stop."""
        with self._changed:
            while not self._stopped:
                wait = None
                if self._due:
                    wait = self._due[0][0] - clock.now().timestamp()
                    if wait <= 0:
                        return heapq.heappop(self._due)[1]
                self._changed.wait(wait)
        return None

    def _post(self, webhook: Webhook) -> bool:
        """Whether the customer took it, or this carrier has nothing to say about it."""
        account = self._accounts.of(webhook.key)
        if account is None:
            return False
        url = account.webhook_url
        if webhook.kind != "received" and webhook.text.asked:
            url = next(iter(webhook.text.asked.webhook_urls), url)
        event_id = str(uuid.uuid5(uuid.NAMESPACE_OID, f"{webhook.text.id}:{webhook.kind}"))
        faults = self._knobs.show().receipts
        posting = Posting(
            event_id, url, clock.now() + timedelta(seconds=faults.skew), webhook.tries + 1
        )
        credentials = account.credentials()
        if faults.forged:
            credentials = replace(credentials, secret=account.server.new_secrets().signs)
        for event in _events(webhook):
            signed = account.server.announce(event, credentials, posting)
            if signed is not None:
                return self._poster.post(url, signed)
        return True


def _pause(tries: int) -> float | None:
    """Seconds until the next try after so many: 1, 2, 4, 8, 16, then 30; None after the last."""
    if tries + 1 >= TRIES:
        return None
    return min(2.0 ** min(tries, 10), LONGEST_PAUSE)


def _events(webhook: Webhook) -> list[Announcement]:
    """What to announce: the first of these that the carrier has words for."""
    text = webhook.text
    received = InboundText(text.id, text.sender, text.recipient, text.body, webhook.at, text.media)
    match webhook.kind:
        case "received":
            return [received]
        case "stop" | "start":
            change = ConsentChange(text.sender, text.recipient, webhook.kind == "stop", webhook.at)
            return [change, replace(received, answered=webhook.kind.upper())]
        case _:
            return [_progress(webhook)]


def _progress(webhook: Webhook) -> Progress:
    text = webhook.text
    failed = webhook.kind == "failed"
    return Progress(
        taken=text.taken(),
        rank=_RANKS[webhook.kind],
        occurred_at=webhook.at,
        code="undeliverable" if failed else "",
        detail="The handset could not be reached." if failed else "",
    )


_RANKS = {"sent": Rank.SENT, "delivered": Rank.DELIVERED, "failed": Rank.UNDELIVERED}
