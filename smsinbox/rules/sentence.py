"""A rule as one sentence that an admin can check by reading it aloud.

Each clause is a whole message, so that a language may order its words; lists join them.
"""

from collections.abc import Iterable

from smsinbox.core.i18n import N_, _, _l, _n
from smsinbox.rules.actions import minutes
from smsinbox.rules.definition import Cooldown, Definition, Match, MatchType

_RESTS = {
    Cooldown.MINUTES_5: _l("this rule answered them in the last 5 minutes"),
    Cooldown.HOUR: _l("this rule answered them in the last hour"),
    Cooldown.HOURS_12: _l("this rule answered them in the last 12 hours"),
    Cooldown.DAY: _l("this rule answered them in the last 24 hours"),
    Cooldown.WEEK: _l("this rule answered them in the last 7 days"),
    Cooldown.ONCE_EVER: _l("this rule ever answered them before"),
    Cooldown.ONCE_PER_OPENING: _l("this rule has answered since the conversation was opened"),
}
_SOMEONE = {
    "everyone": N_("someone"),
    "new": N_("somebody new"),
    "known": N_("somebody known"),
    "has_tag": N_("somebody tagged “%(of)s”"),
    "lacks_tag": N_("somebody without the tag “%(of)s”"),
    "language": N_("somebody who speaks “%(of)s”"),
}
_MATCHES = {
    MatchType.ANY: N_("When %(who)s texts %(number)s anything"),
    MatchType.EXACT: N_("When %(who)s texts %(number)s exactly %(terms)s"),
    MatchType.FIRST_WORD: N_("When %(who)s texts %(number)s something that begins with %(terms)s"),
    MatchType.WORD: N_("When %(who)s texts %(number)s something with the word %(terms)s"),
    MatchType.PHRASE: N_("When %(who)s texts %(number)s something with the words %(terms)s"),
    MatchType.REGEX: N_("When %(who)s texts %(number)s something like the pattern %(terms)s"),
    MatchType.FIRST_CONTACT: N_("When %(who)s texts %(number)s for the first time"),
    MatchType.NO_TEXT: N_("When %(who)s texts %(number)s a picture without words"),
}
_LONGEST_REPLY = 80


def sentence(definition: Definition, number: str = "") -> str:
    """When someone texts (415) 555-9876 exactly “hours” or “open”, at any time, … and stop.

    Without a number it is about all of them.
    """
    conditions = [
        _match(definition.match, _someone(definition), number or _("any number")),
        _hours(definition),
        *_dates(definition),
        *_silences(definition),
    ]
    return _(
        "%(conditions)s, %(doings)s.", conditions=", ".join(conditions), doings=_doings(definition)
    )


def _someone(definition: Definition) -> str:
    someone = _(_SOMEONE[definition.who.kind], of=definition.who.of)
    if definition.started_by == "customer":
        return _("%(who)s who wrote first", who=someone)
    return someone


def _match(match: Match, who: str, number: str) -> str:
    words = _(_MATCHES[match.type], who=who, number=number, terms=_listed(match.terms))
    if match.typos:
        words = _("%(words)s (one typo allowed)", words=words)
    if match.not_terms:
        words = _("%(words)s but not %(terms)s", words=words, terms=_listed(match.not_terms))
    return words


def _hours(definition: Definition) -> str:
    when = definition.when
    match when.hours:
        case "always":
            return _("at any time")
        case "open":
            return _("while “%(calendar)s” is open", calendar=when.calendar)
        case "closed":
            return _("while “%(calendar)s” is closed", calendar=when.calendar)


def _dates(definition: Definition) -> list[str]:
    first, last = definition.valid_from, definition.valid_until
    if first and last:
        return [_("from %(first)s to %(last)s", first=first, last=last)]
    if first:
        return [_("from %(first)s", first=first)]
    return [_("until %(last)s", last=last)] if last else []


def _silences(definition: Definition) -> list[str]:
    reasons = []
    if definition.human_grace:
        span = minutes(definition.human_grace)
        reasons.append(_("an agent texted in the last %(span)s", span=span))
    if definition.cooldown is not Cooldown.NONE:
        reasons.append(str(_RESTS[definition.cooldown]))
    if definition.daily_budget is not None:
        sent = definition.daily_budget
        reasons.append(
            _n("it has sent %(num)s text today", "it has sent %(num)s texts today", sent)
        )
    if not reasons:
        return []
    alternatives = reasons[0]
    for reason in reasons[1:]:
        alternatives = _("%(several)s or %(last)s", several=alternatives, last=reason)
    return [_("unless %(reasons)s", reasons=alternatives)]


def _doings(definition: Definition) -> str:
    doings = [_reply(definition)] if definition.reply else []
    doings += map(str, definition.actions)
    if definition.quiet:
        doings.append(_("alert nobody"))
    doings.append(_("stop") if definition.stop else _("go on to the next rule"))
    if len(doings) == 1:
        return doings[0]
    return _("%(several)s and %(last)s", several=", ".join(doings[:-1]), last=doings[-1])


def _reply(definition: Definition) -> str:
    text = _short(definition.reply)
    words = _("reply “%(text)s”", text=text)
    if definition.delay:
        words = _n(
            "reply after %(num)s second “%(text)s”",
            "reply after %(num)s seconds “%(text)s”",
            definition.delay,
            text=text,
        )
    if definition.variants:
        languages = _either(definition.variants)
        words = _("%(reply)s (or in %(languages)s)", reply=words, languages=languages)
    return words


def _listed(terms: Iterable[str]) -> str:
    return _either(_("“%(term)s”", term=term) for term in terms)


def _either(words: Iterable[str]) -> str:
    *several, last = [*words] or [""]
    if not several:
        return last
    return _("%(several)s or %(last)s", several=", ".join(several), last=last)


def _short(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= _LONGEST_REPLY else f"{line[: _LONGEST_REPLY - 1].rstrip()}…"
