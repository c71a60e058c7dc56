"""Merge fields: a short list of names, filled in once, and nothing else is ever run."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from smsinbox.rules import fields

VALUES = {"contact.name": "Bo Li", "contact.first_name": "Bo", "number.name": "Support"}


@pytest.mark.parametrize(
    ("template", "text"),
    [
        ("Hi {{contact.first_name|there}}!", "Hi Bo!"),
        ("Hi {{ contact.first_name }}!", "Hi Bo!"),
        ("Hi {{agent.first_name|there}}!", "Hi there!"),
        ("{{contact.attr.car | no car }}", "no car"),
        ("{contact.name} {{contact.name}}{", "{contact.name} Bo Li{"),
        ("plain", "plain"),
    ],
)
def test_fields_become_their_values_or_the_words_instead(template, text):
    fields.check(template)
    assert fields.render(template, VALUES) == fields.Rendered(text)


def test_a_field_with_nothing_to_say_is_told():
    assert fields.render("Hi {{agent.first_name}}", VALUES).missing == ("agent.first_name",)


@pytest.mark.parametrize(
    "template",
    [
        "{{7*7}}",
        "{{config}}",
        "{{ ''.__class__ }}",
        "{{contact.__class__}}",
        "{{contact.name.upper()}}",
        "{{name}}",
        "{{}}",
        "{{contact.name",
        "contact.name}}",
        "{{{{contact.name}}}}",
        "{{contact.name|{{number.name}}}}",
        "{{contact.attr.}}",
    ],
)
def test_s61_what_is_no_field_cannot_be_saved(template):
    with pytest.raises(ValueError, match=r"no field|braces"):
        fields.check(template)


@pytest.mark.parametrize(
    ("written", "text"),
    [
        ("Hi {{ contact.first_name }}", "Hi Bo"),
        ("Hi {{agent.first_name | there}}", "Hi there"),
        (
            "{{order}} {{7*7}} {{}} {{x|y}} {{contact.name",
            "{{order}} {{7*7}} {{}} {{x|y}} {{contact.name",
        ),
    ],
)
def test_what_people_write_keeps_braces_that_are_no_field(written, text):
    assert fields.filled_in(written, VALUES) == text


@pytest.mark.parametrize(
    "written",
    ["{{agent.first_name}}", "{{contact.attr.car| }}", "{{contact.nmae|there}}", "{{a.b}}"],
)
def test_a_field_of_a_person_that_says_nothing_is_named(written):
    with pytest.raises(ValueError, match=written.strip("{}").split("|")[0]):
        fields.filled_in(f"Hi {written}", VALUES)


@pytest.mark.parametrize("template", ["{% for x in y %}", "{# note #}", "${contact.name}", "%s"])
def test_s61_other_languages_mean_nothing_here(template):
    fields.check(template)
    assert fields.render(template, VALUES).text == template


@given(st.text(), st.text())
def test_s87_a_value_is_never_looked_at_again(name, other):
    values = {"contact.name": "{{number.name}}" + name, "number.name": other}
    assert fields.render("{{contact.name}}", values).text.startswith("{{number.name}}")


def test_a_value_stays_on_one_line_and_in_its_bounds():
    text = fields.render("{{contact.name}}", {"contact.name": "a\n\0b\u202ec " + "x" * 999}).text
    assert text.startswith("a ␀b c x")
    assert len(text) == 160


def test_the_longest_is_the_one_that_costs_most():
    people = [{"contact.name": name} for name in ("Bo", "Wolfgang Amadeus", "Ж" * 9)]
    longest = fields.longest("Hello {{contact.name}} " + "x" * 70, people)
    assert (longest.text[6:15], longest.parts) == ("Ж" * 9, 2)
    assert fields.longest("Hi {{contact.name|there}}", []).text == "Hi there"


def test_what_may_lack_a_value_can_be_warned_about():
    assert fields.may_lack_a_value("{{contact.name}} {{agent.first_name|us}} {{date}}")
    assert not fields.may_lack_a_value("{{agent.first_name|us}} {{date}}")
