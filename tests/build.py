"""Builders with good defaults: a test names only what matters to it."""

import hashlib
import hmac
import itertools
import json
import secrets
from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from smsinbox.core import clock
from smsinbox.core.database import atomic, db
from smsinbox.core.segments import measure
from smsinbox.models import (
    Account,
    ApiKey,
    Author,
    Callback,
    Contact,
    Conversation,
    Direction,
    Grant,
    Message,
    MessageState,
    Number,
    OptOut,
    Rule,
    SignIn,
    User,
)
from smsinbox.services import accounts, api_keys, callback_endpoints
from smsinbox.web.access import TOKEN

OURS = "+14155550142"
THEIRS = "+13125550199"
SECRET = "whsec_for_tests"
KEY = "tk_test_for_tests"

_count = itertools.count(1)


@atomic
def an_account(base_url: str = "http://127.0.0.1:9", **fields: Any) -> Account:
    """An account whose webhooks are signed with SECRET."""
    return accounts.create(
        fields.pop("dialect", "trunx"), fields.pop("name", "Trunx"), base_url, KEY, SECRET, fields
    )


@atomic
def a_number(
    phone: str = OURS, *, account: Account | None = None, name: str = "Support", pace: float = 1e6
) -> Number:
    """A number of ours; without an account, one is made."""
    number = Number(
        account_id=(account or an_account()).id,
        phone=phone,
        name=name,
        pace=pace,
        next_send_at=clock.EPOCH,
        created_at=clock.now(),
    )
    return _added(number)


@atomic
def a_contact(phone: str | None = None, **fields: Any) -> Contact:
    """A person, by default one nobody has seen before."""
    phone = phone or f"+1312555{1000 + next(_count) % 9000}"  # never THEIRS
    return _added(Contact(phone=phone, created_at=clock.now(), **fields))


@atomic
def a_conversation(
    number: Number | None = None, contact: Contact | None = None, **fields: Any
) -> Conversation:
    """An open conversation without texts."""
    now = clock.now()
    conversation = Conversation(
        number_id=(number or a_number()).id,
        contact_id=(contact or a_contact()).id,
        **{"last_message_at": now, "created_at": now, "status": "open", **fields},
    )
    return _added(conversation)


@atomic
def a_message(conversation: Conversation | None = None, **fields: Any) -> Message:
    """An outbound text in the outbox; give `direction` or `state` for another."""
    conversation = conversation or a_conversation()
    number = db.session.get_one(Number, conversation.number_id)
    body = fields.pop("body", "Hello")
    measured = measure(body)
    now = clock.now()
    defaults = {
        "direction": Direction.OUTBOUND.value,
        "state": MessageState.QUEUED.value,
        "author": Author.USER.value,
        "author_name": "Ben",
        "next_at": now,
        "expires_at": now + timedelta(hours=4),
        "created_at": now,
        "encoding": measured.encoding,
        "segments": max(measured.parts, 1),
    }
    return _added(
        Message(
            conversation_id=conversation.id,
            account_id=number.account_id,
            number_id=number.id,
            body=body,
            **(defaults | fields),
        )
    )


def a_key(name: str = "Shop", scope: str = "all") -> ApiKey:
    """A program's key."""
    return api_keys.create(name, scope)[0]


def a_callback(
    key: ApiKey | None = None,
    dialect: str = "trunx",
    url: str = "https://program.example/hooks",
    events: Sequence[str] = ("*",),
    failover_url: str = "",
) -> Callback:
    """An endpoint of a program's."""
    key = key or a_key()
    return callback_endpoints.create(key.id, dialect, url, events, None, failover_url)[0]


@atomic
def a_rule(
    number: Number, *keywords: str, reply: str = "We are open 9 to 5.", **fields: Any
) -> Rule:
    """A rule that is on."""
    match = {"type": "exact", "terms": list(keywords)}
    said = {"match": match, "human_grace": 0, "cooldown": "none", "reply": reply}
    return _added(
        Rule(
            number_id=number.id,
            name=fields.pop("name", keywords[0]),
            definition=said | fields.pop("definition", {}),
            created_at=clock.now(),
            **fields,
        )
    )


@atomic
def an_opt_out(conversation: Conversation) -> OptOut:
    """The contact said STOP to this number."""
    return _added(
        OptOut(
            contact_id=conversation.contact_id,
            number_id=conversation.number_id,
            source="word",
            at=clock.now(),
        )
    )


@atomic
def added(thing: Any) -> Any:
    """Any row, kept."""
    return _added(thing)


@atomic
def changed(thing: Any, **fields: Any) -> None:
    """Change columns of a row behind everybody's back."""
    row = db.session.get_one(type(thing), thing.id)
    for name, value in fields.items():
        setattr(row, name, value)


@atomic
def a_user(name: str, role: str = "agent", numbers: Sequence[Number] = (), **fields: Any) -> User:
    """Somebody who may sign in, with a password nobody knows: see `signed_in`."""
    user = User(
        email=f"{name.lower()}@example.com",
        name=name,
        password_hash="none",
        role=role,
        created_at=clock.now(),
        grants=[Grant(number_id=number.id) for number in numbers],
        **fields,
    )
    return _added(user)


@atomic
def a_sign_in(user: User) -> str:
    """A fresh sign-in of that user; the token for the cookie."""
    token, now = secrets.token_urlsafe(32), clock.now()
    digest = hashlib.sha256(token.encode()).hexdigest()
    _added(SignIn(user_id=user.id, token_hash=digest, created_at=now, seen_at=now))
    return token


def signed_in(app: Flask, user: User) -> FlaskClient:
    """A browser in which that user is signed in."""
    client = app.test_client()
    token = a_sign_in(user)
    with client.session_transaction() as session:
        session[TOKEN] = token
    return client


def received(body: str = "Hi", **fields: Any) -> dict[str, Any]:
    """The body of Trunx's `sms.received`."""
    data = {
        "id": fields.pop("id", secrets.token_hex(16)),
        "from": fields.pop("sender", THEIRS),
        "to": fields.pop("to", OURS),
        "message": body,
        "direction": "inbound",
        "created_at": clock.now().isoformat(),  # later than a quarter of an hour no rule answers
    }
    return {"event": "sms.received", "data": data | fields}


def post_webhook(client: FlaskClient, account: Account, body: Any, secret: str = SECRET) -> Any:
    """Post a webhook as the carrier would, signed."""
    raw = body if isinstance(body, bytes) else json.dumps(body).encode()
    signature = hmac.new(secret.encode(), raw, hashlib.sha256).hexdigest()
    return client.post(
        account.webhook_path,
        data=raw,
        headers={"X-Trunx-Signature": signature, "Content-Type": "application/json"},
    )


def every(model: type[Any]) -> list[Any]:
    """All rows of a table as they are now, by their key."""
    db.session.rollback()
    key = model.__mapper__.primary_key[0]
    fresh = {"populate_existing": True}  # a session that has just committed forgets nothing
    return list(db.session.scalars(select(model).order_by(key), execution_options=fresh).unique())


def again(thing: Any) -> Any:
    """The same row as it is now."""
    db.session.rollback()
    db.session.refresh(thing)
    return thing


def _added(thing: Any) -> Any:
    db.session.add(thing)
    db.session.flush()
    return thing
