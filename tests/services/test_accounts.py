"""An account's secrets go in and come out only for its dialect; its pause ends with a new key."""

import pytest

from smsinbox.core import clock
from smsinbox.core.database import atomic, db
from smsinbox.core.errors import Forbidden, Invalid
from smsinbox.core.sealing import Seal
from smsinbox.dialects.errors import Misconfigured
from smsinbox.models import Account
from smsinbox.services import accounts

pytestmark = pytest.mark.usefixtures("app")


def an_account(key: str = "key") -> Account:
    return accounts.create("trunx", "Carrier", "https://carrier.example", key, "secret")


def edited(account: Account, key: str = "", secret: str = "", base_url: str = "") -> Account:
    address = base_url or account.base_url
    return accounts.edit(account.id, account.name, address, key, secret, None, None)


@atomic
def paused(account: Account) -> Account:
    account = db.session.get_one(Account, account.id)
    account.paused_at, account.paused_reason = clock.now(), "key refused"
    return account


def test_a_dialect_gets_the_key_and_secret_that_were_typed():
    opened = accounts.credentials(an_account())
    assert (opened.key, opened.secret) == ("key", "secret")


def test_neither_key_nor_secret_is_stored_as_it_was_typed():
    account = accounts.create("trunx", "C", "https://c.example", "plainkey", "plainsecret")
    assert "plain" not in account.key_sealed + account.secret_sealed


def test_a_sealed_key_does_not_open_for_another_account():
    one, other = an_account(), an_account()
    other.key_sealed = one.key_sealed
    with pytest.raises(Misconfigured):
        accounts.credentials(other)


def test_an_account_sealed_by_another_secret_key_says_what_to_do():
    account = an_account()
    account.key_sealed = Seal("another secret key").seal("key", account.owner)
    with pytest.raises(Misconfigured) as error:
        accounts.credentials(account)
    assert "Enter its key and secret again" in error.value.detail


def test_space_around_a_pasted_key_is_dropped_and_space_inside_refused():
    assert accounts.credentials(an_account(" key\n")).key == "key"
    with pytest.raises(Invalid):
        an_account("the key")


def test_every_account_has_its_own_webhook_address():
    paths = {an_account().webhook_path for _ in range(3)}
    assert len(paths) == 3
    assert all(path.startswith("/webhooks/trunx/") for path in paths)


@pytest.mark.parametrize(
    "base_url",
    [
        "carrier.example",
        "ftp://carrier.example",
        "https://",
        "https://user:word@carrier.example",
        "https://carrier.example/?a=1",
        "https://carrier.example:nope",
        "https://[broken",
        "javascript:alert(1)",
        "https://carrier.example/" + "x" * 300,
    ],
)
def test_only_a_plain_web_address_is_a_carriers_address(base_url):
    with pytest.raises(Invalid) as refused:
        accounts.create("trunx", "C", base_url, "key", "secret")
    assert refused.value.field == "base_url"


def test_without_an_address_it_is_the_carriers_own():
    assert accounts.create("trunx", "C", "", "key", "secret").base_url == "https://api.trunx.io"


def test_a_slash_at_the_end_of_the_address_is_dropped():
    account = accounts.create("trunx", "C", "https://c.example/v1/", "key", "secret")
    assert account.base_url == "https://c.example/v1"


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("signature_header", "X Signature"),
        ("timestamp_header", "a:b"),
        ("signature_encoding", "rot13"),
        ("signature_prefix", "sha 256"),
    ],
)
def test_a_signature_that_no_request_can_carry_is_refused(field, value):
    with pytest.raises(Invalid) as refused:
        accounts.create("trunx", "C", "https://c.example", "key", "secret", {field: value})
    assert refused.value.field == field


def test_an_unknown_carrier_and_a_missing_key_are_refused():
    with pytest.raises(Invalid, match="carrier"):
        accounts.create("pigeon", "C", "https://c.example", "key", "secret")
    with pytest.raises(Invalid) as refused:
        accounts.create("trunx", "C", "https://c.example", "", "secret")
    assert refused.value.field == "key"


def test_an_empty_key_and_secret_keep_the_old_ones():
    account = edited(an_account())
    assert accounts.credentials(account).key == "key"


def test_a_new_secret_replaces_only_the_secret():
    opened = accounts.credentials(edited(an_account(), secret="new"))
    assert (opened.key, opened.secret) == ("key", "new")


def test_a_new_key_resumes_a_paused_account_and_a_new_secret_does_not():
    account = paused(an_account())
    assert edited(account, secret="new").is_paused
    assert not edited(account, key="new").is_paused


def test_resuming_forgets_why_it_was_paused():
    account = accounts.resume(paused(an_account()).id, None)
    assert (account.is_paused, account.paused_reason) == (False, None)


def test_the_key_does_not_follow_to_another_address_by_itself():
    account = an_account()
    with pytest.raises(Invalid) as refused:
        edited(account, base_url="https://elsewhere.example")
    assert refused.value.field == "key"
    assert edited(account, key="new", base_url="https://elsewhere.example").base_url


def test_only_admins_set_up_accounts(ben):
    with pytest.raises(Forbidden):
        accounts.create("trunx", "C", "https://c.example", "key", "secret", None, ben)
