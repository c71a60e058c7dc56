"""Is everything in order? Asked by `inbox check`, answered in words for whoever runs the house."""

import os
from dataclasses import dataclass

from redis import Redis
from redis.exceptions import RedisError
from sqlalchemy import make_url
from sqlalchemy.exc import SQLAlchemyError

from smsinbox import valkey
from smsinbox.core import mail
from smsinbox.core.config import Settings, settings
from smsinbox.core.database import db, readable
from smsinbox.core.mail import MailError
from smsinbox.migrations.schema import is_known, newest, revision


@dataclass(frozen=True, slots=True)
class Check:
    """One part of the house."""

    name: str
    is_fine: bool
    words: str


def all_checks() -> list[Check]:
    """Every check, in the order in which somebody would repair things."""
    chosen = settings()
    return [_settings(chosen), _database(chosen), _migrations(), _redis(chosen), _mail()]


def _settings(chosen: Settings) -> Check:
    if not os.access(chosen.instance, os.R_OK | os.W_OK | os.X_OK):
        return Check("settings", False, f"We may not write into {chosen.instance}.")
    words = f"People reach us at {chosen.address}; our data is in {chosen.instance}."
    return Check("settings", True, words)


def _database(chosen: Settings) -> Check:
    shown = make_url(chosen.database).render_as_string(hide_password=True)
    try:
        readable()
    except SQLAlchemyError as error:
        return Check("database", False, f"{shown} does not answer ({type(error).__name__}).")
    finally:
        db.session.rollback()
    return Check("database", True, f"{shown} answers.")


def _migrations() -> Check:
    wanted = newest()
    try:
        current = revision()
    except SQLAlchemyError:
        return Check("migrations", False, "The database must answer first.")
    if current == wanted:
        return Check("migrations", True, f"The tables are at {current}, the newest there is.")
    if current is not None and not is_known(current):
        words = f"The tables are at {current}, of a newer version of smsinbox. Install that one."
        return Check("migrations", False, words)
    words = (
        f"The tables are at {current or 'nothing'}, the code needs {wanted}. "
        "Starting the inbox brings them up, and so does `flask --app app db upgrade`."
    )
    return Check("migrations", False, words)


def _redis(chosen: Settings) -> Check:
    """Without it nothing is lost, but a Redis that was asked for should be there."""
    if chosen.redis_url:
        return _asked_for(chosen.redis_url)
    if _answers(valkey.url(chosen.instance)):
        return Check("redis", True, "Our own Valkey answers.")
    return Check("redis", True, "None is set, and our own Valkey rests until the inbox runs.")


def _asked_for(url: str) -> Check:
    if _answers(url):
        return Check("redis", True, "REDIS_URL answers.")
    words = "REDIS_URL does not answer. Nothing is lost, but texts leave up to a second later."
    return Check("redis", False, words)


def _mail() -> Check:
    if not mail.is_set_up():
        return Check("mail", True, "No MAIL_URL is set: nobody is written to.")
    try:
        mail.greet()
    except MailError as problem:
        return Check("mail", False, f"MAIL_URL: {problem}")
    return Check("mail", True, "MAIL_URL answers.")


def _answers(url: str) -> bool:
    try:
        with Redis.from_url(url, socket_connect_timeout=1, socket_timeout=1) as redis:
            return bool(redis.ping())
    except (RedisError, OSError, ValueError):
        return False
