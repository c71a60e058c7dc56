"""Rules as a file holds them: a number, and its rules in their order, with name and switch."""

from typing import Annotated, Any

from pydantic import Field, StringConstraints, field_validator

from smsinbox.core.i18n import _
from smsinbox.rules.decision import Mode
from smsinbox.rules.definition import Definition
from smsinbox.rules.reading import Strict, read
from smsinbox.rules.rulebook import MOST_RULES

Name = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=80)]


class Written(Definition):
    """A rule with what its row knows of it."""

    name: Name
    mode: Mode = Mode.OFF

    @field_validator("mode", mode="before")
    @classmethod
    def _may_be_yamls(cls, raw: object) -> object:
        """To YAML an unquoted on or off is true or false."""
        if isinstance(raw, bool):
            return Mode.ON if raw else Mode.OFF
        return next((mode for mode in Mode if mode == raw), raw)

    def short(self) -> dict[str, Any]:
        """As people like to read it: the name first, and nothing that goes without saying."""
        kept = self.model_dump(mode="json", by_alias=True, exclude_defaults=True)
        match = {"type": self.match.type.value, **kept.pop("match")}
        return {"name": self.name, "mode": self.mode.value, "match": match} | kept

    @property
    def definition(self) -> Definition:
        """The rule without them, as the row keeps it."""
        return Definition.model_validate_json(self.model_dump_json(by_alias=True, exclude=_OF_ROW))


class RuleFile(Strict):
    """The rules of one number; names are what examples expect, so each is there once."""

    number: str
    rules: tuple[Written, ...] = Field(default=(), max_length=MOST_RULES)

    def short(self) -> dict[str, Any]:
        """As a file holds it; `rule_file` takes it back without loss."""
        return {"number": self.number, "rules": [rule.short() for rule in self.rules]}

    @field_validator("rules")
    @classmethod
    def _have_names_of_their_own(cls, rules: tuple[Written, ...]) -> tuple[Written, ...]:
        names = [rule.name for rule in rules]
        twice = next((name for name in names if names.count(name) > 1), None)
        if twice:
            raise ValueError(
                _("Two rules are called “%(name)s”: give one of them another name.", name=twice)
            )
        return rules


def rule_file(raw: object) -> RuleFile:
    """What a file says, as YAML or JSON hold it; raises Invalid."""
    return read(RuleFile, raw)


def written(name: str, mode: Mode, definition: Definition) -> Written:
    """A row as the file has it; `json_ready()` is what to write."""
    return read(Written, {"name": name, "mode": mode.value, **definition.json_ready()})


_OF_ROW = {"name", "mode"}
