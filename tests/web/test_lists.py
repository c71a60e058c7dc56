"""Orders, filters and bulk deeds over HTTP: who may, what is remembered, what is refused."""

import re

import pytest

from smsinbox.core.database import db
from smsinbox.models import Conversation, SavedFilter
from smsinbox.services import filters
from tests import build
from tests.web.test_inbox_list import rows, text_of


def carried(name: str, page: str) -> str:
    """What the page carries for us under this name."""
    return re.findall(rf'name="{name}" value="([^"]+)"', page)[0]


def status(there) -> str:
    return db.session.get_one(Conversation, there.id, populate_existing=True).status


def finish(client, page: str) -> str:
    """Go on as the page would, to the end."""
    while "bulk/on" in page:
        state = carried("state", page)
        page = client.post("/conversations/bulk/on", data={"state": state}).text
    return page


def test_the_order_of_a_view_is_remembered_for_this_user_alone(app, agent, ada, number):
    old, new = (build.a_conversation(number) for _ in range(2))
    answer = agent.post("/conversations/order", data={"view": "all", "sort": "oldest"})
    assert answer.location == "/conversations?view=all"
    assert rows(agent.get("/conversations?view=all").text) == [old.id, new.id]
    assert rows(agent.get("/conversations?view=open").text) == [new.id, old.id]
    other = build.signed_in(app, ada).get("/conversations?view=all").text
    assert rows(other) == [new.id, old.id]
    assert 'data-topic="list:all::oldest"' in agent.get("/conversations?view=all").text
    assert agent.post("/conversations/order", data={"view": "x", "sort": "y"}).status_code == 422


def test_a_filter_is_built_row_by_row_and_shown(agent):
    fields = {"group": ["0", "0", "1"], "field": ["is", "tag", "assignee"],
              "negated": ["", "not", ""], "value": ["open", "vip", "me"]}  # fmt: skip
    built = agent.get("/filters/edit", query_string=fields | {"do": "or"}).text
    assert built.count("<fieldset") == 3
    shown = agent.get("/filters/edit", query_string=fields | {"do": "show"})
    assert shown.headers["HX-Redirect"] == (
        "/conversations?view=filter&q=is%3Aopen+-tag%3Avip+OR+assignee%3Ame"
    )


def test_a_saved_filter_is_theirs_or_everybodys(app, agent, ben, ada, number):
    build.a_conversation(number, starred=True)
    agent.post("/filters", data={"name": "Stars", "q": "is:starred", "shared": "on"})
    agent.post("/filters", data={"name": "<b>Own", "q": "is:mine"})
    assert "Stars 1" in text_of(agent.get("/conversations/views").text)
    page = agent.get("/conversations?view=filter&q=is:starred").text
    assert "<h1>Stars</h1>" in page
    admin = build.signed_in(app, ada)
    seen = admin.get("/conversations/views").text
    assert "Stars" in seen
    assert "Own" not in seen
    stars, own = db.session.query(SavedFilter).order_by(SavedFilter.id)
    assert admin.post(f"/filters/{own.id}/delete").status_code == 404
    assert "&lt;b&gt;Own" in agent.get("/conversations/views").text
    assert admin.post(f"/filters/{stars.id}/delete").status_code == 303
    assert "Stars" not in agent.get("/conversations/views").text


@pytest.mark.parametrize(("name", "q"), [("", "is:open"), ("X", ""), ("X", "is:what"), ("X", "hi")])
def test_what_is_no_filter_is_not_saved(agent, name, q):
    assert agent.post("/filters", data={"name": name, "q": q}).status_code == 422


def test_an_agent_cannot_delete_everybodys_filter_of_another(app, agent, ada):
    kept = filters.save("All stars", "is:starred", True, by=ada)
    assert agent.post(f"/filters/{kept.id}/delete").status_code == 403


def test_bulk_goes_on_in_parts_and_tells_who_failed_and_why(agent, number, cy):
    mine = [build.a_conversation(number) for _ in range(23)]
    secret = build.a_number("+14155550143", account=number.account)
    other = build.a_conversation(secret, build.a_contact(name="Hidden Person"))
    ids = [one.id for one in mine] + [other.id, 10**9]
    first = agent.post("/conversations/bulk", data={"verb": "close", "ids": ids}).text
    assert 'max="25" value="20"' in " ".join(first.split())
    last = text_of(finish(agent, first))
    assert "23 closed." in last
    assert last.count("There is no such thing, or you may not see it.") == 2
    assert "Hidden" not in last
    assert {status(one) for one in mine} == {"closed"}
    assert status(other) == "open"


def test_a_deed_is_taken_back_by_who_did_it_only(app, agent, ada, number):
    there = build.a_conversation(number)
    page = agent.post("/conversations/bulk", data={"verb": "snooze:monday", "ids": [there.id]}).text
    undo = carried("undo", page)
    assert status(there) == "snoozed"
    admin = build.signed_in(app, ada)
    assert admin.post("/conversations/undo", data={"undo": undo}).status_code == 422
    assert agent.post("/conversations/undo", data={"undo": undo + "x"}).status_code == 422
    assert "Undone." in agent.post("/conversations/undo", data={"undo": undo}).text
    assert status(there) == "open"


@pytest.mark.parametrize(
    "data",
    [{}, {"verb": "close"}, {"verb": "take_back", "ids": "1"}, {"verb": "close", "ids": "x"},
     {"verb": "close", "ids": [str(n) for n in range(1, 502)]}],
)  # fmt: skip
def test_bulk_refuses_what_makes_no_sense(agent, data):
    assert agent.post("/conversations/bulk", data=data).status_code == 422


def test_who_only_reads_changes_nothing_but_what_is_theirs(app, number):
    reader = build.signed_in(app, build.a_user("Vi", role="viewer", numbers=[number]))
    there = build.a_conversation(number, received=2)
    for verb in ("close", "star", "tag:x", "assign:me", "retry"):
        page = reader.post("/conversations/bulk", data={"verb": verb, "ids": [there.id]}).text
        assert "You can read here" in page
    page = reader.post("/conversations/bulk", data={"verb": "unread", "ids": [there.id]}).text
    assert "Left unread for you." in page
    assert status(there) == "open"


def test_closing_offers_to_take_it_back(agent, number):
    there = build.a_conversation(number)
    page = agent.post(f"/conversations/{there.id}/close").text
    assert 'hx-target="#toasts"' in page
    undo = carried("undo", page)
    agent.post("/conversations/undo", data={"undo": undo})
    assert status(there) == "open"
