"""The front door speaks plainly when it cannot open."""

import os
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest

from tests.bench.house import free_ports

ROOT = Path(__file__).resolve().parent.parent


def run(instance: Path, *words: str, **env: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "flask", "--app", "app", "inbox", *words],
        cwd=ROOT,
        env={**os.environ, "INSTANCE_PATH": str(instance), **env},
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )


def test_bad_settings_are_told_in_plain_words(tmp_path):
    done = run(tmp_path, "check", PORT="many", DATABASE_URL="mysql://x")
    assert done.returncode != 0
    assert "PORT" in done.stderr
    assert "DATABASE_URL" in done.stderr
    assert "Traceback" not in done.stderr


def test_a_database_that_is_away_is_told_in_plain_words(tmp_path):
    away = "postgresql+psycopg://nobody@127.0.0.1:9/none"
    done = run(tmp_path, "check", DATABASE_URL=away)
    assert done.returncode == 1
    assert "database" in done.stdout.lower()
    assert "Traceback" not in done.stdout + done.stderr


@pytest.mark.parametrize("words", [("key", "create", "--name", "shop", "--scope", "all")])
def test_a_first_command_makes_the_base_and_prints_only_its_answer(tmp_path, words):
    done = run(tmp_path, *words, ADMIN_PASSWORD="long enough", SANDBOX="0")
    assert done.returncode == 0, done.stderr
    assert done.stdout.startswith("sk_")
    assert len(done.stdout.split()) == 1


@pytest.mark.parametrize(
    ("front", "trouble"),
    [
        (["-m", "flask", "--app", "app", "inbox", "check"], "no database"),
        (["app.py"], "from the future"),
    ],
)
def test_a_database_that_cannot_be_used_is_told_in_plain_words(tmp_path, front, trouble):
    file = tmp_path / "smsinbox.sqlite3"
    if trouble == "no database":
        file.write_bytes(b"a letter to my aunt, and no database at all" * 100)
    else:
        with sqlite3.connect(file) as base:
            base.execute("CREATE TABLE alembic_version (version_num VARCHAR(32) NOT NULL)")
            base.execute("INSERT INTO alembic_version VALUES ('9999')")
    done = subprocess.run(
        [sys.executable, *front],
        cwd=ROOT,
        env={**os.environ, "INSTANCE_PATH": str(tmp_path), **free()},
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
    assert done.returncode != 0
    assert "Traceback" not in done.stdout + done.stderr
    said = "newer version" if trouble == "from the future" else "database"
    assert said in done.stdout + done.stderr


def free() -> dict[str, str]:
    """Ports that nobody has."""
    port, sandbox = free_ports(2)
    return {"PORT": str(port), "SANDBOX_PORT": str(sandbox)}
