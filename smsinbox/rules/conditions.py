"""The conditions of a rule whose words occur, one check each, in the order in which they count."""

from collections.abc import Iterator
from datetime import UTC, timedelta, tzinfo
from zoneinfo import ZoneInfo

from smsinbox.rules import loops, moments
from smsinbox.rules.actions import OptIn, minutes
from smsinbox.rules.calendar import Hours
from smsinbox.rules.decision import Check
from smsinbox.rules.definition import Cooldown, Definition
from smsinbox.rules.facts import Facts, Voice
from smsinbox.rules.loops import Evidence
from smsinbox.rules.rulebook import Rule

_REST = {
    Cooldown.MINUTES_5: timedelta(minutes=5),
    Cooldown.HOUR: timedelta(hours=1),
    Cooldown.HOURS_12: timedelta(hours=12),
    Cooldown.DAY: timedelta(days=1),
    Cooldown.WEEK: timedelta(days=7),
}


def checks(rule: Rule, facts: Facts, evidence: Evidence) -> Iterator[Check]:
    """All that must hold, each with what was found; a condition that asks nothing is left out."""
    wanted = rule.definition
    if facts.opted_out:
        yield _consent(wanted)
    yield from _when(wanted, facts)
    if wanted.who.kind != "everyone":
        yield _who(wanted, facts)
    if wanted.started_by == "customer":
        began = facts.conversation.started_by_customer
        yield Check("started by", began, _either(began, "They wrote first.", "We wrote first."))
    if wanted.human_grace:
        yield _grace(wanted, facts)
    if wanted.cooldown is not Cooldown.NONE:
        yield _cooldown(rule, facts)
    if wanted.reply:
        yield from _limits(rule, facts, evidence)


def zone_of(wanted: Definition, facts: Facts) -> tzinfo:
    """The calendar's zone, else the number's."""
    hours = facts.calendars.get(wanted.when.calendar or "")
    if hours:
        return hours.zone
    return zone_of_number(facts)


def zone_of_number(facts: Facts) -> tzinfo:
    """Where its clock hangs."""
    try:
        return ZoneInfo(facts.number.zone)
    except (KeyError, ValueError, OSError):
        return UTC


def calendar_of(wanted: Definition, facts: Facts) -> Hours | None:
    return facts.calendars.get(wanted.when.calendar) if wanted.when.calendar else None


def _consent(wanted: Definition) -> Check:
    opts_in = any(isinstance(action, OptIn) for action in wanted.actions)
    return Check(
        "consent", opts_in, _either(opts_in, "They opted out and now opt in.", "They opted out.")
    )


def _when(wanted: Definition, facts: Facts) -> Iterator[Check]:
    if wanted.when.hours != "always":
        yield _hours(wanted, facts)
    if wanted.valid_from or wanted.valid_until:
        yield _dates(wanted, facts)


def _limits(rule: Rule, facts: Facts, evidence: Evidence) -> Iterator[Check]:
    budget = rule.definition.daily_budget
    if budget is not None:
        spent = facts.spent.get(rule.id, 0)
        yield Check("budget", spent < budget, f"{spent} of {budget} texts sent today.")
    cap = loops.over_a_cap(evidence)
    yield Check("limit", cap is None, cap or "Few automatic texts lately.")


def _hours(wanted: Definition, facts: Facts) -> Check:
    hours = calendar_of(wanted, facts)
    if hours is None:
        return Check("hours", False, f"There is no calendar “{wanted.when.calendar}”.")
    state, until = hours.state(facts.at), hours.until(facts.at)
    words = f"“{hours.name}” is {state.word}"
    if state.label:
        words += f" ({state.label})"
    if until:
        words += f"; that changes {moments.ahead(until, facts.at, hours.zone)}"
    return Check("hours", state.word == wanted.when.hours, f"{words}.")


def _dates(wanted: Definition, facts: Facts) -> Check:
    today = facts.at.astimezone(zone_of(wanted, facts)).date()
    if wanted.valid_from and today < wanted.valid_from:
        return Check("dates", False, f"It begins on {wanted.valid_from}; then it was {today}.")
    if wanted.valid_until and today > wanted.valid_until:
        return Check("dates", False, f"It ended on {wanted.valid_until}; then it was {today}.")
    return Check("dates", True, f"{today} is one of its days.")


def _who(wanted: Definition, facts: Facts) -> Check:
    contact, of = facts.contact, wanted.who.of
    tagged = of.casefold() in map(str.casefold, contact.tags)
    match wanted.who.kind:
        case "new" | "known":
            passed = contact.new == (wanted.who.kind == "new")
            words = _either(contact.new, "It is their first text.", "They have written before.")
        case "has_tag" | "lacks_tag":
            passed = tagged == (wanted.who.kind == "has_tag")
            words = f"They have the tag “{of}”." if tagged else f"They do not have the tag “{of}”."
        case _:
            spoken = contact.language
            passed = spoken.casefold() == of.casefold() or spoken.casefold().startswith(
                f"{of.casefold()}-"
            )
            words = f"Their language is {spoken}." if spoken else "Their language is not known."
    return Check("who", passed, words)


def _grace(wanted: Definition, facts: Facts) -> Check:
    latest = max(
        (turn.at for turn in facts.conversation.turns if turn.voice is Voice.HUMAN), default=None
    )
    grace = timedelta(minutes=wanted.human_grace)
    if latest is None or facts.at - latest >= grace:
        return Check("agents", True, f"No agent wrote in the last {minutes(wanted.human_grace)}.")
    left = _left(grace - (facts.at - latest))
    return Check("agents", False, f"An agent wrote a moment ago; it stays silent {left} more.")


def _cooldown(rule: Rule, facts: Facts) -> Check:
    last, cooldown = facts.fired.get(rule.id), rule.definition.cooldown
    if last is None:
        return Check("cooldown", True, "It has not fired for them before.")
    if cooldown is Cooldown.ONCE_EVER:
        return Check("cooldown", False, "It fires once ever for each contact, and has.")
    if cooldown is Cooldown.ONCE_PER_OPENING:
        opened = facts.conversation.opened_at
        before = opened is not None and last < opened
        no, yes = "It has fired in this opening.", "Not since the conversation was opened again."
        return Check("cooldown", before, _either(before, yes, no))
    left = _REST[cooldown] - (facts.at - last)
    if left > timedelta(0):
        return Check("cooldown", False, f"It fired for them lately and rests {_left(left)} more.")
    return Check("cooldown", True, f"It last fired for them over {cooldown} ago.")


def _left(span: timedelta) -> str:
    seconds = max(1, -(-span // timedelta(seconds=1)))
    if seconds < 60:
        return f"{seconds} second{'s' * (seconds != 1)}"
    if seconds < 7200:
        return minutes(-(-seconds // 60))
    return minutes(-(-seconds // 3600) * 60)


def _either(fact: bool, yes: str, no: str) -> str:
    return yes if fact else no
