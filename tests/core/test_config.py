"""Settings come from the environment, and every problem is told at once."""

import secrets
import stat
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest

from smsinbox.core.config import BadSettings, Settings, settings


@pytest.fixture
def fresh(monkeypatch):
    """Read the environment anew."""
    settings.cache_clear()
    yield monkeypatch
    settings.cache_clear()


def test_every_problem_is_told_at_once_by_its_name(fresh):
    fresh.setenv("PORT", "many")
    fresh.setenv("DATABASE_URL", "mysql://x")
    fresh.setenv("SECRET_KEY", "short")
    fresh.setenv("WORKERS", "0")
    with pytest.raises(BadSettings) as refused:
        settings()
    for name in ("PORT", "DATABASE_URL", "SECRET_KEY"):
        assert f"  {name}: " in str(refused.value)
    assert "short" not in str(refused.value).replace("at least", "")


def test_the_sandbox_needs_a_port_of_its_own(fresh):
    fresh.setenv("PORT", "9000")
    fresh.setenv("SANDBOX_PORT", "9000")
    fresh.setenv("WORKERS", "0")
    with pytest.raises(BadSettings, match="PORT and SANDBOX_PORT must differ"):
        settings()


def test_an_empty_variable_is_no_variable(fresh):
    fresh.setenv("PORT", "")
    assert settings().port == 8000


def test_processes_that_start_together_agree_on_the_key(tmp_path, monkeypatch):
    both = Barrier(2, timeout=5)

    def made_by_both_at_once(size: int) -> str:
        both.wait()
        return token_hex(size)

    token_hex = secrets.token_hex
    monkeypatch.setattr(secrets, "token_urlsafe", made_by_both_at_once)
    settings = Settings(instance_path=tmp_path / "instance")
    with ThreadPoolExecutor(2) as pool:
        first, second = pool.map(lambda _: settings.secret(), range(2))
    assert first == second
    assert [one.name for one in settings.instance.iterdir()] == ["secret_key"]


def test_a_file_system_without_links_keeps_a_key_too(tmp_path, monkeypatch):
    def refuse(*_):
        raise PermissionError

    monkeypatch.setattr("os.link", refuse)
    settings = Settings(instance_path=tmp_path)
    assert settings.secret() == settings.secret()
    assert stat.S_IMODE((tmp_path / "secret_key").stat().st_mode) == 0o600


def test_a_key_that_was_lost_is_told_and_not_made_anew(tmp_path):
    settings = Settings(instance_path=tmp_path)
    (tmp_path / "secret_key").touch()
    with pytest.raises(BadSettings, match="Restore it from a backup"):
        settings.secret()


def test_a_secret_key_is_made_once_for_our_eyes_only(tmp_path):
    chosen = Settings(instance_path=tmp_path / "deep" / "instance")
    key = chosen.secret()
    assert len(key) >= 48
    assert Settings(instance_path=chosen.instance_path).secret() == key
    assert stat.S_IMODE((chosen.instance / "secret_key").stat().st_mode) == 0o600


def test_without_a_database_url_there_is_sqlite_in_the_instance_folder(tmp_path):
    assert Settings(instance_path=tmp_path).database == f"sqlite:///{tmp_path}/smsinbox.sqlite3"


@pytest.mark.parametrize(
    ("name", "value", "words"),
    [
        ("ADMIN_EMAIL", "foo", "e-mail address"),
        ("MAIL_URL", "mail.example.com", "smtp://"),
        ("MAIL_URL", "smtp://mail.example.com:abc", "port"),
        ("MAIL_FROM", "Me <a@b.example>", "e-mail address"),
        ("ADMIN_PASSWORD", "x" * 201, "8 to 200 characters"),
        ("DATABASE_URL", "postgresql+psycopg://u:p@127.0.0.1:abc/x", "port"),
        ("REDIS_URL", "redis://127.0.0.1:abc", "port"),
        ("INSTANCE_PATH", "/proc/nope", "cannot be made"),
        ("PUBLIC_URL", "example.com", "https://"),
        ("PUBLIC_URL", "https://example.com/?a=1", "https://"),
    ],
)
def test_what_would_fail_later_is_refused_in_words(fresh, name, value, words):
    fresh.setenv(name, value)
    with pytest.raises(BadSettings) as refused:
        settings()
    assert f"  {name}: " in str(refused.value)
    assert words in str(refused.value)


def test_a_mail_server_needs_a_sender_and_its_password_is_never_told(fresh):
    fresh.setenv("MAIL_URL", "smtp://me:s3cret@mail.example.com:587")
    with pytest.raises(BadSettings, match=r"MAIL_FROM: .*beside MAIL_URL") as refused:
        settings()
    assert "s3cret" not in str(refused.value)
    fresh.setenv("MAIL_FROM", "inbox@example.com")
    assert "s3cret" not in repr(settings())
