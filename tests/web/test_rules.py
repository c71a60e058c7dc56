"""A rule reads as a sentence; a refused form keeps what was typed and says what to do."""

import re
from datetime import timedelta

import pytest
from flask.testing import FlaskClient

from smsinbox.core import clock
from smsinbox.core.database import atomic, db
from smsinbox.models import Number, Rule
from smsinbox.models.activity import Activity
from smsinbox.models.calendar import Calendar
from smsinbox.models.firing import Firing
from smsinbox.rules.definition import definition
from smsinbox.web.rule_forms import definition_of, values_of
from smsinbox.web.rule_presets import presets
from smsinbox.web.setup import Form
from tests import build
from tests.rules.build import OFFICE


@pytest.fixture
def browser(app, ada) -> FlaskClient:
    return build.signed_in(app, ada)


def text_of(html: str) -> str:
    return " ".join(html.split())


def posted(browser: FlaskClient, number: Number, to: str = "/rules", **fields: str):
    form = {"number_id": str(number.id), "terms": "hours, open", "reply": "Nine to five."}
    return browser.post(to, data={"type": "exact", **form, **fields})


def test_a_rule_reads_as_a_sentence(browser, number):
    build.a_rule(number, "hours", "open", reply="Nine to five.", name="Opening hours")
    page = text_of(browser.get("/rules").text)
    assert "When someone texts Support exactly “hours” or “open”, at any time, reply" in page
    assert "“Nine to five.” and stop." in page


def test_a_new_rule_is_listed_after_a_redirect_that_says_so(browser, number):
    answer = posted(browser, number, name="Opening hours")
    assert (answer.status_code, answer.location) == (303, f"/rules?number={number.id}")
    assert "Rule added. “Opening hours” is switched off." in browser.get(answer.location).text
    [rule] = build.every(Rule)
    assert (rule.keywords, rule.mode, rule.number_id) == (["hours", "open"], "off", number.id)


def test_a_rule_can_be_for_all_numbers_and_begin_in_shadow(browser, number):
    posted(browser, number, everywhere="1", mode="shadow")
    [rule] = build.every(Rule)
    assert (rule.number_id, rule.mode) == (None, "shadow")
    assert "All numbers" in browser.get(f"/rules?number={number.id}").text


@pytest.mark.parametrize(
    ("fields", "words", "at", "deep"),
    [
        ({"terms": "Stop"}, "the law says", "terms", False),
        ({"terms": " "}, "Write at least one word", "terms", False),
        ({"type": "regex", "terms": "(a"}, "pattern", "terms", False),
        ({"reply": "Hi {{contact.shoe}}"}, "is no field that we know", "reply", False),
        ({"reply": ""}, "Write the reply", "reply", False),
        ({"hours": "closed"}, "Choose the calendar", "hours", True),
        ({"valid_from": "2026-05-02", "valid_until": "2026-05-01"}, "first", "valid_until", True),
        ({"who": "has_tag"}, "Name the tag", "who_of", True),
        ({"human_grace": "soon"}, "This must be a whole number", "human_grace", True),
        ({"delay": "61"}, "must be at most 60", "delay", True),
        ({"not_terms": "!!"}, "has no letter", "not_terms", True),
        ({"snooze": "0"}, "must be at least 1", "snooze", True),
        ({"note": "Hi {{contact.shoe}}"}, "is no field that we know", "notes", True),
        ({"assign": "nobody"}, "not written the way", "assign", True),
        ({"opt_out": "1"}, "Leave the reply empty", "reply", False),
        (
            {"variant_language": "spanish!", "variant_text": "Hola"},
            "The language “sp",
            "variants",
            True,
        ),
    ],
)
def test_a_refused_rule_keeps_what_was_typed_and_says_why_beside_the_field(
    browser, number, fields, words, at, deep
):
    answer = posted(browser, number, name="A name to keep", **fields)
    page = text_of(answer.text)
    assert answer.status_code == 422
    assert "A name to keep" in page
    says = re.search(rf'id="{at}-says">([^<]*)<', page)
    assert says, page
    assert words in says[1]
    assert ('<details class="more" open>' in page) == deep
    assert build.every(Rule) == []


