"""The form of a rule and its definition are one and the same."""

from smsinbox.rules.definition import definition
from smsinbox.web.rule_forms import TEXTS, definition_of, values_of
from smsinbox.web.setup import Form


def test_everything_a_rule_can_say_comes_back_from_its_form():
    whole = {
        "match": {"type": "word", "terms": ["hours"], "not_terms": ["happy hours"], "typos": 1},
        "numbers": ["+14155550142", "+14155550143"],
        "when": {"calendar": "Office", "is": "closed"},
        "valid_from": "2026-05-01",
        "valid_until": "2026-05-31",
        "who": {"is": "language", "of": "es"},
        "started_by": "customer",
        "human_grace": 30,
        "cooldown": "once_per_opening",
        "delay": 20,
        "actions": [
            {"do": "tag", "tag": "late"},
            {"do": "tag", "tag": "two words"},
            {"do": "untag", "tag": "new"},
            {"do": "assign", "to": "ada@example.com"},
            {"do": "note", "text": "They asked, at night"},
            {"do": "note", "text": "Call\n\nthem back"},
            {"do": "notify", "users": ["ada@example.com"]},
            {"do": "snooze", "minutes": 60},
            {"do": "close"},
            {"do": "callback"},
        ],
        "reply": "Closed until {{calendar.opens|soon}}.",
        "variants": {"es": "Cerrado.", "pt-BR": "Fechado."},
        "stop": False,
        "quiet": True,
        "counts_as_response": True,
        "daily_budget": 40,
        "tests": [{"in": "hours?", "at": "Sun 03:00", "contact": "new", "expect": "Hours"}],
    }
    form = Form("rule-1", values_of(definition(whole).json_ready()))
    assert definition(definition_of(form)) == definition(whole)
    pattern = {"match": {"type": "regex", "terms": ["a{1,2}", "b"]}, "reply": "x"}
    again = definition_of(Form("rule-1", values_of(pattern)))
    assert again["match"]["terms"] == ["a{1,2}", "b"]
    rows = {"actions", "notes", "numbers", "variants", "tests"}
    assert set(values_of(pattern)) == {*TEXTS, *rows}
