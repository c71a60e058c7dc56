"""A key is shown once, in the answer that makes it, and is dead once it is revoked."""

import re

import pytest
from flask.testing import FlaskClient

from smsinbox.models import ApiKey
from smsinbox.services import api_keys
from tests import build


@pytest.fixture
def browser(app, ada) -> FlaskClient:
    return build.signed_in(app, ada)


def test_a_new_key_is_shown_once_and_works(browser):
    answer = browser.post("/keys", data={"name": "Shop", "scope": "send"})
    (plain,) = re.findall(r'id="new-key">(sk_[\w-]+)<', answer.text)
    assert answer.headers["Cache-Control"] == "no-store"
    assert getattr(api_keys.key_of(plain), "name", None) == "Shop"
    assert plain not in browser.get("/keys").text


def test_a_key_without_a_name_is_refused(browser):
    answer = browser.post("/keys", data={"name": " ", "scope": "read"})
    assert answer.status_code == 422
    assert '<option value="read" selected>' in answer.text
    assert build.every(ApiKey) == []


def test_a_revoked_key_stays_listed_as_such(browser):
    key, plain = api_keys.create("Shop", "all")
    assert browser.post(f"/keys/{key.id}/revoke").status_code == 303
    assert api_keys.key_of(plain) is None
    assert "Revoked" in browser.get("/keys").text


def test_limits_are_set_and_what_was_used_is_shown(browser, number):
    browser.post("/keys", data={"name": "Shop", "scope": "send", "hourly": "5", "daily": ""})
    (key,) = build.every(ApiKey)
    assert (key.hourly_limit, key.daily_limit) == (5, None)
    assert "0 of 5 this hour" in browser.get("/keys").text
    assert 'id="limit-hourly"' in browser.get(f"/keys?limit={key.id}").text
    browser.post(f"/keys/{key.id}/limits", data={"hourly": "", "daily": "70"})
    assert "0 of 70 today" in browser.get("/keys").text


@pytest.mark.parametrize("typed", ["-1", "1.5", "many", "99999999999999999999", "٣"])
def test_a_limit_that_is_no_number_is_refused(browser, typed):
    key, _ = api_keys.create("Shop", "all")
    for path, data in (("/keys", {"name": "A", "scope": "all"}), (f"/keys/{key.id}/limits", {})):
        answer = browser.post(path, data={**data, "hourly": "", "daily": typed})
        assert answer.status_code == 422
        assert "Use a whole number" in answer.text
    assert build.again(key).daily_limit is None
