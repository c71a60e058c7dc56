"""A rule as one sentence that an admin can check by reading it aloud."""

from smsinbox.rules.actions import minutes
from smsinbox.rules.definition import Cooldown, Definition, Match, MatchType

_SPANS = {
    Cooldown.MINUTES_5: "5 minutes",
    Cooldown.HOUR: "hour",
    Cooldown.HOURS_12: "12 hours",
    Cooldown.DAY: "24 hours",
    Cooldown.WEEK: "7 days",
}
_LONGEST_REPLY = 80


def sentence(definition: Definition, number: str = "any number") -> str:
    """When someone texts (415) 555-9876 exactly “hours” or “open”, at any time, … and stop."""
    clauses = [
        f"When {_someone(definition)} texts {number}{_match(definition.match)}",
        _hours(definition),
        *_dates(definition),
        *_silences(definition),
    ]
    return f"{', '.join(clauses)}, {_doings(definition)}."


def summary(match: Match) -> str:
    """“exact: hours, open” for a list."""
    label = match.type.replace("_", " ")
    return f"{label}: {', '.join(match.terms)}" if match.terms else label


def _someone(definition: Definition) -> str:
    of = definition.who.of
    someone = {
        "everyone": "someone",
        "new": "somebody new",
        "known": "somebody known",
        "has_tag": f"somebody tagged “{of}”",
        "lacks_tag": f"somebody without the tag “{of}”",
        "language": f"somebody who speaks “{of}”",
    }[definition.who.kind]
    if definition.started_by == "customer":
        someone += " who wrote first"
    return someone


def _match(match: Match) -> str:
    terms = _listed(match.terms)
    words = {
        MatchType.ANY: " anything",
        MatchType.EXACT: f" exactly {terms}",
        MatchType.FIRST_WORD: f" something that begins with {terms}",
        MatchType.WORD: f" something with the word {terms}",
        MatchType.PHRASE: f" something with the words {terms}",
        MatchType.REGEX: f" something like the pattern {terms}",
        MatchType.FIRST_CONTACT: " for the first time",
        MatchType.NO_TEXT: " a picture without words",
    }[match.type]
    if match.typos:
        words += " (one typo allowed)"
    if match.not_terms:
        words += f" but not {_listed(match.not_terms)}"
    return words


def _hours(definition: Definition) -> str:
    when = definition.when
    return "at any time" if when.hours == "always" else f"while “{when.calendar}” is {when.hours}"


def _dates(definition: Definition) -> list[str]:
    first, last = definition.valid_from, definition.valid_until
    if first and last:
        return [f"from {first} to {last}"]
    if first:
        return [f"from {first}"]
    return [f"until {last}"] if last else []


def _silences(definition: Definition) -> list[str]:
    reasons = []
    if definition.human_grace:
        reasons.append(f"an agent texted in the last {minutes(definition.human_grace)}")
    match definition.cooldown:
        case Cooldown.NONE:
            pass
        case Cooldown.ONCE_EVER:
            reasons.append("this rule ever answered them before")
        case Cooldown.ONCE_PER_OPENING:
            reasons.append("this rule has answered since the conversation was opened")
        case cooldown:
            reasons.append(f"this rule answered them in the last {_SPANS[cooldown]}")
    if definition.daily_budget is not None:
        reasons.append(f"it has sent {definition.daily_budget} texts today")
    return [f"unless {' or '.join(reasons)}"] if reasons else []


def _doings(definition: Definition) -> str:
    doings = []
    if definition.reply:
        later = f" after {definition.delay} seconds" if definition.delay else ""
        more = f" (or in {_plain(tuple(definition.variants))})" if definition.variants else ""
        doings.append(f"reply{later} “{_short(definition.reply)}”{more}")
    doings += map(str, definition.actions)
    if definition.quiet:
        doings.append("alert nobody")
    doings.append("stop" if definition.stop else "go on to the next rule")
    return _plain(tuple(doings), "and")


def _listed(terms: tuple[str, ...]) -> str:
    return _plain(tuple(f"“{term}”" for term in terms))


def _plain(words: tuple[str, ...], last: str = "or") -> str:
    if len(words) < 2:
        return "".join(words)
    return f"{', '.join(words[:-1])} {last} {words[-1]}"


def _short(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= _LONGEST_REPLY else f"{line[: _LONGEST_REPLY - 1].rstrip()}…"
