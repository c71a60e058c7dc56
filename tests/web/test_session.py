"""The door lets the right people in, tells nobody who exists, and sends nobody elsewhere."""

import pytest
from flask.testing import FlaskClient

from smsinbox.services import users
from tests import build

PASSWORD = "correct horse battery"


@pytest.fixture
def dora(app):
    return users.create("dora@example.com", "Dora", PASSWORD, "agent", [])


def sign_in(client: FlaskClient, password: str = PASSWORD, **fields: str):
    form = {"email": "dora@example.com", "password": password} | fields
    return client.post("/sign-in", data=form)


def test_the_door_has_the_names_that_people_rely_on(client):
    page = client.get("/sign-in").text
    assert '<label for="email">E-mail</label>' in page
    assert '<label for="password">Password</label>' in page
    assert ">Sign in</button>" in page


def test_the_right_password_leads_to_the_inbox(client, dora):
    answer = sign_in(client)
    assert (answer.status_code, answer.location) == (303, "/conversations")
    assert client.get("/conversations").status_code == 200


def test_the_address_may_be_written_in_capitals(client, dora):
    assert sign_in(client, email=" Dora@Example.com").status_code == 303


def test_a_wrong_password_is_told_in_the_form_that_keeps_the_address(client, dora):
    answer = sign_in(client, "wrong horse")
    assert answer.status_code == 422
    assert "E-mail or password is wrong." in answer.text
    assert 'value="dora@example.com"' in answer.text
    assert client.get("/conversations").status_code == 302


def test_an_unknown_address_gets_the_same_words_as_a_wrong_password(client, dora):
    stranger = sign_in(client, email="nobody@example.com")
    assert (stranger.status_code, "E-mail or password is wrong." in stranger.text) == (422, True)


def test_somebody_who_was_deactivated_stays_outside(client, dora):
    build.changed(dora, active=False)
    assert sign_in(client).status_code == 422


def test_a_password_is_never_shown_again(client, dora):
    assert "wrong horse" not in sign_in(client, "wrong horse").text


def test_the_eleventh_try_in_a_minute_must_wait(client, dora):
    tries = [sign_in(client, "wrong horse").status_code for _ in range(11)]
    assert tries == [422] * 10 + [429]


def test_who_had_to_sign_in_goes_on_to_where_they_wanted_to_be(client, dora):
    asked = client.get("/conversations?view=mine")
    assert asked.location == "/sign-in?next=%2Fconversations%3Fview%3Dmine"
    assert sign_in(client, next="/conversations?view=mine").location == "/conversations?view=mine"


@pytest.mark.parametrize(
    "elsewhere",
    [
        "https://evil.example",
        "//evil.example",
        "/\\evil.example",
        "evil",
        "javascript:alert(1)",
        "/\tevil.example",
        "",
    ],
)
def test_the_door_leads_nowhere_but_inside(client, dora, elsewhere):
    assert sign_in(client, next=elsewhere).location == "/conversations"


def test_signing_in_starts_a_fresh_session(client, dora):
    with client.session_transaction() as session:
        session["left_over"] = "by somebody else"
    sign_in(client)
    with client.session_transaction() as session:
        assert "left_over" not in session


def test_signing_out_ends_every_copy_of_the_cookie(app, client, dora):
    sign_in(client)
    copy = app.test_client()
    with client.session_transaction() as ours, copy.session_transaction() as theirs:
        theirs.update(ours)
    assert copy.get("/conversations").status_code == 200
    assert client.post("/sign-out").location == "/sign-in"
    assert copy.get("/conversations").status_code == 302


def test_who_is_signed_in_need_not_stop_at_the_door(app, ada):
    assert build.signed_in(app, ada).get("/sign-in").location == "/conversations"


def test_a_sign_in_needs_the_token_of_our_own_form(app, client, dora, monkeypatch):
    monkeypatch.setitem(app.config, "WTF_CSRF_ENABLED", True)
    assert sign_in(client).status_code == 400


@pytest.mark.parametrize(
    ("cookie", "shown"), [("dark", "dark"), ("light", "light"), ('"><script>', ""), (None, "")]
)
def test_the_theme_of_the_cookie_is_in_the_first_bytes_of_the_page(client, cookie, shown):
    if cookie is not None:
        client.set_cookie("theme", cookie)
    assert f'data-theme="{shown}"' in client.get("/sign-in").text
