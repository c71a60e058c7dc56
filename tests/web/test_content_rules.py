"""Admins say what programs may not send."""

import pytest
from flask.testing import FlaskClient

from smsinbox.models import ContentRule
from smsinbox.services import content_rules
from tests import build


@pytest.fixture
def browser(app, ada) -> FlaskClient:
    return build.signed_in(app, ada)


def test_what_is_added_is_listed_with_how_it_is_found(browser):
    for words in ("Free Money", "bit.ly"):
        assert browser.post("/content-rules", data={"words": words}).status_code == 303
    page = browser.get("/content-rules").text
    assert "free money" in page
    assert "A link to it" in page


def test_what_is_there_already_is_refused_with_why(browser):
    content_rules.create("vodka")
    answer = browser.post("/content-rules", data={"words": "VODKA"})
    assert answer.status_code == 422
    assert "on the list already" in answer.text


@pytest.mark.parametrize(
    ("does", "said"),
    [("alert", "Admins are told"), ("block", "agents may not send it"), ("refuse", "Programs may")],
)
def test_an_admin_says_what_comes_of_it(browser, does, said):
    form = {"words": "lawyer", "does": does}
    assert browser.post("/content-rules", data=form).status_code == 303
    assert [one.does for one in build.every(ContentRule)][-1:] == [does]
    assert said in browser.get("/content-rules").text
    assert browser.post("/content-rules", data=form | {"does": "x"}).status_code == 422


def test_what_is_let_pass_is_gone(browser):
    rule = content_rules.create("vodka")
    browser.post(f"/content-rules/{rule.id}/delete")
    assert build.every(ContentRule) == []


def test_words_are_never_markup(browser):
    content_rules.create("<b>bold</b>")
    assert "<b>bold" not in browser.get("/content-rules").text


def test_a_pattern_is_added_on_the_same_page_or_refused_with_why(browser):
    form = {"words": r"\bfree\s+pills", "is_pattern": "1"}
    assert browser.post("/content-rules", data=form).status_code == 303
    page = browser.get("/content-rules").text
    assert r"<code>\bfree\s+pills</code>" in page
    assert "A pattern" in page
    refused = browser.post("/content-rules", data=form | {"words": "(<b>"})
    assert refused.status_code == 422
    assert "cannot be used" in refused.text
    assert 'value="(&lt;b&gt;"' in refused.text
    assert '<option value="1" selected' in refused.text
