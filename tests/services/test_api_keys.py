"""A key is shown once, recognised by its hash, and worth nothing once it is revoked."""

from datetime import timedelta

import pytest
import time_machine

from smsinbox.core import clock
from smsinbox.core.database import db
from smsinbox.core.errors import Forbidden, Invalid, NotFound
from smsinbox.models import ApiKey
from smsinbox.queries import api_keys as keys_query
from smsinbox.services import api_keys

pytestmark = pytest.mark.usefixtures("app")


def test_a_key_is_recognised_and_not_kept():
    key, plain = api_keys.create("Shop", "all")
    assert plain.startswith("sk_")
    assert plain.startswith(key.prefix)
    assert key.key_hash not in plain
    assert getattr(api_keys.key_of(plain), "id", None) == key.id


@pytest.mark.parametrize("plain", ["", "sk_", "\0", "\ud800", "sk_" + "x" * 9000])
def test_nonsense_is_nobodys_key(plain):
    assert api_keys.key_of(plain) is None


def test_a_revoked_key_is_nobodys():
    key, plain = api_keys.create("Shop", "all")
    api_keys.revoke(key.id, None)
    assert api_keys.key_of(plain) is None


def test_revoking_twice_keeps_the_first_moment():
    key, _ = api_keys.create("Shop", "all")
    first = api_keys.revoke(key.id, None).revoked_at
    assert api_keys.revoke(key.id, None).revoked_at == first


def test_a_key_needs_a_name_and_a_known_scope():
    for name, scope, field in (("", "all", "name"), ("Shop", "admin", "scope")):
        with pytest.raises(Invalid) as refused:
            api_keys.create(name, scope)
        assert refused.value.field == field


@pytest.mark.parametrize(
    ("scope", "reads", "sends"), [("all", True, True), ("read", True, False), ("send", False, True)]
)
def test_a_scope_is_what_the_key_may_do(scope, reads, sends):
    key, _ = api_keys.create("Shop", scope)
    assert (key.allows("read"), key.allows("send")) == (reads, sends)


def test_use_is_noted_at_most_once_a_minute():
    _, plain = api_keys.create("Shop", "all")
    api_keys.key_of(plain)
    first = db.session.scalars(db.select(ApiKey)).one().used_at
    with time_machine.travel(clock.now() + timedelta(seconds=50), tick=False):
        assert getattr(api_keys.key_of(plain), "used_at", None) == first
    with time_machine.travel(clock.now() + timedelta(seconds=70), tick=False):
        assert getattr(api_keys.key_of(plain), "used_at", None) != first


def test_usable_keys_are_listed_first():
    old, _ = api_keys.create("Old", "all")
    new, _ = api_keys.create("New", "all")
    api_keys.revoke(new.id, None)
    assert [key.id for key in keys_query.all_keys()] == [old.id, new.id]


def test_only_admins_handle_keys(ben):
    with pytest.raises(Forbidden):
        api_keys.create("Shop", "all", ben)
    with pytest.raises(NotFound):
        api_keys.revoke(4711, None)