@pytest.mark.parametrize("calendars", [[], ["Office"]])
def test_every_preset_is_a_rule(calendars):
    assert list(presets(calendars)) == [
        "after-hours", "welcome", "hours", "address", "call", "holiday",
    ]  # fmt: skip
    for preset in presets(calendars).values():
        assert definition(definition_of(Form("rule-new", values_of(preset.definition)))).reply


def test_presets_stand_on_the_empty_page_and_fill_the_form(browser, number):
    assert "After hours" in browser.get("/rules").text
    build.changed(number, name="Shop")
    page = browser.get(f"/rules?number={number.id}&preset=hours").text
    assert "hours, open, opening hours" in page


def test_words_under_a_kind_that_has_none_are_no_matter(browser, number):
    assert posted(browser, number, type="any", terms="left over").status_code == 303
    assert build.every(Rule)[0].keywords == []


def test_a_rule_is_edited_where_it_stands(browser, number):
    rule = build.a_rule(number, "hours", name="Opening hours")
    assert "Edit “Opening hours”" in browser.get(f"/rules?edit={rule.id}").text
    posted(browser, number, f"/rules/{rule.id}", terms="open", reply="Yes.", name="Open")
    assert (build.again(rule).keywords, rule.reply, rule.name) == (["open"], "Yes.", "Open")


def test_a_refused_edit_is_shown_on_the_page_of_its_own_number(browser, number):
    other = build.a_number("+14155550143", account=number.account, name="A first one")
    rule = build.a_rule(number, "hours")
    answer = posted(browser, number, f"/rules/{rule.id}", terms="")
    assert answer.status_code == 422
    (current,) = re.findall(r'number=(\d+)"[^>]*aria-current="page"', answer.text)
    assert current == str(number.id) != str(other.id)


def test_the_switch_has_three_ways(browser, number):
    rule = build.a_rule(number, "hours")
    for mode in ("off", "shadow", "on"):
        browser.post(f"/rules/{rule.id}/switch", data={"mode": mode})
        assert build.again(rule).mode == mode
        assert re.search(rf'value="{mode}"[^>]*aria-pressed="true"', browser.get("/rules").text)
    assert browser.post(f"/rules/{rule.id}/switch", data={"mode": "loud"}).status_code == 422


def test_rules_change_places_are_copied_and_go(browser, number):
    first = build.a_rule(number, "a")
    second = build.a_rule(number, "b", position=1)
    browser.post(f"/rules/{second.id}/place", data={"position": "0"})
    assert build.again(second).position < build.again(first).position
    browser.post(f"/rules/{second.id}/copy")
    [_, _, copy] = build.every(Rule)
    assert (copy.mode, copy.keywords) == ("off", ["b"])
    assert second.position < copy.position < build.again(first).position
    browser.post(f"/rules/{first.id}/delete")
    browser.post(f"/rules/{copy.id}/delete")
    assert [rule.id for rule in build.every(Rule)] == [second.id]


def test_arrows_go_by_the_list_that_is_seen(browser, number):
    [own, other] = [
        build.a_rule(number, word, name=word, position=at * 10) for at, word in enumerate("ab")
    ]
    everywhere = build.a_rule(number, "x", name="x", position=5)
    build.changed(everywhere, number_id=None)
    page = browser.get(f"/rules?number={number.id}").text
    assert re.findall('id="rule-(\\d+)" data-rule', page) == [
        str(own.id),
        str(everywhere.id),
        str(other.id),
    ]
    [wanted] = re.findall(f'value="(\\d)"\\s+id="up-{other.id}"', page)
    data = {"position": wanted, "number_id": str(number.id)}
    page = browser.post(f"/rules/{other.id}/place", data=data, follow_redirects=True).text
    assert "“b” is number 2 now." in page
    assert re.findall('id="rule-(\\d+)" data-rule', page) == [
        str(own.id),
        str(other.id),
        str(everywhere.id),
    ]


def test_what_a_rule_says_is_text_and_never_markup(browser, number):
    build.a_rule(number, "<b>", reply="<script>alert(1)</script>", name="<i>")
    page = browser.get("/rules").text
    assert "<script>alert" not in page
    assert "&lt;script&gt;alert" in page


