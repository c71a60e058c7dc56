"""Programs see our numbers."""

from tests import build


def test_numbers_are_listed_by_name_on_one_page(program):
    support = build.a_number(name="Support")
    sales = build.a_number("+14155550143", account=support.account, name="Sales")
    assert program.get("/numbers").json == {
        "items": [
            {"id": sales.id, "phone": "+14155550143", "name": "Sales"},
            {"id": support.id, "phone": build.OURS, "name": "Support"},
        ],
        "next": None,
    }


def test_without_numbers_the_list_is_empty(program):
    assert program.get("/numbers").json == {"items": [], "next": None}
