"""The sandbox's one SQLite file: accounts, every text, and the webhooks still to be posted.

A file of an older make is emptied: what is in it is make-believe.
"""

import sqlite3
import threading
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from pydantic import TypeAdapter

from smsinbox.core.segments import measure
from smsinbox.dialects.base import Asked, Media, OutboundText, Taken

_SCHEMA = """
CREATE TABLE IF NOT EXISTS accounts (
    key TEXT PRIMARY KEY, document TEXT NOT NULL, place INTEGER);
CREATE TABLE IF NOT EXISTS owners (number TEXT PRIMARY KEY, key TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS texts (
    seq INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, handset TEXT NOT NULL,
    direction TEXT NOT NULL, sender TEXT NOT NULL, recipient TEXT NOT NULL,
    body TEXT NOT NULL, at TEXT NOT NULL, asked TEXT, media TEXT NOT NULL);
CREATE INDEX IF NOT EXISTS texts_of_handset ON texts (handset, seq);
CREATE TABLE IF NOT EXISTS webhooks (
    seq INTEGER PRIMARY KEY, text_id TEXT NOT NULL, kind TEXT NOT NULL, key TEXT NOT NULL,
    at TEXT NOT NULL, due REAL NOT NULL, tries INTEGER NOT NULL DEFAULT 0,
    given_up INTEGER NOT NULL DEFAULT 0);
CREATE INDEX IF NOT EXISTS webhooks_of_text ON webhooks (text_id);
"""
_MAKE = 4
_EMPTY = """
DROP TABLE IF EXISTS accounts; DROP TABLE IF EXISTS owners;
DROP TABLE IF EXISTS texts; DROP TABLE IF EXISTS webhooks;
"""
_ASKED = TypeAdapter(Asked)
_MEDIA = TypeAdapter(tuple[Media, ...])


@dataclass(frozen=True, slots=True)
class Text:
    """One text on a handset; direction "in" is one that the handset got."""

    id: str
    handset: str
    direction: str
    sender: str
    recipient: str
    body: str
    at: datetime
    asked: Asked | None = None  # by a program; none when it was typed on a handset
    media: tuple[Media, ...] = ()  # with a `sha256` once it is on our shelf

    def taken(self) -> Taken:
        """As the carrier knows it, who took it."""
        asked = self.asked or Asked(OutboundText(self.sender, self.recipient, self.body))
        measured = measure(self.body, asked.encoding)
        return Taken(self.id, asked, self.at, measured.encoding, max(measured.parts, 1))


@dataclass(frozen=True, slots=True)
class Webhook:
    """Something an account is still to be told; kind is received, sent, delivered or failed."""

    seq: int
    text: Text
    kind: str
    key: str
    at: datetime
    tries: int


@dataclass(frozen=True, slots=True)
class Plan:
    """A webhook to come, `due` in seconds since 1970."""

    kind: str
    key: str
    due: float


