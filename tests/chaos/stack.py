"""The whole inbox as real processes in a temporary folder, and the sandbox that knows the truth.

All failpoints are set in all processes that a row kills, each behind a file that is not there:
`arm` makes the file, the first process that comes by removes it and dies.
"""

import json
import secrets
import sqlite3
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from typing import Any

import httpx
import psutil
from redis import Redis
from redis.exceptions import RedisError
from sqlalchemy import select

from smsinbox import valkey
from smsinbox.core import clock
from smsinbox.core.doorbell import QUEUE
from smsinbox.dialects.base import (
    Announcement,
    Credentials,
    InboundText,
    Posting,
)
from smsinbox.dialects.trunx import server
from smsinbox.models import Account, Message, MessageState, Number
from smsinbox.sandbox.faults import Faults
from smsinbox.sandbox_accounts import NUMBERS
from tests.chaos.door import csrf_of, sign_in
from tests.chaos.processes import Processes, environment, until
from tests.chaos.records import Records
from tests.chaos.told import text_from
from tests.sandbox.inbox import free_port

BASE = ("valkey", "sandbox", "web")  # what the others need
ALL = (*BASE, "worker", "sweeper")
COMMANDS = {
    "valkey": ["-m", "smsinbox.valkey_server"],
    "sandbox": ["-m", "smsinbox.sandbox"],
    "web": ["-m", "gunicorn", "--config", "smsinbox/gunicorn_conf.py", "app:app"],
    "worker": ["-m", "smsinbox.worker"],
    "sweeper": ["-m", "smsinbox.sweeper"],
}
# Never in the sweeper: it delivers, too, and would take what is meant for a worker.
POINTS = {
    "web": (
        "intake.before_commit",
        "intake.after_commit",
        "reply.before_commit",
        "reply.after_commit",
        "reply.before_poke",
    ),
    "worker": (
        "worker.after_pop",
        "send.before_claim",
        "send.after_claim",
        "send.after_response",
    ),
}
EMAIL, PASSWORD = "admin@example.com", "correct horse battery staple"
_phones = count(1)


def a_phone() -> str:
    """Somebody nobody has seen before."""
    return f"+1312555{next(_phones):04}"


@dataclass
class Told:
    """What carriers tried to tell the inbox, and what of it was answered 2xx."""

    tried: set[str]
    kept: set[str]


