"""The doorbell: Redis says only "there is more"; whatever it loses costs latency, nothing else.

`ring(deliver, message.id)` asks an RQ worker to look; `tell_screens()` wakes the processes that
hold sockets. Both are best effort, time out fast, and count what failed.
"""

import logging
import threading
import time
from collections.abc import Callable
from typing import Any

import gevent
from gevent import monkey
from redis import Redis
from redis.exceptions import RedisError
from rq import Queue
from rq.serializers import JSONSerializer

from smsinbox.core.failpoints import failpoint

log = logging.getLogger(__name__)

QUEUE = "deliver"
CHANNEL = "smsinbox:events"
_COMPANY = "smsinbox:company"  # who looks at what: said once, never kept
_RUNG = "smsinbox:rung"
_JOB_TIMEOUT = 45  # seconds: a job takes texts for twenty, and the last may take fifteen
_RUNG_FOR = 3  # seconds, should the job be lost
_REST = 2.0  # seconds that a broken bell is left alone: each try may cost half a second


class Doorbell:
    """One per process; without an address it only knows how to be silent."""

    def __init__(self) -> None:
        self.url = ""
        self.listeners: list[Callable[[], None]] = []
        self._redis: Redis | None = None
        self._queue: Queue | None = None
        self._broken_until = 0.0
        self._opening = threading.Lock()
        self._untold = self._telling = False

    def configure(self, url: str) -> None:
        """Where Redis is; empty for none. Nothing is opened before the first ring."""
        self.url, self._redis, self._queue, self._broken_until = url, None, None, 0.0

    def redis(self) -> Redis:
        """The impatient client: a quarter of a second to connect, half for an answer."""
        with self._opening:
            if self._redis is None:
                self._redis = Redis.from_url(
                    self.url, socket_connect_timeout=0.25, socket_timeout=0.5, retry=None
                )
            return self._redis

    def queue(self) -> Queue:
        """The one queue. JSON, so that nobody can make a worker unpickle things."""
        if self._queue is None:
            self._queue = Queue(QUEUE, connection=self.redis(), serializer=JSONSerializer)
        return self._queue

    def ring(self, job: str, args: tuple[int, ...]) -> None:
        """Put a job on the queue, unless one like it waits there already."""
        if self.redis().set(_rung(job), 1, nx=True, ex=_RUNG_FOR):
            self.queue().enqueue_call(
                job,
                args=args,
                timeout=_JOB_TIMEOUT,
                ttl=120,
                result_ttl=0,
                failure_ttl=86_400,
                description="",
            )

    def heard(self, job: Callable[..., object]) -> None:
        """Somebody looks now; what is committed from here on rings anew."""
        self.attempt(lambda: self.redis().delete(_rung(_name(job))))

    def tell(self) -> None:
        """Wake the tails of other processes; in a web process after the answers that wait now."""
        self._untold = True
        if not monkey.is_module_patched("socket"):
            self._publish()
        elif not self._telling:
            self._telling = True
            gevent.spawn(self._publish)

    def _publish(self) -> None:
        # What was committed while one hint was on its way is told by the next, all at once.
        while self._untold:
            self._untold = False
            self.attempt(lambda: self.redis().publish(CHANNEL, b""))
        self._telling = False

    @property
    def works(self) -> bool:
        """Whether the last try went through, as far as we know."""
        return bool(self.url) and time.monotonic() >= self._broken_until

    def attempt(self, what: Callable[[], Any]) -> bool:
        """Do something with Redis; False when it is away. Never raises for Redis's sake."""
        if not self.works:
            return False
        try:
            what()
        except (RedisError, OSError) as error:
            self._broken_until = time.monotonic() + _REST
            log.warning("doorbell is broken: %s", type(error).__name__)
            return False
        return True


bell = Doorbell()


def ring(job: Callable[..., object], *args: int) -> bool:
    """Ask a worker to call `job(*args)`; a job carries ids and may be lost at any instant.

    One ring that nobody has heard yet is enough: whoever hears it takes all that is ready.
    """
    failpoint("reply.before_poke")
    return bell.attempt(lambda: bell.ring(_name(job), args))


def tell_screens() -> None:
    """Wake every process that tails the log: this one directly, the others through Redis."""
    for listener in bell.listeners:
        listener()
    bell.tell()


def whisper(words: bytes) -> None:
    """Say something to the other processes that hold sockets; it may be lost, nobody keeps it and
    nobody believes more of it than that somebody is there."""
    bell.attempt(lambda: bell.redis().publish(_COMPANY, words))


def _name(job: Callable[..., object]) -> str:
    return f"{job.__module__}.{job.__name__}"


def _rung(job: str) -> str:
    return f"{_RUNG}:{job}"


def listen(
    wake: Callable[[], None],
    ends: threading.Event,
    heard: Callable[[bytes], None] | None = None,
) -> None:
    """Call `wake` at every hint of another process, and `heard` with what others whisper, until
    `ends` is set; for a thread of its own.

    A lost hint costs the listener its own interval, nothing else.
    """
    while bell.url and not ends.is_set():
        try:
            redis: Any = Redis.from_url(bell.url, socket_connect_timeout=1)
            channel = redis.pubsub()
            channel.subscribe(CHANNEL, *([_COMPANY] if heard else []))
            wake()
            for said in channel.listen():
                if heard and said["type"] == "message" and said["channel"] == _COMPANY.encode():
                    heard(said["data"])
                else:
                    wake()
        except (RedisError, OSError):
            ends.wait(1)