class Store:
    """One connection for all threads: every statement is short, and writes need a lock anyway."""

    def __init__(self, path: Path) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch(mode=0o600)
        self._lock = threading.RLock()
        self._db = sqlite3.connect(path, check_same_thread=False, isolation_level=None)
        self._db.row_factory = sqlite3.Row
        self._db.execute("PRAGMA journal_mode=WAL")
        self._db.execute("PRAGMA synchronous=NORMAL")
        [(make,)] = self._db.execute("PRAGMA user_version").fetchall()
        if make != _MAKE:
            self._db.executescript(f"{_EMPTY} PRAGMA user_version={_MAKE};")
        self._db.executescript(_SCHEMA)

    def close(self) -> None:
        with self._lock:
            self._db.close()

    @contextmanager
    def _writing(self) -> Iterator[sqlite3.Connection]:
        with self._lock:
            self._db.execute("BEGIN IMMEDIATE")
            try:
                yield self._db
            except BaseException:
                self._db.execute("ROLLBACK")
                raise
            self._db.execute("COMMIT")

    def _rows(self, statement: str, *values: object) -> list[sqlite3.Row]:
        with self._lock:
            return self._db.execute(statement, values).fetchall()

    # Accounts

    def account(self, key: str) -> str | None:
        """The document of the account with this key, or of the inbox's first for an empty key."""
        if not key:
            return next(iter(self.inbox_accounts()), None)
        rows = self._rows("SELECT document FROM accounts WHERE key = ?", key)
        return str(rows[0]["document"]) if rows else None

    def inbox_accounts(self) -> list[str]:
        """The documents of our own inbox's accounts, in its order."""
        rows = self._rows("SELECT document FROM accounts WHERE place IS NOT NULL ORDER BY place")
        return [str(row["document"]) for row in rows]

    def save_account(self, key: str, document: str, place: int | None = None) -> None:
        """Keep an account; with a place it is one of our inbox's."""
        with self._writing() as db:
            _put_account(db, key, document, place)

    def save_inbox_accounts(self, rows: Iterable[tuple[str, str]]) -> None:
        """Keep these as our inbox's; for those before nobody listens now."""
        with self._writing() as db:
            db.execute("DELETE FROM accounts WHERE place IS NOT NULL")
            for place, (key, document) in enumerate(rows):
                _put_account(db, key, document, place)

    def owner(self, number: str) -> str:
        """The key of the account that sent from this number last, or "" for the default one."""
        rows = self._rows(
            "SELECT key FROM owners JOIN accounts USING (key) WHERE number = ?", number
        )
        return str(rows[0]["key"]) if rows else ""

    def numbers(self) -> list[str]:
        """The numbers that accounts have sent from, the latest last."""
        return [
            str(row["number"]) for row in self._rows("SELECT number FROM owners ORDER BY rowid")
        ]

    # Texts

    def add(self, text: Text, plans: Iterable[Plan], *, owner: str = "") -> list[int]:
        """Keep a text with the webhooks it causes, whose numbers are returned; all or nothing."""
        with self._writing() as db:
            db.execute(
                "INSERT INTO texts (id, handset, direction, sender, recipient, body, at, asked,"
                " media) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
                (
                    text.id,
                    text.handset,
                    text.direction,
                    text.sender,
                    text.recipient,
                    text.body,
                    text.at.isoformat(),
                    _ASKED.dump_json(text.asked) if text.asked else None,
                    _MEDIA.dump_json(text.media),
                ),
            )
            if owner:
                db.execute(
                    "INSERT INTO owners VALUES (?, ?)"
                    " ON CONFLICT (number) DO UPDATE SET key = excluded.key"
                    " WHERE key != excluded.key",
                    (text.sender, owner),
                )
            return [_insert_webhook(db, text, plan) for plan in plans]

    def texts(self, handset: str, newest: int = -1) -> list[Text]:
        """A handset's texts, oldest first; all of them, or only so many of the newest."""
        rows = self._rows(
            "SELECT * FROM texts WHERE handset = ? ORDER BY seq DESC LIMIT ?", handset, newest
        )
        return [_text(row) for row in reversed(rows)]

    def text(self, text_id: str) -> Text | None:
        rows = self._rows("SELECT * FROM texts WHERE id = ?", text_id)
        return _text(rows[0]) if rows else None

    def set_media(self, text_id: str, media: tuple[Media, ...]) -> None:
        """Note what was fetched since."""
        with self._writing() as db:
            document = _MEDIA.dump_json(media)
            db.execute("UPDATE texts SET media = ? WHERE id = ?", (document, text_id))

    def sends(self) -> list[Text]:
        """Every text that we took from a customer, oldest first."""
        return [
            _text(row)
            for row in self._rows("SELECT * FROM texts WHERE direction = 'in' ORDER BY seq")
        ]

    def recent_handsets(self, limit: int) -> list[str]:
        """The handsets with the latest texts, the latest first."""
        rows = self._rows(
            "SELECT handset FROM (SELECT handset, seq FROM texts ORDER BY seq DESC LIMIT 300)"
            " GROUP BY handset ORDER BY max(seq) DESC LIMIT ?",
            limit,
        )
        return [str(row["handset"]) for row in rows]

    # Webhooks

    def webhook(self, seq: int) -> Webhook | None:
        rows = self._rows(
            "SELECT texts.*, webhooks.seq AS webhook, kind, key, tries, webhooks.at AS event_at"
            " FROM webhooks JOIN texts ON texts.id = text_id WHERE webhooks.seq = ?",
            seq,
        )
        for row in rows:
            at = datetime.fromisoformat(row["event_at"])
            return Webhook(seq, _text(row), row["kind"], row["key"], at, row["tries"])
        return None

    def waiting(self) -> list[tuple[float, int]]:
        """When each webhook is due, for all that still are to be posted."""
        rows = self._rows("SELECT due, seq FROM webhooks WHERE NOT given_up")
        return [(float(row["due"]), int(row["seq"])) for row in rows]

    def undelivered(self, handset: str) -> dict[str, bool]:
        """The handset's own texts that the inbox has not got, and whether we gave up on each."""
        rows = self._rows(
            "SELECT text_id, given_up FROM webhooks JOIN texts ON texts.id = text_id"
            " WHERE kind = 'received' AND handset = ?",
            handset,
        )
        return {str(row["text_id"]): bool(row["given_up"]) for row in rows}

    def backlog(self) -> tuple[int, int]:
        """How many webhooks wait, and how many we gave up."""
        [row] = self._rows("SELECT count(*) AS everything, total(given_up) AS lost FROM webhooks")
        return int(row["everything"]) - int(row["lost"]), int(row["lost"])

    def posted(self, seq: int) -> None:
        with self._writing() as db:
            db.execute("DELETE FROM webhooks WHERE seq = ?", (seq,))

    def postpone(self, seq: int, due: float | None) -> None:
        """Count a failed try; without a time for the next one it was the last."""
        with self._writing() as db:
            db.execute(
                "UPDATE webhooks SET tries = tries + 1, due = coalesce(?, due), given_up = ?"
                " WHERE seq = ?",
                (due, due is None, seq),
            )


def _put_account(db: sqlite3.Connection, key: str, document: str, place: int | None) -> None:
    db.execute(
        "INSERT INTO accounts VALUES (?, ?, ?) ON CONFLICT (key) DO UPDATE SET"
        " document = excluded.document, place = coalesce(excluded.place, place)",
        (key, document, place),
    )


def _insert_webhook(db: sqlite3.Connection, text: Text, plan: Plan) -> int:
    cursor = db.execute(
        "INSERT INTO webhooks (text_id, kind, key, at, due) VALUES (?, ?, ?, ?, ?)",
        (text.id, plan.kind, plan.key, text.at.isoformat(), plan.due),
    )
    return int(cursor.lastrowid or 0)


def _text(row: Any) -> Text:
    return Text(
        id=row["id"],
        handset=row["handset"],
        direction=row["direction"],
        sender=row["sender"],
        recipient=row["recipient"],
        body=row["body"],
        at=datetime.fromisoformat(row["at"]),
        asked=_ASKED.validate_json(row["asked"]) if row["asked"] else None,
        media=_MEDIA.validate_json(row["media"]),
    )
