"""The palette offers what this user can do from here, and finds it by a few letters."""

import re

import pytest

from smsinbox.web.commands import fits
from tests import build


def offered(page: str) -> list[str]:
    return re.findall(r'role="option".*?<span class="clip" dir="auto">(.*?)</span>', page, re.S)


def palette(client, path: str = "?q=", on: object = "") -> str:
    """What a page offers on which that conversation is open."""
    where = f"https://inbox.example/conversations/{on}?view=open&at=1"
    return client.get(f"/commands{path}", headers={"HX-Current-URL": where}).text


@pytest.fixture
def maria(number):
    contact = build.a_contact("+14155550177", name="Maria Lopez")
    return build.a_conversation(number, contact=contact)


@pytest.mark.parametrize(
    ("q", "words"),
    [("", "Close"), ("clo", "Close"), ("ntc", "Needs to close"), ("atm", "Assign to me"),
     ("reply", "No reply needed"), ("NEED", "needs reply")],
)  # fmt: skip
def test_letters_find_the_words_they_stand_in_in_order(q, words):
    assert fits(words, q)


@pytest.mark.parametrize(("q", "words"), [("x", "Close"), ("esolc", "Close"), ("lose", "Close")])
def test_other_letters_do_not(q, words):
    assert not fits(words, q)


def test_an_open_conversation_brings_its_verbs(app, ben, maria):
    page = palette(build.signed_in(app, ben), on=maria.id)
    assert {"Close", "Assign to me", "Assign to…", "Snooze…", "Star", "Mark unread"} <= set(
        offered(page)
    )
    assert f'hx-post="/conversations/{maria.id}/close"' in page


def test_a_viewer_is_offered_nothing_they_may_not_do(app, number, maria):
    vic = build.a_user("Vic", role="viewer", numbers=[number])
    verbs = set(offered(palette(build.signed_in(app, vic), on=maria.id)))
    assert "Mark unread" in verbs
    assert not verbs & {"Close", "Assign to me", "Assign to…", "Snooze…", "Star", "Settings…"}


@pytest.mark.parametrize(
    "path",
    ["?q=", "?level=assign&q=", "?level=snooze&q=", "?q=maria", "?q=support", "?level=numbers&q="],
)
def test_an_outsider_is_told_nothing_of_another_number(app, cy, maria, path):
    page = palette(build.signed_in(app, cy), path, on=maria.id)
    assert not {"Close", "Nobody", "In 1 hour", "Maria Lopez", "Support"} & set(offered(page))


def test_settings_are_a_level_of_admins_only(app, ada, ben):
    assert "Quarantine" in offered(palette(build.signed_in(app, ada), "?level=settings&q="))
    assert offered(palette(build.signed_in(app, ben), "?level=settings&q=")) == []


def test_assign_to_whom_lists_who_can_answer_and_nobody(app, ben, cy, maria):
    page = palette(build.signed_in(app, ben), "?level=assign&q=", on=maria.id)
    assert offered(page) == ["Ben", "Nobody"]


def test_snoozing_is_a_level_of_times_that_asks_for_what_the_sheet_asks_for(app, ben, maria):
    page = palette(build.signed_in(app, ben), "?level=snooze&q=", on=maria.id)
    assert offered(page)[::4] == ["In 1 hour", "Until they text"]
    assert f'hx-post="/conversations/{maria.id}/snooze"' in page
    assert """hx-vals='{"for": "tomorrow"}'""" in page


def test_a_snoozed_conversation_can_be_woken_and_a_closed_one_not_snoozed(app, ben, maria):
    client = build.signed_in(app, ben)
    assert "Snooze…" in offered(palette(client, on=maria.id))
    client.post(f"/conversations/{maria.id}/snooze", data={"for": "reply"})
    assert "End the snooze" in offered(palette(client, on=maria.id))
    client.post(f"/conversations/{maria.id}/close")
    assert not {"Snooze…", "End the snooze"} & set(offered(palette(client, on=maria.id)))
    assert offered(palette(client, "?level=snooze&q=", on=maria.id)) == []


def test_a_name_finds_the_conversation(app, ben, maria):
    page = build.signed_in(app, ben).get("/commands?q=mari").text
    assert "Maria Lopez" in offered(page)
    assert f'href="/conversations/{maria.id}"' in page


@pytest.mark.parametrize("on", ["0", "-1", "x", "99999999999999999999", "12345"])
def test_a_conversation_that_is_not_there_brings_no_verbs(app, ben, on):
    page = palette(build.signed_in(app, ben), "?level=nonsense&q=\0", on)
    assert "Needs reply" in offered(page)
    assert "Close" not in offered(page)


def test_what_waits_to_be_opened_offers_nothing_of_where_it_was_closed(app, ben, maria):
    assert offered(palette(build.signed_in(app, ben), "", on=maria.id)) == []


def test_a_level_asks_its_question_and_leads_back(app, ben, maria):
    page = palette(build.signed_in(app, ben), "?level=assign&q=", on=maria.id)
    assert 'placeholder="Assign to whom?"' in page
    assert 'id="commands-up"' in page
    assert 'id="commands-up"' not in palette(build.signed_in(app, ben), on=maria.id)


def test_each_key_of_the_table_does_one_thing_and_none_takes_alt(app, ben):
    page = build.signed_in(app, ben).get("/conversations").text
    keys = [key for row in re.findall(r'data-keys="(.*?)"', page) for key in row.split()]
    assert len(keys) == len(set(keys)) > 20
    assert not [key for key in keys if "alt" in key.lower()]
