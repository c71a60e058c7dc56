"""The set-up pages are for admins, want a CSRF token, and find nothing where nothing is."""

import pytest
from flask import Flask
from werkzeug.routing import Rule

from tests import build

SETUP = {"rules", "accounts", "numbers", "users", "quarantine", "keys", "content_rules"}
NOWHERE = 99_999_999_999_999_999_999


def places(app: Flask, method: str, an_id: int = 1) -> list[str]:
    """Every address of the set-up pages that takes this method."""
    return [
        address(app, rule, an_id)
        for rule in app.url_map.iter_rules()
        if rule.endpoint.split(".")[0] in SETUP and method in (rule.methods or ())
    ]


def address(app: Flask, rule: Rule, an_id: int) -> str:
    values = dict.fromkeys(rule.arguments, an_id)
    return app.url_map.bind("localhost").build(rule.endpoint, values)


@pytest.mark.parametrize("method", ["GET", "POST"])
def test_strangers_are_sent_to_the_sign_in(app, client, method):
    answers = {place: client.open(place, method=method) for place in places(app, method)}
    assert len(answers) > 6
    assert {a.location.split("?")[0] for a in answers.values()} == {"/sign-in"}


@pytest.mark.parametrize("method", ["GET", "POST"])
def test_agents_are_refused(app, ben, method):
    browser = build.signed_in(app, ben)
    statuses = {
        place: browser.open(place, method=method).status_code for place in places(app, method)
    }
    assert set(statuses.values()) == {403}


def test_a_form_without_its_token_changes_nothing(app, ada, monkeypatch):
    monkeypatch.setitem(app.config, "WTF_CSRF_ENABLED", True)
    browser = build.signed_in(app, ada)
    statuses = {place: browser.post(place).status_code for place in places(app, "POST")}
    assert set(statuses.values()) == {400}


@pytest.mark.parametrize("method", ["GET", "POST"])
def test_an_id_of_nothing_is_not_found(app, ada, method):
    browser = build.signed_in(app, ada)
    with_id = set(places(app, method, 4711)) - set(places(app, method, 1))
    statuses = {place: browser.open(place, method=method).status_code for place in with_id}
    assert set(statuses.values()) == {404}, statuses
    assert statuses


@pytest.mark.parametrize("value", [str(NOWHERE), "-1", "x", "", "\x00", "٣", "4711"])
def test_nonsense_in_the_address_is_never_an_error(app, ada, value):
    browser = build.signed_in(app, ada)
    asked = [
        ("/rules", "number"),
        ("/rules", "edit"),
        ("/rules", "preset"),
        ("/accounts", "edit"),
        ("/accounts", "number"),
        ("/accounts", "add_number"),
        ("/users", "edit"),
        ("/quarantine", "before"),
        ("/keys", "limit"),
    ]
    for path, name in asked:
        assert browser.get(path, query_string={name: value}).status_code in (200, 404)


def test_the_way_between_the_pages_counts_what_is_quarantined(app, ada):
    page = build.signed_in(app, ada).get("/users").text
    assert 'href="/quarantine"' in page
    assert 'class="count"' not in page.split('id="settings-nav"')[1].split("</nav>")[0]
