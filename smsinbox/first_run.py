"""The first start: keys, schema, an admin, and the make-believe carrier's account and number."""

import secrets
import sys
from dataclasses import dataclass

from flask import Flask

from smsinbox import sandbox_accounts
from smsinbox.application import create_app
from smsinbox.core.config import BadSettings, Settings, settings
from smsinbox.core.database import db
from smsinbox.migrations.schema import alone, migrate
from smsinbox.models.user import Role, User
from smsinbox.queries import users as user_queries
from smsinbox.services import push_keys, users


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
        push_keys.ensure()
        if chosen.sandbox and (knows_addresses or not sandbox_accounts.path(chosen).exists()):
            # One more web process on another port must not turn the sandbox away from us.
            sandbox_accounts.prepare(chosen)
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
