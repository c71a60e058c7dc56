"""Every setting of the product, read once from the environment."""

import os
import re
import secrets
from contextlib import suppress
from functools import lru_cache
from pathlib import Path
from tempfile import NamedTemporaryFile
from urllib.parse import urlsplit

from pydantic import Field, SecretStr, ValidationError, ValidationInfo, field_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

_SHORTEST_KEY = 32  # characters


class BadSettings(Exception):
    """The environment does not hold together; the message lists every problem by its name."""


class Settings(BaseSettings):
    """One field a setting; the variable's name is the field's in capitals."""

    model_config = SettingsConfigDict(frozen=True, extra="ignore", env_ignore_empty=True)

    host: str = "127.0.0.1"  # where the web process listens
    port: int = Field(default=8000, ge=1, le=65535)
    sandbox_port: int = Field(default=8001, ge=1, le=65535)
    instance_path: Path = Path("instance")  # database, keys and sockets live here
    database_url: str = ""  # empty: SQLite in the instance folder
    redis_url: str = ""  # empty: our own Valkey under `make run`, else none
    secret_key: SecretStr | None = None  # at least 32 characters; else made in the instance folder
    admin_email: str = "admin@example.com"  # of the first admin, made on the first start
    admin_password: SecretStr | None = None  # else generated and printed once
    public_url: str = ""  # how carriers and people reach us; empty: the address we listen on
    sandbox: bool = Field(default=True, validate_default=True)  # the make-believe carriers
    sandbox_carriers: str = "trunx,telnyx,telnyx_v1,pingram"  # which of them have an account
    mail_url: SecretStr = SecretStr("")  # smtp:// or smtps://, with user and password; empty: none
    mail_from: str = Field(default="", validate_default=True)  # whom our mail comes from
    web_concurrency: int = Field(default=2, ge=1, le=64)  # web processes: one for each of two cores
    workers: int = Field(default=1, ge=1, le=64)  # RQ workers
    callbacks_to_private: bool = False  # may programs' webhooks lead to our own network? sandbox
    files_from_private: bool = False  # may programs have files of our own network sent? sandbox
    pseudo_locale: bool = False  # development: a language that shows what was never marked
    proxies: int = Field(default=0, ge=0, le=8)  # trusted proxies in front of us: X-Forwarded-*

    @field_validator("secret_key")
    @classmethod
    def _long_enough(cls, value: SecretStr | None) -> SecretStr | None:
        if value is not None and len(value.get_secret_value()) < _SHORTEST_KEY:
            raise ValueError(f"must have at least {_SHORTEST_KEY} characters")
        return value

    @field_validator("admin_password")
    @classmethod
    def _strong_enough(cls, value: SecretStr | None) -> SecretStr | None:
        if value is not None and not 8 <= len(value.get_secret_value()) <= 200:
            raise ValueError("must have 8 to 200 characters")
        return value

    @field_validator("admin_email")
    @classmethod
    def _an_address(cls, value: str) -> str:
        if not re.fullmatch(r"[^@\s]+@[^@\s]+", value):
            raise ValueError("must be an e-mail address")
        return value

    @field_validator("database_url")
    @classmethod
    def _known_database(cls, value: str) -> str:
        if value and not value.startswith(("sqlite:///", "postgresql+psycopg://")):
            raise ValueError("must start with sqlite:/// or postgresql+psycopg://")
        _check_port(value)
        return value

    @field_validator("redis_url")
    @classmethod
    def _known_redis(cls, value: str) -> str:
        if value and not value.startswith(("redis://", "rediss://", "unix://")):
            raise ValueError("must start with redis://, rediss:// or unix://")
        _check_port(value)
        return value

    @field_validator("public_url")
    @classmethod
    def _a_web_address(cls, value: str) -> str:
        if value and not re.fullmatch(r"https?://[^\s/?#]+(/[^\s?#]*)?", value):
            raise ValueError("must begin with http:// or https://, as in https://inbox.example.com")
        return value

    @field_validator("mail_url")
    @classmethod
    def _a_mail_server(cls, value: SecretStr) -> SecretStr:
        url = value.get_secret_value()
        if url and not re.fullmatch(r"smtps?://([^@/\s]+@)?[^@/\s]+/?", url):
            raise ValueError("must be like smtp://user:password@mail.example.com:587, or smtps://")
        _check_port(url)
        return value

    @field_validator("mail_from")
    @classmethod
    def _a_sender(cls, value: str, given: ValidationInfo) -> str:
        is_needed = bool(given.data.get("mail_url") and given.data["mail_url"].get_secret_value())
        if (value or is_needed) and not re.fullmatch(r"[\x21-\x3f\x41-\x7e]+@[\w.-]+", value, re.A):
            raise ValueError("must be the e-mail address that mail comes from, beside MAIL_URL")
        return value

    @field_validator("instance_path")
    @classmethod
    def _a_folder_of_ours(cls, value: Path) -> Path:
        try:
            value.mkdir(mode=0o700, parents=True, exist_ok=True)
        except OSError as error:
            raise ValueError(f"cannot be made: {error.strerror}") from None
        if not os.access(value, os.W_OK | os.X_OK):
            raise ValueError("is a folder that we may not write into")
        return value

    @field_validator("sandbox")
    @classmethod
    def _two_ports(cls, value: bool, given: ValidationInfo) -> bool:
        port = given.data.get("port")
        if value and port is not None and port == given.data.get("sandbox_port"):
            raise ValueError("PORT and SANDBOX_PORT must differ")
        return value

    @property
    def instance(self) -> Path:
        """The instance folder, absolute."""
        return self.instance_path.resolve()

    @property
    def database(self) -> str:
        """The database's URL for SQLAlchemy."""
        return self.database_url or f"sqlite:///{self.instance / 'smsinbox.sqlite3'}"

    @property
    def sandbox_dialects(self) -> frozenset[str]:
        """The make-believe carriers that get an account on the first start."""
        return frozenset(name.strip() for name in self.sandbox_carriers.split(","))

    @property
    def address(self) -> str:
        """Our own root as carriers and people see it, without a trailing slash."""
        return (self.public_url or f"http://localhost:{self.port}").rstrip("/")

    def secret(self) -> str:
        """The key that signs cookies and seals secrets; made on first use, mode 0600. Raises
        BadSettings for a file of ours that lost it."""
        if self.secret_key is not None:
            return self.secret_key.get_secret_value()
        path = self.instance / "secret_key"
        if not path.exists():
            _make_key(path)
        key = path.read_text().strip()
        if len(key) < _SHORTEST_KEY:
            raise BadSettings(
                f"Cannot start:\n{path} does not hold a key any more. Restore it from a backup: "
                "what is sealed opens with no other."
            )
        return key


