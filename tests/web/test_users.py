"""People are added with the numbers they may see; nobody's own role can be clicked away."""

import pytest
from flask.testing import FlaskClient

from smsinbox.models import User
from tests import build


@pytest.fixture
def browser(app, ada) -> FlaskClient:
    return build.signed_in(app, ada)


def a_form(user: User, **fields: object) -> dict[str, object]:
    kept = {"name": user.name, "role": user.role, "active": "1", "number_ids": list(user.granted)}
    return kept | fields


def test_a_new_user_can_sign_in_and_see_what_was_ticked(browser, number):
    form = {
        "email": "Dee@example.com",
        "name": "Dee",
        "password": "a long password",
        "role": "agent",
        "number_ids": [number.id],
    }
    answer = browser.post("/users", data=form)
    assert answer.status_code == 303
    assert "Dee can sign in now." in browser.get(answer.location).text
    dee = build.every(User)[-1]
    assert (dee.email, dee.granted) == ("dee@example.com", {number.id})


def test_a_refused_user_keeps_the_ticks_but_not_the_password(browser, number):
    form = {"email": "nobody", "name": "Dee", "password": "a long password", "role": "viewer"}
    answer = browser.post("/users", data=form | {"number_ids": [number.id]})
    assert answer.status_code == 422
    assert f'name="number_ids" value="{number.id}" checked' in " ".join(answer.text.split())
    assert "a long password" not in answer.text


def test_unticking_takes_a_number_away(browser, ben):
    browser.post(f"/users/{ben.id}", data=a_form(ben, number_ids=[]))
    assert build.again(ben).granted == frozenset()


def test_somebody_who_may_not_sign_in_is_out_at_once(app, browser, ben):
    his = build.signed_in(app, ben)
    assert his.get("/rules").status_code == 403
    browser.post(f"/users/{ben.id}", data=a_form(ben, active=""))
    assert his.get("/rules").location.startswith("/sign-in")


def test_ones_own_role_cannot_be_changed(browser, ada):
    assert "Another admin can change your role." in browser.get(f"/users?edit={ada.id}").text
    answer = browser.post(f"/users/{ada.id}", data=a_form(ada, role="viewer"))
    assert answer.status_code == 409
    assert build.again(ada).role == "admin"


def test_a_user_without_numbers_stands_out(browser, cy):
    page = browser.get("/users").text
    assert page.count("tone-warn") == 1


def test_a_grant_of_a_number_that_is_gone_is_refused(browser, ben):
    answer = browser.post(f"/users/{ben.id}", data=a_form(ben, number_ids=[4711]))
    assert answer.status_code == 422
    assert "gone" in answer.text
