"""The search page shows what is found, harmless, and says what it did not understand."""

import pytest

from tests import build


@pytest.fixture
def ann(number):
    contact = build.a_contact("+13125550199", name="Ann <b>Lee</b>")
    conversation = build.a_conversation(number, contact)
    texts = {"direction": "inbound", "state": "received"}
    build.a_message(conversation, body='My <script>alert("bike")</script> bike', **texts)
    return conversation


def test_what_is_found_is_marked_and_nothing_of_it_is_markup(app, ada, ann):
    client = build.signed_in(app, ada)
    page = client.get("/search?q=bike+ann").text
    assert "Nothing found" in page
    page = client.get("/search?q=bike").text
    assert "My &lt;script&gt;alert(&#34;<mark>bike</mark>&#34;)&lt;/script&gt;" in page
    assert f'href="/conversations/{ann.id}?at=' in page
    assert "<mark>Ann</mark> &lt;b&gt;Lee" in client.get("/search?q=ann").text
    assert '<script>alert("x")' not in client.get('/search?q="><script>alert("x")</script>').text


def test_the_address_follows_what_is_typed(app, ada, ann):
    answer = build.signed_in(app, ada).get(
        "/search/results", query_string={"q": "is:open é\r\nX: y"}
    )
    assert answer.headers["HX-Replace-Url"] == "/search?q=is%3Aopen+%C3%A9%0D%0AX%3A+y"


def test_an_unknown_operator_is_named_and_the_rest_is_found(app, ada, ann):
    page = build.signed_in(app, ada).get("/search?q=bike+form:ann+is:blue").text
    assert "There is no “form:” here" in page
    assert "“is:” knows open" in page
    assert "<mark>bike</mark>" in page


def test_an_empty_question_teaches_the_operators(app, ada):
    page = build.signed_in(app, ada).get("/search").text
    assert all(f"{name}:" in page for name in ("from", "to", "tag", "number", "is", "has"))


def test_the_count_is_honest_and_older_ones_follow(app, ada, ann):
    for n in range(51):
        build.a_message(ann, body=f"bike {n}")
    client = build.signed_in(app, ada)
    page = client.get("/search/results?q=bike").text
    assert "the newest 50 texts and notes" in " ".join(page.split())
    older = page.partition('hx-get="/search/results?')[2].partition('"')[0].replace("&amp;", "&")
    rest = client.get(f"/search/results?{older}").text
    assert rest.count("data-result") == 2
    assert "row-more" not in rest


def test_an_outsider_finds_nothing(app, cy, ann):
    client = build.signed_in(app, cy)
    for q in ("bike", "ann", "0199", "is:open", "-x"):
        page = client.get("/search", query_string={"q": q}).text
        assert "found-message" not in page
        assert "found-contact" not in page