@lru_cache(maxsize=1)
def settings() -> Settings:
    """The settings of this process; raises BadSettings with every problem at once."""
    try:
        return Settings()
    except ValidationError as error:
        lines = [_in_words(problem["loc"], problem["msg"]) for problem in error.errors()]
        raise BadSettings("Cannot start:\n" + "\n".join(lines)) from None


def _make_key(path: Path) -> None:
    """Processes that start together may all make one: the first to put it there made it for all,
    and nobody ever sees half of it."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with NamedTemporaryFile("w", dir=path.parent, prefix="secret_key.") as made:  # mode 0600
        made.write(secrets.token_urlsafe(48))
        made.flush()
        os.fsync(made.fileno())
        try:
            os.link(made.name, path)
        except FileExistsError:
            pass
        except OSError:
            _copy_key(Path(made.name), path)


def _copy_key(made: Path, path: Path) -> None:
    """Where a file system knows no links: one process may then start too early, and says so."""
    with suppress(FileExistsError):
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(handle, "w") as file:
            file.write(made.read_text())


def _check_port(url: str) -> None:
    """A URL that no library could read later, with a worse message."""
    try:
        urlsplit(url).port  # noqa: B018 - reading it is the check
    except ValueError:
        raise ValueError("has a port that is no number from 0 to 65535") from None


def _in_words(where: tuple[int | str, ...], message: str) -> str:
    name = ".".join(str(part) for part in where).upper() or "SETTINGS"
    return f"  {name}: {message.removeprefix('Value error, ')}"
