"""Endpoints belong to a key; in Telnyx's dialects all of a key's are signed alike."""

import pytest

from smsinbox.core.errors import Forbidden, Invalid, NotFound
from smsinbox.dialects.errors import Misconfigured
from smsinbox.models import Callback
from smsinbox.services import api_keys, callback_endpoints
from tests import build

URL = "https://program.example/hooks"


@pytest.mark.parametrize("dialect", ["telnyx", "telnyx_v1"])
def test_a_key_has_one_secret_in_telnyxs_dialects(dialect, ada):
    key = build.a_key()
    first, second = build.a_callback(key, dialect), build.a_callback(key, dialect)
    other = build.a_callback(build.a_key("Other"), dialect)
    proofs = [callback_endpoints.proof_of(one) for one in (first, second, other)]
    assert proofs[0] == proofs[1] != proofs[2]
    _, renewed = callback_endpoints.renew(first.id, ada)
    assert callback_endpoints.proof_of(build.again(second)) == renewed


@pytest.mark.parametrize("dialect", ["trunx", "pingram"])
def test_elsewhere_each_endpoint_has_its_own(app, dialect):
    key = build.a_key()
    first, second = build.a_callback(key, dialect), build.a_callback(key, dialect)
    assert callback_endpoints.proof_of(first) != callback_endpoints.proof_of(second)


def test_a_secret_is_bound_to_its_endpoint(app):
    first, second = build.a_callback(), build.a_callback()
    build.changed(first, secret_sealed=second.secret_sealed)
    with pytest.raises(Misconfigured):
        callback_endpoints.credentials(build.again(first))


def test_an_edit_keeps_the_secret(ada):
    callback = build.a_callback(failover_url="https://b.example/")
    before = callback_endpoints.proof_of(callback)
    callback_endpoints.edit(callback.id, "https://c.example/", ["sms.*"], ada)
    (now,) = build.every(Callback)
    assert now.urls == ("https://c.example/", "https://b.example/")
    assert callback_endpoints.proof_of(now) == before


def test_a_program_makes_and_changes_its_own_only(app):
    mine, theirs = build.a_key("Mine", "send"), build.a_key("Theirs")
    callback_endpoints.create(mine.id, "trunx", URL, ["*"], mine)
    with pytest.raises(Forbidden):
        callback_endpoints.create(theirs.id, "trunx", URL, ["*"], mine)
    other = build.a_callback(theirs)
    for change in (
        lambda: callback_endpoints.edit(other.id, URL, ["*"], mine),
        lambda: callback_endpoints.delete(other.id, mine),
        lambda: callback_endpoints.switch(other.id, False, mine),
    ):
        with pytest.raises(NotFound):
            change()
    assert len(build.every(Callback)) == 2


def test_a_key_that_may_only_read_may_not(app):
    reader = build.a_key("Reader", "read")
    with pytest.raises(Forbidden):
        callback_endpoints.create(reader.id, "trunx", URL, ["*"], reader)


def test_a_revoked_key_gets_no_endpoint(ada):
    key = build.a_key()
    api_keys.revoke(key.id, ada)
    with pytest.raises(Invalid):
        callback_endpoints.create(key.id, "trunx", URL, ["*"], ada)


def test_the_setting_lets_endpoints_be_on_this_machine(app, to_private):
    assert build.a_callback(url="http://127.0.0.1:9000/").url
