"""The first start: keys, schema, an admin, and the make-believe carrier's account and number."""

import json
import os
import secrets
import sys
from dataclasses import dataclass
from pathlib import Path

from flask import Flask

from smsinbox.application import create_app
from smsinbox.core.config import BadSettings, Settings, settings
from smsinbox.core.database import db
from smsinbox.migrations.schema import alone, migrate
from smsinbox.models.account import Account
from smsinbox.models.user import Role, User
from smsinbox.queries import accounts as account_queries
from smsinbox.queries import users as user_queries
from smsinbox.services import accounts, numbers, users
from smsinbox.services.accounts import credentials

SANDBOX_NUMBER = "+14155550142"
SANDBOX_PACE = 50.0  # the make-believe carrier is quick


@dataclass(frozen=True, slots=True)
class FirstRun:
    """Who the first admin is; the password only when it was made just now."""

    email: str | None
    password: str | None

    def lines(self) -> list[str]:
        """What to tell whoever started us, once."""
        if not self.email:
            return []
        return [
            "First start. Sign in with",
            f"    E-mail    {self.email}",
            f"    Password  {self.password or 'the one in ADMIN_PASSWORD'}",
            *(["This password is shown once."] if self.password else []),
        ]


def prepare(chosen: Settings) -> FirstRun:
    """`prepare_app` for whoever starts all processes and so knows all their addresses."""
    app = create_app(chosen)
    first = prepare_app(app, chosen, knows_addresses=True)
    with app.app_context():
        db.engine.dispose()
    return first


def prepare_app(app: Flask, chosen: Settings, *, knows_addresses: bool = False) -> FirstRun:
    """Make what is missing; on a later start that is nothing but new migrations."""
    with app.app_context(), alone(chosen.instance):
        migrate()
        first = FirstRun(*_admin(chosen))
        if chosen.sandbox and (knows_addresses or not _sandbox_file(chosen).exists()):
            _sandbox(chosen)  # one more web process on another port must not turn it away from us
        db.session.remove()
    return first


def in_words(problem: Exception) -> str:
    """Why a database cannot be prepared, in one line."""
    cause = getattr(problem, "orig", None) or problem
    return " ".join(str(cause).split())


def _admin(chosen: Settings) -> tuple[str | None, str | None]:
    if user_queries.all_users():
        return None, None
    given = chosen.admin_password
    password = given.get_secret_value() if given else secrets.token_urlsafe(12)
    admin: User = users.create(chosen.admin_email, "Admin", password, Role.ADMIN.value, [])
    return admin.email, None if given else password


def _sandbox(chosen: Settings) -> None:
    """An account for the sandbox, and the file by which the sandbox knows it."""
    path = _sandbox_file(chosen)
    base_url = f"http://127.0.0.1:{chosen.sandbox_port}"
    account = _sandbox_account(path)
    if account is None:
        key, secret = f"tk_test_{secrets.token_urlsafe(24)}", f"whsec_{secrets.token_urlsafe(24)}"
        account = accounts.create("trunx", "Sandbox", base_url, key, secret)
        numbers.create(account.id, SANDBOX_NUMBER, "Support", SANDBOX_PACE)
    opened = credentials(account)
    if account.base_url != base_url:
        accounts.edit(account.id, account.name, base_url, opened.key, "", None, None)
    root = f"http://127.0.0.1:{chosen.port}"
    _write(path, opened.key, opened.secret, root + account.webhook_path)


def _sandbox_file(chosen: Settings) -> Path:
    return chosen.instance / "sandbox.json"


def _sandbox_account(path: Path) -> Account | None:
    """The account we made before: the one whose webhook address the file names, or, on another
    machine or in a new folder, the one that sends to this machine's own sandbox."""
    known = [one for one in account_queries.all_accounts() if one.dialect == "trunx"]
    told = json.loads(path.read_text()).get("webhook_url", "") if path.exists() else ""
    named = [one for one in known if told.endswith(one.webhook_path)]
    local = [one for one in known if one.base_url.startswith("http://127.0.0.1:")]
    return next(iter(named + local), None)


def _write(path: Path, key: str, secret: str, webhook_url: str) -> None:
    content = {"key": key, "secret": secret, "webhook_url": webhook_url, "number": SANDBOX_NUMBER}
    fresh = path.with_suffix(".new")
    handle = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(handle, "w") as file:
        json.dump({**content, "settings": {}}, file)
    fresh.replace(path)


def main() -> int:
    """Prepare for an init system, which then starts the processes itself."""
    try:
        print(*prepare(settings()).lines(), sep="\n")
    except BadSettings as error:
        print(error, file=sys.stderr)
        return 2
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