class Stack(Records):
    """One inbox. `processes` starts and kills; the rest of it talks and looks."""

    def __init__(self, folder: Path, database_url: str = "") -> None:
        self.instance = folder / "instance"
        self._armed = folder / "armed"
        self._armed.mkdir()
        self.port, self.sandbox_port = free_port(), free_port()
        self.processes = Processes(folder)
        self.database_url = database_url
        super().__init__(database_url or f"sqlite:///{self.instance}/smsinbox.sqlite3")
        self.web = httpx.Client(base_url=self.url, trust_env=False, timeout=20)
        self.sandbox = httpx.Client(
            base_url=f"http://127.0.0.1:{self.sandbox_port}", trust_env=False, timeout=20
        )
        self.carrier = httpx.Client(trust_env=False, timeout=20)
        self.told = Told(set(), set())
        self._csrf = ""

    # Processes

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def redis_url(self) -> str:
        return valkey.url(self.instance)

    def start(self, *names: str, **env: object) -> None:
        """Start these and wait for those that can say that they are ready."""
        for name in names:
            self.processes.start(name, COMMANDS[name.partition(".")[0]], self._env(name, env))
        if "valkey" in names:
            self._wait_for("valkey", self.redis_answers)
        if "sandbox" in names:
            self._wait_for("sandbox", lambda: _answers(self.sandbox, "/faults"))
        if "web" in names:
            self._wait_for("web", lambda: _answers(self.web, "/readyz"))
        if "web" in names and not self._csrf:
            self._sign_in()

    def run(self, module: str, *arguments: str) -> psutil.Process:
        """A module of tests as one more process of this inbox."""
        return self.processes.start(module, ["-m", module, *arguments], self._env("", {}))

    def start_all(self) -> None:
        self.start(*BASE)
        self.start(*(name for name in ALL if name not in BASE))

    def heal(self) -> None:
        """Everything runs, nothing is armed, the carrier is well, nothing is on its way."""
        for left in self._armed.iterdir():
            left.unlink()
        self.processes.thaw_all()
        for extra in [name for name in self.processes.names if name not in ALL]:
            self.processes.kill(extra)
        self.start(*(name for name in ALL if not self.processes.is_alive(name)))
        self.misbehave(**Faults().model_dump())
        until(self.is_quiet)
        with Redis.from_url(self.redis_url) as redis:
            redis.delete(f"rq:queue:{QUEUE}")

    def end(self) -> None:
        self.processes.end()
        for client in (self.web, self.sandbox, self.carrier):
            client.close()

    def arm(self, point: str) -> None:
        """The next process that comes to this failpoint is killed there."""
        (self._armed / point).touch()

    def has_fired(self, point: str) -> bool:
        return not (self._armed / point).exists()

    def redis_answers(self) -> bool:
        try:
            with Redis.from_url(self.redis_url, retry=None, socket_timeout=1) as redis:
                return bool(redis.ping())
        except (RedisError, OSError):
            return False

    def jobs(self) -> int:
        """How often the bell has rung that nobody has heard yet."""
        with Redis.from_url(self.redis_url) as redis:
            return int(redis.llen(f"rq:queue:{QUEUE}"))

    def _wait_for(self, name: str, is_ready: Callable[[], bool]) -> None:
        until(lambda: is_ready() or not self.processes.is_alive(name))
        assert self.processes.is_alive(name), self.processes.log_of(name)

    def _env(self, name: str, more: dict[str, object]) -> dict[str, str]:
        points = ",".join(f"{p}=kill@{self._armed / p}" for p in POINTS.get(name, ()))
        ours = {
            "INSTANCE_PATH": self.instance,
            "DATABASE_URL": self.database_url,
            "REDIS_URL": self.redis_url,
            "PORT": self.port,
            "SANDBOX_PORT": self.sandbox_port,
            "WEB_CONCURRENCY": 1,
            "ADMIN_EMAIL": EMAIL,
            "ADMIN_PASSWORD": PASSWORD,
            "FAILPOINTS": points,
            "CALLBACKS_TO_PRIVATE": 1,
        }
        return environment(**{**ours, **more})

    # People

    def _sign_in(self) -> None:
        answer = sign_in(self.web, EMAIL, PASSWORD)
        assert answer.status_code == 303, (answer, answer.text[-500:], self.processes.log_of("web"))
        self._csrf = csrf_of(self.web.get("/conversations"))

    def reply(self, conversation_id: int, body: str, token: str = "") -> httpx.Response:
        """What the composer posts; raises httpx.HTTPError when the page's process dies."""
        form = {"body": body, "client_token": token or secrets.token_hex(16)}
        headers = {"X-CSRFToken": self._csrf, "HX-Request": "true"}
        return self.web.post(f"/conversations/{conversation_id}/reply", data=form, headers=headers)

    def resend(self, body: str) -> httpx.Response:
        """What the button on an uncertain text posts."""
        headers = {"X-CSRFToken": self._csrf, "HX-Request": "true"}
        return self.web.post(f"/messages/{self.message(body).id}/resend", headers=headers)

    def a_conversation(self, phone: str | None = None) -> int:
        """A contact who wrote something, so that one may answer."""
        phone = phone or a_phone()
        assert self.post(text_from(phone, f"Hello, I am {phone}")) == 200
        return self.message(f"Hello, I am {phone}").conversation_id

    def back_up(self, number: Number, *accounts: Account) -> None:
        """What an admin saves on the number's form."""
        backup = [one.id for one in accounts]
        self.fill_in(f"/numbers/{number.id}", name=number.name, pace=number.pace, backup=backup)

    def close_breaker(self, account_id: int) -> None:
        """What an admin presses to have a carrier tried at once."""
        self.fill_in(f"/accounts/{account_id}/resume")

    def fill_in(self, path: str, **form: Any) -> str:
        """Post a form of the settings; the page that comes after it."""
        headers = {"X-CSRFToken": self._csrf}
        answer = self.web.post(path, data=form, headers=headers)
        assert answer.status_code in (200, 303), answer.text
        return answer.text

    # The carrier

    def misbehave(self, **knobs: Any) -> None:
        """Turn the sandbox's knobs (smsinbox/sandbox/faults.py)."""
        self.sandbox.put("/faults", json=knobs).raise_for_status()

    def type_text(self, phone: str, body: str, dialect: str = "trunx") -> str:
        """Somebody sends a text from a handset; the sandbox brings it, again and again if need be.

        Gives the carrier's id. It must arrive: `check` will look for it.
        """
        typed = self.sandbox.post(
            f"/handsets/{phone}/texts", json={"to": NUMBERS[dialect][0], "body": body}
        )
        carrier_id = str(typed.raise_for_status().json()["id"])
        self.told.tried.add(carrier_id)
        self.told.kept.add(carrier_id)
        return carrier_id

    def post(self, event: Announcement, url: str = "", secret: str = "") -> int:
        """Post a signed webhook ourselves; the status of the answer."""
        account = json.loads((self.instance / "sandbox.json").read_text())[0]
        credentials = Credentials("", account["key"], secret or account["secret"], {})
        posting = Posting(secrets.token_hex(8), account["webhook_url"], clock.now())
        signed = server.announce(event, credentials, posting)
        assert signed is not None
        path = httpx.URL(account["webhook_url"]).path
        if isinstance(event, InboundText):
            self.told.tried.add(event.carrier_id)
        answer = self.carrier.post(
            (url or self.url) + path, content=signed.body, headers=dict(signed.headers)
        )
        if isinstance(event, InboundText) and answer.is_success:
            self.told.kept.add(event.carrier_id)
        return answer.status_code

    def post_at_once(self, event: Announcement, *urls: str) -> list[int]:
        """The same webhook to all these addresses at the same moment."""
        with ThreadPoolExecutor(len(urls)) as pool:
            return list(pool.map(lambda url: self.post(event, url), urls))

    def sent(self, body: str = "") -> list[dict[str, Any]]:
        """The ground truth: what the carrier took from us, oldest first."""
        log: list[dict[str, Any]] = self.sandbox.get("/log").json()
        return [entry for entry in log if not body or entry["body"] == body]

    def is_quiet(self) -> bool:
        """Nothing waits in the outbox, and the carrier has told all it had to tell."""
        moving = (MessageState.QUEUED.value, MessageState.SENDING.value)
        if self.rows(select(Message).where(Message.state.in_(moving)).limit(1)):
            return False
        with sqlite3.connect(self.instance / "sandbox.sqlite3") as sandbox:
            [left] = sandbox.execute("SELECT count(*) FROM webhooks WHERE NOT given_up").fetchone()
        sandbox.close()
        return not left


def _answers(client: httpx.Client, path: str) -> bool:
    try:
        return client.get(path, timeout=2).status_code == 200
    except httpx.HTTPError:
        return False
