"""Merging and erasing on pages: for those who may, and asked twice where nothing can be undone."""

import pytest

from smsinbox.models import Erasure
from smsinbox.services import merging
from tests import build


@pytest.fixture
def ana(number):
    contact = build.a_contact("+13125550171", name="Ana")
    build.a_message(build.a_conversation(number, contact), state="accepted")
    return contact


@pytest.fixture
def other(number):
    contact = build.a_contact("+13125550172", name="Ana's mobile")
    build.a_conversation(number, contact)
    return contact


def test_an_agent_finds_the_other_one_merges_and_undoes(app, ben, ana, other):
    browser = build.signed_in(app, ben)
    assert f'value="{other.id}"' in browser.get(f"/contacts/{ana.id}/merge?search=mobile").text
    browser.post(f"/contacts/{ana.id}/merge", data={"other": other.id})
    page = browser.get(f"/contacts/{ana.id}").text
    assert "0172" in page
    [at] = [part.split('"')[0] for part in page.split('action="') if "/merges/" in part[:40]]
    browser.post(at)
    assert "0172" not in browser.get(f"/contacts/{ana.id}").text


def test_a_merge_is_not_undone_from_a_strangers_page(app, ada, ana, other):
    made = merging.merge(ana.id, other.id, ada)
    stranger = build.a_contact()
    at = f"/contacts/{stranger.id}/merges/{made.id}/undo"
    assert build.signed_in(app, ada).post(at).status_code == 404
    assert build.again(other).person_id == ana.id


def test_nobody_merges_into_what_they_may_not_see_or_change(app, ben, cy, ana, number):
    hidden = build.a_contact(name="Hidden")
    reader = build.a_user("Vi", role="viewer", numbers=[number])
    at = f"/contacts/{ana.id}/merge"
    assert build.signed_in(app, cy).get(at).status_code == 404
    assert build.signed_in(app, reader).post(at, data={"other": hidden.id}).status_code == 403
    assert (
        "Hidden" not in build.signed_in(app, ben).get(f"{at}?search=Hid").text.split("</form>")[-1]
    )
    build.signed_in(app, ben).post(at, data={"other": hidden.id})
    assert build.again(hidden).person_id is None


def test_erasing_asks_for_the_last_digits_and_says_what_it_removed(app, ada, ben, ana):
    at, browser = f"/contacts/{ana.id}/erase", build.signed_in(app, ada)
    assert build.signed_in(app, ben).get(at).status_code == 403
    assert build.signed_in(app, ben).post(at, data={"digits": "0171"}).status_code == 403
    assert "1 text, 0 files and 0 notes" in browser.get(at).text
    for digits in ("", "0172"):
        assert browser.post(at, data={"digits": digits}).status_code == 422
    assert build.every(Erasure) == []
    browser.post(at, data={"digits": "0171"})
    assert "Erased: 1 text" in browser.get("/contacts").text
    assert browser.get(f"/contacts/{ana.id}").status_code == 200  # a stone
    assert "0171" not in browser.get(f"/contacts/{ana.id}").text
