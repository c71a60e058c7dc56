"""The rules of a number as a file: export and apply are the identity, failing tests refuse."""

import pytest
import yaml

from smsinbox.core.errors import Forbidden, Invalid
from smsinbox.models import Rule
from smsinbox.rules.decision import Mode
from smsinbox.services import rule_files, rules
from tests import build
from tests.build import OURS

FILE = """
number: "+14155550142"
rules:
  - name: Hours
    mode: on
    match: {type: exact, terms: [hours, open], not_terms: [], typos: 0}
    when: {calendar: null, is: always}
    cooldown: none
    reply: "We are open 9 to 5."
    stop: true
    tests: [{in: "HOURS!!", expect: Hours}, {in: "what are your hours", expect: null}]
  - {name: Shadow, mode: shadow, match: {type: any}, reply: Hello}
"""


def parsed(text=FILE):
    return yaml.safe_load(text)


def snapshot():
    return [
        (rule.id, rule.name, rule.position, rule.mode, rule.definition)
        for rule in build.every(Rule)
    ]


@pytest.fixture
def applied(number):
    return rule_files.apply(parsed(), None)


def test_a_file_becomes_rules_in_their_order(number, applied):
    assert [str(one) for one in applied] == ["+ Hours: on", "+ Shadow: shadow"]
    assert [(one.name, one.mode, one.position) for one in build.every(Rule)] == [
        ("Hours", "on", 0),
        ("Shadow", "shadow", 1),
    ]


def test_export_and_apply_are_the_identity(number, applied):
    rules.create(None, "Everywhere", {"match": {"type": "any"}, "reply": "x"}, None, Mode.ON)
    before = snapshot()
    text = yaml.safe_dump(rule_files.export(number), allow_unicode=True, sort_keys=False)
    assert rule_files.diff(parsed(text)) == []
    assert rule_files.apply(parsed(text), None) == []
    assert snapshot() == before


def test_what_the_file_lacks_goes_and_what_it_changes_is_named(number, applied):
    raw = parsed()
    raw["rules"] = [
        {"name": "New", "match": {"terms": ["x"]}, "reply": "y"},
        raw["rules"][0] | {"reply": "Never."},
    ]
    said = [str(one) for one in rule_files.diff(raw)]
    assert said == ["+ New: off", "~ Hours: reply", "- Shadow"]
    rule_files.apply(raw, None)
    assert [(one.name, one.position) for one in build.every(Rule)] == [("Hours", 1), ("New", 0)]


def test_a_rule_that_only_moved_keeps_its_row(number, applied):
    raw = parsed()
    raw["rules"].reverse()
    ids = {one.name: one.id for one in build.every(Rule)}
    assert [one.mark for one in rule_files.apply(raw, None)] == [">", ">"]
    assert {one.name: one.id for one in build.every(Rule)} == ids


def test_failing_tests_refuse_to_apply_and_change_nothing(number, applied):
    before, raw = snapshot(), parsed()
    raw["rules"][0]["tests"].append({"in": "open", "expect": None})
    assert len(rule_files.test(raw)) == 1
    with pytest.raises(Invalid, match="Nothing was changed"):
        rule_files.apply(raw, None)
    assert snapshot() == before


@pytest.mark.parametrize(
    "raw",
    [
        None,
        [],
        "text",
        {"number": "+14155559999", "rules": []},
        {"number": OURS, "rules": [{"name": "x"}]},
        {"number": OURS, "rules": [{"name": "x", "match": {"terms": ["stop"]}, "reply": "y"}]},
        {"number": OURS, "rule": []},
    ],
)
def test_a_file_that_cannot_be_is_refused(number, raw):
    for verb in (rule_files.diff, rule_files.test, lambda one: rule_files.apply(one, None)):
        with pytest.raises(Invalid):
            verb(raw)


def test_only_admins_apply_a_file(number, ben):
    with pytest.raises(Forbidden):
        rule_files.apply(parsed(), ben)


def test_the_commands_go_round(number, runner, tmp_path):
    file, out = tmp_path / "rules.yaml", tmp_path / "out.yaml"
    file.write_text(FILE)

    def run(*words):
        return runner.invoke(args=["inbox", "rules", *map(str, words)])

    assert "+ Hours" in run("diff", file).output
    assert run("test", file).output == "All tests hold.\n"
    assert run("apply", file).exit_code == 0
    assert run("export", out).exit_code == 0
    assert run("diff", out).output == "Nothing would change.\n"
    assert run("apply", out).output == "Nothing changed.\n"
    file.write_text(FILE.replace("expect: null", "expect: Hours"))
    assert run("test", file).exit_code == run("apply", file).exit_code == 1
    file.write_text("{")
    answer = run("apply", file)
    assert (answer.exit_code, "no YAML" in answer.output) == (1, True)
