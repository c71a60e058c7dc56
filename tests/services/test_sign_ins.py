"""A sign-in says nothing about who exists, ends everywhere at once, and does not last for ever."""

from datetime import timedelta

import pytest
import time_machine

from smsinbox.core import clock
from smsinbox.core.database import db
from smsinbox.core.errors import Invalid
from smsinbox.models import LogEntry, SignIn, User
from smsinbox.services import passwords, sign_ins, users
from tests import build

pytestmark = pytest.mark.usefixtures("app")

EMAIL, PASSWORD = "ann@example.com", "a long password"


@pytest.fixture
def user() -> User:
    return users.create(EMAIL, "Ann", PASSWORD, "admin", [])


@pytest.fixture
def token(ada) -> str:
    return build.a_sign_in(ada)


def after(**span: float) -> time_machine.travel:
    return time_machine.travel(clock.now() + timedelta(**span), tick=False)


def test_the_right_password_signs_in_however_the_email_is_written(user):
    found, token = sign_ins.sign_in(" ANN@example.com ", PASSWORD)
    assert found.id == user.id == getattr(sign_ins.user_of(token), "id", None)


@pytest.mark.parametrize(
    ("email", "password"),
    [
        (EMAIL, "wrong"),
        (EMAIL, ""),
        ("nobody@example.com", PASSWORD),
        ("", ""),
        ("\0", PASSWORD),
        ("\ud800@x", "\ud800"),
        (EMAIL, PASSWORD + "x" * 10_000),
    ],
)
def test_every_refusal_has_the_same_words(user, email, password):
    with pytest.raises(Invalid, match=r"^E-mail or password is wrong\.$"):
        sign_ins.sign_in(email, password)


def test_an_inactive_user_is_refused_like_an_unknown_one(user):
    build.a_user("Bo", "admin")
    users.edit(user.id, "Ann", "admin", False, [], "", None)
    with pytest.raises(Invalid, match="E-mail or password is wrong"):
        sign_ins.sign_in(EMAIL, PASSWORD)


def test_an_unknown_email_costs_a_whole_check_of_a_password(monkeypatch):
    checked = []

    def noted(password_hash: str, password: str) -> bool:
        checked.append(password)
        return verified(password_hash, password)

    verified = passwords._verified
    monkeypatch.setattr(passwords, "_verified", noted)
    with pytest.raises(Invalid):
        sign_ins.sign_in("nobody@example.com", PASSWORD)
    assert checked == [PASSWORD]


def test_the_token_itself_is_not_kept(user):
    _, token = sign_ins.sign_in(EMAIL, PASSWORD)
    row = db.session.scalars(db.select(SignIn)).one()
    assert len(row.token_hash) == 64
    assert row.token_hash != token


def test_signing_out_ends_every_copy_of_the_cookie(ada, token):
    sign_ins.sign_out(token)
    assert sign_ins.user_of(token) is None
    assert [(entry.kind, entry.user_id) for entry in build.every(LogEntry)] == [
        ("SignedOut", ada.id)
    ]


def test_signing_out_twice_or_with_nonsense_changes_nothing(token):
    for each in (token, token, "nonsense"):
        sign_ins.sign_out(each)
    assert len(build.every(LogEntry)) == 1


@pytest.mark.parametrize("nonsense", ["", "x", "\0", "\ud800", "x" * 10_000])
def test_nonsense_is_nobodys_token(nonsense):
    assert sign_ins.user_of(nonsense) is None


def test_a_sign_in_ends_when_nobody_uses_it_for_12_hours(token):
    with after(hours=11.9):
        assert sign_ins.user_of(token)
    with after(hours=23.8):
        assert sign_ins.user_of(token)
    with after(hours=35.9):
        assert sign_ins.user_of(token) is None


def test_a_sign_in_ends_after_7_days_however_much_it_is_used(token):
    for hours in range(11, 7 * 24, 11):
        with after(hours=hours):
            assert sign_ins.user_of(token)
    with after(days=7):
        assert sign_ins.user_of(token) is None


def test_use_is_noted_at_most_once_a_minute(token):
    first = db.session.scalars(db.select(SignIn)).one().seen_at
    with after(seconds=50):
        sign_ins.user_of(token)
        assert db.session.scalars(db.select(SignIn)).one().seen_at == first
    with after(seconds=70):
        sign_ins.user_of(token)
        db.session.expire_all()
        assert db.session.scalars(db.select(SignIn)).one().seen_at > first
