"""An account and a number for each make-believe carrier, and the file by which it knows them.

`sandbox.json` holds what the carriers' side needs: per account its key, what signs its webhooks
(for some carriers that is not what we keep, which only proves them), and where they go.
"""

import json
import os
import secrets
from pathlib import Path
from typing import Any

from smsinbox.core.config import Settings
from smsinbox.dialects import DIALECTS
from smsinbox.dialects.sides import Dialect
from smsinbox.models.account import Account
from smsinbox.queries import accounts as account_queries
from smsinbox.queries import numbers as number_queries
from smsinbox.services import accounts, numbers
from smsinbox.services.accounts import credentials

NUMBERS = {
    "trunx": ("+14155550142", "Support"),
    "telnyx": ("+14155550152", "Support by Telnyx"),
    "telnyx_v1": ("+14155550162", "Support by Telnyx v1"),
    "pingram": ("+14155550172", "Support by Pingram"),
}
PACE = 50.0  # make-believe carriers are quick
_KEYS = {"trunx": "tk_test_", "telnyx": "KEY", "telnyx_v1": "", "pingram": "pingram_sk_"}


def path(chosen: Settings) -> Path:
    """Where the sandbox looks for its accounts."""
    return chosen.instance / "sandbox.json"


def prepare(chosen: Settings) -> None:
    """Make the accounts that are missing, and tell the sandbox about all of them."""
    told = _told(path(chosen))
    known = [
        _account(DIALECTS[name], told, chosen)
        for name in NUMBERS
        if name in chosen.sandbox_dialects
    ]
    _write(path(chosen), known)


def _account(spoken: Dialect, told: list[dict[str, Any]], chosen: Settings) -> dict[str, Any]:
    """One account as the sandbox must know it."""
    base_url = f"http://127.0.0.1:{chosen.sandbox_port}"
    account, before = _known(spoken, told)
    fresh = spoken.server.new_secrets()
    signs = str(before.get("secret", ""))
    if account is None or not signs:
        signs = fresh.signs
        account = _renewed(spoken, account, base_url, fresh.proves)
    opened = credentials(account)
    if fresh.signs == fresh.proves:
        signs = opened.secret  # one secret on both sides; an admin may have renewed it
    if account.base_url != base_url:
        accounts.edit(account.id, account.name, base_url, opened.key, opened.secret, None, None)
    return {
        "dialect": spoken.name,
        "key": opened.key or opened.secret,
        "secret": signs,
        "webhook_url": f"http://127.0.0.1:{chosen.port}{account.webhook_path}",
        "number": NUMBERS[spoken.name][0],
        "settings": {},
    }


def _renewed(spoken: Dialect, account: Account | None, base_url: str, proves: str) -> Account:
    """The account with this new secret; a new one with its number where there was none."""
    if account is not None:
        key = credentials(account).key
        return accounts.edit(account.id, account.name, base_url, key, proves, None, None)
    key = _KEYS[spoken.name] + secrets.token_urlsafe(24) if spoken.field("key") else ""
    name = "Sandbox" if spoken.name == "trunx" else f"Sandbox, {spoken.label}"
    account = accounts.create(spoken.name, name, base_url, key, proves)
    phone, title = NUMBERS[spoken.name]
    if number_queries.by_phone(phone) is None:
        numbers.create(account.id, phone, title, PACE)
    return account


def _known(spoken: Dialect, told: list[dict[str, Any]]) -> tuple[Account | None, dict[str, Any]]:
    """The account we made before, and what the file says of it: the one whose webhook address the
    file names, or, on another machine or in a new folder, the one that sends to this machine."""
    ours = [one for one in account_queries.all_accounts() if one.dialect == spoken.name]
    for before in told:
        for one in ours:
            if str(before.get("webhook_url", "")).endswith(one.webhook_path):
                return one, before
    local = [one for one in ours if one.base_url.startswith("http://127.0.0.1:")]
    return next(iter(local), None), {}


def _told(file: Path) -> list[dict[str, Any]]:
    if not file.exists():
        return []
    content = json.loads(file.read_text())
    return content if isinstance(content, list) else [content]


def _write(file: Path, known: list[dict[str, Any]]) -> None:
    fresh = file.with_suffix(".new")
    handle = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(handle, "w") as opened:
        json.dump(known, opened, indent=1)
    fresh.replace(file)
