"""What an admin wrote, read strictly; what cannot be used comes back as sentences, not traces."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, TypeVar

import orjson
from pydantic import BaseModel, ConfigDict, ValidationError
from pydantic_core import ErrorDetails

from smsinbox.core.errors import Invalid
from smsinbox.core.i18n import N_, _, _l

M = TypeVar("M", bound=BaseModel)


class Strict(BaseModel):
    """Takes what it says and nothing else: a misspelt field must never be silently ignored."""

    model_config = ConfigDict(strict=True, frozen=True, extra="forbid", hide_input_in_errors=True)

    def json_ready(self) -> dict[str, Any]:
        """As the database's JSON column and the file of rules keep it; `read` takes it back."""
        return self.model_dump(mode="json", by_alias=True)


@dataclass(frozen=True, slots=True)
class Flaw:
    """One thing to put right: the field by its path ("match.terms") and a sentence."""

    field: str
    words: str


def read(model: type[M], raw: object) -> M:
    """The model that `raw` (JSON as Python holds it) describes; raises Invalid with the first flaw.

    Dates may be dates or ISO strings: YAML makes the one, JSON the other.
    """
    found, flaws = read_or_flaws(model, raw)
    if found is None:
        raise Invalid(flaws[0].words, flaws[0].field)
    return found


def read_or_flaws(model: type[M], raw: object) -> tuple[M | None, tuple[Flaw, ...]]:
    """The model and no flaw, or none and everything that is wrong."""
    try:
        return model.model_validate_json(orjson.dumps(raw)), ()
    except orjson.JSONEncodeError:
        return None, (Flaw("", _("This holds something that is neither text, number, yes or no.")),)
    except ValidationError as error:
        return None, tuple(map(_flaw, error.errors(include_url=False, include_input=False)))


def _flaw(error: ErrorDetails) -> Flaw:
    field = ".".join(part for part in error["loc"] if isinstance(part, str) and part != "[key]")
    return Flaw(field, _words(error, field))


def _words(error: ErrorDetails, field: str) -> str:
    context: Mapping[str, Any] = error.get("ctx", {})
    kind, name = error["type"], _("“%(name)s”", name=field) if field else _("This")
    if kind == "value_error":
        return str(context["error"])
    if kind in _SENTENCES:
        return _(_SENTENCES[kind], name=name, **context)
    if kind.endswith(("_type", "_parsing", "_from_int")):
        kind = kind.split("_")[0]
        return _(
            "%(name)s must be %(kind)s.", name=name, kind=_KINDS.get(kind, _("something else"))
        )
    return f"{name}: {error['msg']}."


_KINDS = {
    "string": _l("text"),
    "int": _l("a whole number"),
    "bool": _l("true or false"),
    "date": _l("a date such as 2026-12-24"),
    "list": _l("a list"),
    "tuple": _l("a list"),
    "dict": _l("a list of names with values"),
    "model": _l("a list of names with values"),
}
_SENTENCES = {
    "missing": N_("%(name)s is missing: write it."),
    "extra_forbidden": N_("%(name)s is no field that we know: check how it is spelt."),
    "enum": N_("%(name)s must be %(expected)s."),
    "literal_error": N_("%(name)s must be %(expected)s."),
    "greater_than_equal": N_("%(name)s must be at least %(ge)s."),
    "less_than_equal": N_("%(name)s must be at most %(le)s."),
    "string_too_short": N_("%(name)s is empty: write it."),
    "string_too_long": N_("%(name)s has at most %(max_length)s characters."),
    "too_long": N_("%(name)s has at most %(max_length)s entries."),
    "too_short": N_("%(name)s needs at least %(min_length)s of them."),
    "string_pattern_mismatch": N_("%(name)s is not written the way it should be."),
    "union_tag_not_found": N_("%(name)s: say what to do, as in “do: tag”."),
    "union_tag_invalid": N_(
        "%(name)s: “%(tag)s” is nothing a rule can do; it can do %(expected_tags)s."
    ),
    "date_from_datetime_inexact": N_("%(name)s must be a date such as 2026-12-24."),
    "json_invalid": N_("%(name)s is not something that can be read."),
}
