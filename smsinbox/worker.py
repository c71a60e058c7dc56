"""The RQ worker: hears the doorbell and hands texts to carriers. `python -m smsinbox.worker`.

Whatever RQ loses or runs twice does no harm: what may be sent, and by whom, is decided in the
database. Only the functions named here can be called, whoever writes into our Redis.
"""

import logging
import signal
import sys
import time
from collections.abc import Callable
from typing import Any

from redis import Redis
from redis.exceptions import RedisError
from rq import Queue, Worker
from rq.executions import Execution
from rq.job import Job
from rq.serializers import JSONSerializer

from smsinbox.application import create_app
from smsinbox.core.config import BadSettings, settings
from smsinbox.core.database import db
from smsinbox.core.doorbell import QUEUE
from smsinbox.core.failpoints import failpoint
from smsinbox.services.delivery import deliver
from smsinbox.services.fetching import fetch
from smsinbox.services.transfer_jobs import carry

log = logging.getLogger(__name__)

ALLOWED: dict[str, Callable[[int], None]] = {
    f"{job.__module__}.{job.__name__}": job for job in (deliver, fetch, carry)
}
_AGAIN = 1.0  # seconds before a worker that lost its Redis tries anew


class NotAllowed(Exception):
    """Somebody put a job on our queue that is none of ours."""


class KnownJob(Job):
    """A job that can only be one of ours."""

    @property
    def func(self) -> Callable[..., Any]:
        known = ALLOWED.get(self.func_name or "")
        if known is None:
            raise NotAllowed(self.func_name)
        return known


class AppWorker(Worker):
    """Runs each job in an app context of its own, in a child process that RQ forks."""

    job_class = KnownJob

    def execute_job(self, job: Job, queue: Queue) -> None:
        failpoint("worker.after_pop")
        super().execute_job(job, queue)

    def perform_job(self, job: Job, queue: Queue, execution: Execution) -> bool:
        try:
            return super().perform_job(job, queue, execution)
        finally:
            db.session.remove()

    @property
    def was_told_to_stop(self) -> bool:
        """Whether a signal ended it; else it broke on something, and says nothing of it."""
        return self._stop_requested or self._shutdown_requested_date is not None


def main() -> int:
    """Work until SIGTERM; a Redis that went away is waited for."""
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(name)s %(message)s")
    logging.getLogger("httpx").setLevel(logging.WARNING)  # a line for every text says too much
    try:
        chosen = settings()
    except BadSettings as error:
        print(error, file=sys.stderr)
        return 2
    if not chosen.redis_url:
        return _wait_for_nothing()
    with create_app(chosen).app_context():
        while True:
            try:
                worker = _worker(chosen.redis_url)
                worker.work(logging_level="WARNING")
                if worker.was_told_to_stop:
                    return 0
                log.warning("RQ gave up; starting again")
            except (RedisError, OSError) as error:
                log.warning("lost Redis: %s", type(error).__name__)
            time.sleep(_AGAIN)


def _worker(redis_url: str) -> AppWorker:
    connection = Redis.from_url(redis_url, socket_connect_timeout=1)
    connection.ping()
    return AppWorker(
        [Queue(QUEUE, connection=connection, serializer=JSONSerializer, job_class=KnownJob)],
        connection=connection,
        serializer=JSONSerializer,
        worker_ttl=60,
        maintenance_interval=30,
        log_job_description=False,
        default_result_ttl=0,
    )


def _wait_for_nothing() -> int:
    """Without a Redis there is no doorbell: the sweeper delivers, and we have nothing to do."""
    log.warning("REDIS_URL is empty: the sweeper delivers instead of this worker")
    signal.sigwait({signal.SIGTERM, signal.SIGINT})
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