def test_without_a_number_the_page_says_where_to_add_one(browser):
    assert "No number yet" in browser.get("/rules").text


def test_a_card_warns_of_what_admins_should_know(browser, number):
    build.a_rule(number, "hours", name="First")
    build.a_rule(number, "hours", reply="x" * 161, name="Second", position=1)
    old = build.a_rule(number, "address", name="Old", position=2)
    build.changed(old, created_at=clock.now() - timedelta(days=31))
    page = text_of(browser.get("/rules").text)
    assert "“First” comes first and takes “hours”" in page
    assert "2 segments: the longest text it sends is billed as 2." in page
    assert "It has not fired in 30 days." in page


def test_the_length_is_that_of_the_longest_text_to_a_contact_there_is(browser, number):
    build.a_rule(number, "hours", reply="x" * 150 + "{{contact.name|you}}")
    assert "2 segments" not in browser.get("/rules").text
    build.a_conversation(number, build.a_contact(name="Bartholomew Higginbotham"))
    assert "2 segments" in browser.get("/rules").text


def test_a_card_tells_how_often_the_rule_fired(browser, number):
    rule = build.a_rule(number, "hours")
    conversation = build.a_conversation(number)
    for days in (0, 0, 3):
        _fired(rule, conversation, clock.now() - timedelta(days=days, minutes=1))
    page = text_of(browser.get("/rules").text)
    assert 'aria-label="3 in 7 days: 0, 0, 0, 1, 0, 0, 2"' in page
    assert "1m ago" in page


@atomic
def _fired(rule: Rule, conversation, at) -> None:
    text = build.a_message(conversation, direction="inbound", state="received", author="contact")
    db.session.add(
        Firing(message_id=text.id, rule_id=rule.id, contact_id=conversation.contact_id, at=at)
    )


def test_a_rule_in_shadow_tells_what_people_made_of_its_ghosts(browser, number):
    rule = build.a_rule(number, "hours", mode="shadow")
    conversation = build.a_conversation(number)
    for state in ("sent",) * 5 + ("open",):
        build.added(
            Activity(
                conversation_id=conversation.id, rule_id=rule.id, kind="ghost", ghost=state,
                body="9 to 5", at=clock.now(),
            )
        )  # fmt: skip
    page = text_of(browser.get("/rules").text)
    assert "people sent 5 of its texts and said no to 0. It seems ready" in page
    build.changed(build.every(Activity)[0], ghost="refused")
    page = text_of(browser.get("/rules").text)
    assert "people sent 4 of its texts and said no to 1." in page
    assert "It seems ready" not in page


@pytest.mark.parametrize("backend", ["sqlite"])
def test_calendars_are_there_to_choose(browser, number):
    build.added(Calendar(name="Office", definition=OFFICE, created_at=clock.now()))
    page = browser.get(f"/rules?number={number.id}&preset=after-hours").text
    assert "<option selected>Office</option>" in page


def test_a_rule_for_some_numbers_is_written_and_shown(browser, number):
    other = build.a_number("+14155550143", account=number.account, name="Workshop")
    form = {"number_id": number.id, "type": "exact", "terms": "hours", "reply": "9 to 5"}
    browser.post("/rules", data=form | {"everywhere": "1", "numbers": [number.phone]})
    (rule,) = build.every(Rule)
    assert (rule.number_id, rule.definition["numbers"]) == (None, [number.phone])
    page = browser.get(f"/rules?number={number.id}&edit={rule.id}").text
    assert re.search(rf'value="{re.escape(number.phone)}"\s+checked', page)
    assert not re.search(rf'value="{re.escape(other.phone)}"\s+checked', page)
    assert "1 number" in browser.get(f"/rules?number={number.id}").text
    assert "hours" not in browser.get(f"/rules?number={other.id}").text.partition("rule-list")[2]


def test_numbers_that_were_ticked_mean_nothing_to_a_rule_of_one_number(browser, number):
    form = {"number_id": number.id, "type": "exact", "terms": "hours", "reply": "9 to 5"}
    browser.post("/rules", data=form | {"everywhere": "", "numbers": [number.phone]})
    assert build.every(Rule)[0].definition["numbers"] == []
