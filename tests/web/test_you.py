"""Everybody changes their own name, e-mail and password, and ends their other sign-ins."""

import pytest

from smsinbox.core.errors import Invalid
from smsinbox.models import User
from smsinbox.services import sign_ins, users
from tests import build

PASSWORD = "correct horse battery"
NEW = "another horse battery"


@pytest.fixture
def dora(app) -> User:
    return users.create("dora@example.com", "Dora", PASSWORD, "viewer", [])


@pytest.fixture
def browser(app, dora):
    return build.signed_in(app, dora)


def lets_in(email: str, password: str) -> bool:
    try:
        sign_ins.sign_in(email, password)
    except Invalid:
        return False
    return True


@pytest.mark.parametrize("role", ["viewer", "agent", "admin"])
def test_everybody_finds_their_page_in_the_menu_under_their_name(app, role):
    browser = build.signed_in(app, build.a_user("Eve", role))
    page = browser.get("/you")
    assert page.status_code == 200
    assert 'href="/you"' in browser.get("/conversations").text
    assert 'value="eve@example.com"' in page.text
    assert 'id="settings-nav"' not in page.text


def test_nobody_who_is_not_signed_in_does(client):
    assert client.get("/you").status_code == 302
    assert client.post("/you/password", data={}).status_code == 302


def test_a_new_name_takes_no_password_and_shows_at_once(browser, dora):
    form = {"name": " Dora  B. ", "email": "dora@example.com", "confirm": ""}
    page = browser.post("/you", data=form, follow_redirects=True).text
    assert "Your name and e-mail are saved." in page
    assert build.again(dora).name == "Dora B."


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"email": "new@example.com"}, "It is needed for another e-mail."),
        ({"email": "new@example.com", "confirm": "wrong horse"}, "It is needed for another"),
        ({"email": "BEN@example.com", "confirm": PASSWORD}, "Somebody has this e-mail already."),
        ({"email": "nonsense", "confirm": PASSWORD}, "Write an e-mail address such as"),
        ({"name": " "}, "Write a name."),
    ],
)
def test_what_cannot_be_saved_is_told_at_its_field_and_changes_nothing(
    browser, dora, ben, fields, words
):
    form = {"name": "Dora", "email": "dora@example.com", "confirm": ""} | fields
    answer = browser.post("/you", data=form)
    assert answer.status_code == 422
    assert words in answer.text
    assert PASSWORD not in answer.text
    assert build.again(dora).email == "dora@example.com"


def test_with_the_password_another_e_mail_signs_in(browser, dora):
    form = {"name": "Dora", "email": "New@example.com", "confirm": PASSWORD}
    assert browser.post("/you", data=form).status_code == 303
    assert lets_in("new@example.com", PASSWORD)
    assert not lets_in("dora@example.com", PASSWORD)


def test_a_new_password_ends_every_other_sign_in_and_keeps_this_one(app, browser, dora):
    other = build.signed_in(app, dora)
    answer = browser.post("/you/password", data={"current": PASSWORD, "password": NEW})
    assert answer.status_code == 303
    assert browser.get("/you").status_code == 200
    assert other.get("/you").status_code == 302
    assert (lets_in("dora@example.com", PASSWORD), lets_in("dora@example.com", NEW)) == (
        False,
        True,
    )


@pytest.mark.parametrize(
    ("current", "new", "words"),
    [
        ("wrong horse", NEW, "This is not your current password."),
        ("", NEW, "This is not your current password."),
        ("x" * 300, NEW, "This is not your current password."),
        (PASSWORD, "short", "Use 10 to 200 characters."),
        (PASSWORD, "x" * 201, "Use 10 to 200 characters."),
    ],
)
def test_a_password_that_cannot_be_changed_stays(app, browser, dora, current, new, words):
    other = build.signed_in(app, dora)
    answer = browser.post("/you/password", data={"current": current, "password": new})
    assert answer.status_code == 422
    assert words in answer.text
    assert other.get("/you").status_code == 200
    assert lets_in("dora@example.com", PASSWORD)


def test_whoever_found_a_page_open_cannot_guess_for_long(browser):
    guesses = [
        browser.post("/you/password", data={"current": f"guess {n}", "password": NEW}).status_code
        for n in range(11)
    ]
    assert guesses == [422] * 10 + [429]


def test_signing_out_elsewhere_leaves_this_browser_and_other_people_alone(app, browser, dora, ben):
    others = [build.signed_in(app, dora) for _ in range(2)]
    bens = build.signed_in(app, ben)
    assert "2 other browsers" in browser.get("/you").text
    assert browser.post("/you/sign-out-elsewhere").status_code == 303
    assert [other.get("/you").status_code for other in others] == [302, 302]
    assert "You are signed in here only." in browser.get("/you").text
    assert bens.get("/you").status_code == 200


def test_what_people_call_themselves_is_text_and_never_markup(browser, dora):
    form = {"name": "<script>alert(1)</script>", "email": "dora@example.com", "confirm": ""}
    page = browser.post("/you", data=form, follow_redirects=True).text
    assert "<script>alert(1)" not in page


def test_times_are_told_and_keys_work_as_one_likes(browser, dora):
    form = {"zone": "Asia/Kolkata", "clock": "h23"}
    assert "data-keys" not in (before := browser.get("/you").text.split("<body")[0])
    assert '"zone": "UTC"' in before
    assert browser.post("/you/preferences", data=form).status_code == 303
    page = browser.get("/you").text.split("<body")[0]
    assert all(told in page for told in ('"zone": "Asia/Kolkata"', 'data-keys="off"'))


@pytest.mark.parametrize(
    ("fields", "words"),
    [({"zone": "Moon/Base"}, "Choose a time zone from the list"), ({"clock": "h99"}, "of these")],
)
def test_preferences_that_mean_nothing_are_refused(browser, dora, fields, words):
    form = {"zone": "", "clock": "", "single_keys": "1"} | fields
    answer = browser.post("/you/preferences", data=form)
    assert answer.status_code == 422
    assert words in answer.text
    assert build.again(dora).zone == ""
