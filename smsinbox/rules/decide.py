"""One text, all facts and a number's rules: who answers, and why nobody else does.

The one evaluator: receiving, the try-out box, the backtest and the file of rules call this. It
looks at nothing but its arguments, gives the same for the same, and never raises.
"""

from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import TypedDict

from smsinbox.core.i18n import speaking
from smsinbox.core.text import normalise
from smsinbox.core.words import ConsentWord, meaning_of, refuses
from smsinbox.rules import conditions, loops
from smsinbox.rules.decision import Check, Decision, Hold, Outcome, Planned, Reply, RuleOutcome
from smsinbox.rules.definition import LONGEST_REPLY
from smsinbox.rules.facts import REMEMBERED, Facts, Sender, Text, Turn, Voice
from smsinbox.rules.fields import Rendered
from smsinbox.rules.loops import Evidence, Score
from smsinbox.rules.matching import Said, said
from smsinbox.rules.rulebook import Compiled, Rulebook
from smsinbox.rules.values import planned, rendered

LATEST = timedelta(minutes=15)  # what we learn of later than this nobody waits for any more
_MOST_TURNS = 60
_NOBODY = "No rule answers this text."


def decide(text: Text, facts: Facts, rules: Rulebook) -> Decision:
    """What happens about this text, and why. Consent words are law: they come before all holds but
    two, and are for the caller to carry out; `replies` never holds their confirmation.

    In English, whoever looks: it is written down, and pages tell it in the reader's language.
    """
    with speaking("en"):
        return _decided(text, facts, rules)


def _decided(text: Text, facts: Facts, rules: Rulebook) -> Decision:
    heard = said(text.body, text.files)
    consent = _consent(text, heard, facts)
    evidence = loops.evidence(facts.conversation.turns, heard.normalised, facts.at, facts.paired)
    score = loops.score(evidence)
    told = _Told(
        normalised=heard.normalised,
        consent=consent,
        confirms=_confirms(text, consent, facts),
        wants_to_stop=consent is None and refuses(heard.normalised),
        score=score.points,
        signs=score.signs,
    )
    held = _held(heard, consent, facts, score)
    if held:
        return _all_held(told, rules, *held)
    return _Evaluation(heard, facts, evidence).of(rules, told)


def after(facts: Facts, decision: Decision) -> Facts:
    """The facts once this is done, for the next text of the same contact: give them its instant.

    A backtest carries `spent` over from contact to contact and empties it every midnight. What the
    caller does besides (an agent's text, a conversation opened again) it puts in itself.
    """
    if decision.held is Hold.DUPLICATE:
        return facts
    turns = [turn for turn in facts.conversation.turns if facts.at - turn.at < REMEMBERED]
    turns.append(Turn(facts.at, Voice.THEM, decision.normalised))
    if decision.confirms:
        turns.append(Turn(facts.at, Voice.AUTOMATIC, ""))  # in words that are not ours to know
    spent = dict(facts.spent)
    for reply in decision.replies:
        spent[reply.rule_id] = spent.get(reply.rule_id, 0) + 1
        if not reply.shadow:
            turns.append(Turn(facts.at, Voice.AUTOMATIC, normalise(reply.text)))
    contact, fired = facts.contact, decision.fired
    return replace(
        facts,
        contact=replace(contact, new=False) if contact.new else contact,
        conversation=replace(facts.conversation, turns=tuple(turns[-_MOST_TURNS:])),
        fired={**facts.fired, **dict.fromkeys(fired, facts.at)} if fired else facts.fired,
        spent=spent,
        paused=facts.paused or decision.pauses,
        opted_out=_is_opted_out(facts, decision),
    )


class _Told(TypedDict):
    """What every Decision says, whatever rules say."""

    normalised: str
    consent: ConsentWord | None
    confirms: bool
    wants_to_stop: bool
    score: int
    signs: tuple[str, ...]


def _is_opted_out(facts: Facts, decision: Decision) -> bool:
    if decision.consent is ConsentWord.STOP:
        return True
    if decision.consent is ConsentWord.START:
        return False
    real = [one.action.do for one in decision.actions if not one.shadow]
    return (facts.opted_out or "opt_out" in real) and "opt_in" not in real


def _consent(text: Text, heard: Said, facts: Facts) -> ConsentWord | None:
    if facts.duplicate or facts.sender in (Sender.OURS, Sender.MACHINE):
        return None
    return text.answered or meaning_of(heard.normalised, facts.number.consent_words)


def _confirms(text: Text, consent: ConsentWord | None, facts: Facts) -> bool:
    """Once for each change, always for HELP; never what the carrier has confirmed itself,
    and never to somebody who is blocked."""
    if consent is None or text.answered or facts.sender is Sender.BLOCKED:
        return False
    return consent is ConsentWord.HELP or facts.opted_out == (consent is ConsentWord.START)


def _held(
    heard: Said, consent: ConsentWord | None, facts: Facts, score: Score
) -> tuple[Hold, str] | None:
    """What keeps every rule from this text."""
    holds = (
        (facts.duplicate, Hold.DUPLICATE, "It is the same text again: already decided."),
        (facts.sender is Sender.OURS, Hold.OURS, "It came from a number of ours."),
        (consent is not None, Hold.CONSENT, f"A whole text that says {(consent or '').upper()}."),
        (facts.sender is Sender.BLOCKED, Hold.BLOCKED, "The contact is blocked."),
        (facts.sender is Sender.MACHINE, Hold.MACHINE, "A short code or a name: not a person."),
        (facts.late > LATEST, Hold.LATE, "It reached us more than 15 minutes after it was sent."),
        (facts.paused, Hold.PAUSED, "Automatic texts are paused for this contact."),
        (score.is_machine, Hold.LOOP, score.words),
    )
    for holds_true, hold, words in holds:
        if holds_true:
            return hold, words
    if heard.is_tapback:
        return Hold.TAPBACK, "A reaction to another text, not words of theirs."
    if _is_echo(heard, facts):
        return Hold.ECHO, "It repeats an automatic text of ours: an echo, not a question."
    return None


def _is_echo(heard: Said, facts: Facts) -> bool:
    return bool(heard.normalised) and any(
        turn.voice is Voice.AUTOMATIC and turn.said == heard.normalised
        for turn in facts.conversation.turns
        if facts.at - turn.at < timedelta(hours=1)
    )


def _all_held(told: _Told, rules: Rulebook, hold: Hold, words: str) -> Decision:
    outcomes = (RuleOutcome(rule.id, rule.name, Outcome.HELD, words) for rule in rules.rules)
    return Decision(**told, held=hold, reason=words, rules=tuple(outcomes))


@dataclass(slots=True)
class _Course:
    """How far one course has come: that of the rules that are on, or of those in shadow."""

    stopped_by: str | None = None
    answered_by: str | None = None
    winner: int | None = None


@dataclass(slots=True)
class _Evaluation:
    """One walk along the rules. Those in shadow see what the others do, never the reverse."""

    heard: Said
    facts: Facts
    evidence: Evidence
    real: _Course = field(default_factory=_Course)
    shadow: _Course = field(default_factory=_Course)
    replies: list[Reply] = field(default_factory=list)
    actions: list[Planned] = field(default_factory=list)
    quiet: bool = False
    counts: bool = False

    def of(self, rules: Rulebook, told: _Told) -> Decision:
        looked = rules.worth_a_look(self.heard)
        if not looked:
            return Decision(**told, reason=_NOBODY, rules=rules.missed)
        is_new, heard, outcomes = self.facts.contact.new, self.heard, list(rules.missed)
        reason = _NOBODY
        for place in looked:
            one = rules.compiled[place]
            term = one.matcher.hit(heard, is_new)
            if term is None:
                outcomes[place] = one.outcome_of_miss(heard, is_new)
                continue
            outcomes[place] = self._outcome(one, term)
            if self.real.winner == one.rule.id:
                reason = outcomes[place].reason
        return Decision(
            **told,
            reason=reason,
            rules=tuple(outcomes),
            winner=self.real.winner,
            ghost=self.shadow.winner,
            replies=tuple(self.replies),
            actions=tuple(self.actions),
            quiet=self.quiet,
            counts_as_response=self.counts,
        )

    def _outcome(self, one: Compiled, term: str) -> RuleOutcome:
        rule, checks = one.rule, [Check("text", True, _fits(term))]
        checks += conditions.checks(rule, self.facts, self.evidence)
        ahead = self.real.stopped_by
        if ahead is None and one.shadow:
            ahead = self.shadow.stopped_by
        failed = next((check for check in checks if not check.passed), None)
        text = Rendered("")
        if one.definition.reply and not failed:
            text = rendered(one.definition, self.facts)
            if wrong := _unsendable(text):
                failed = Check("reply", False, wrong)
                checks.append(failed)
        if failed:
            outcome, reason = Outcome.SILENT, failed.words
        elif ahead is not None:
            outcome, reason = Outcome.BEHIND, f"“{ahead}” comes first."
        else:
            outcome, reason = self._fire(one, text.text, _fits(term))
        return RuleOutcome(rule.id, rule.name, outcome, reason, tuple(checks))

    def _fire(self, one: Compiled, text: str, fits: str) -> tuple[Outcome, str]:
        rule, wanted = one.rule, one.definition
        course = self.shadow if one.shadow else self.real
        answered = course.answered_by if self.real.answered_by is None else self.real.answered_by
        replies = bool(text) and answered is None
        if replies:
            self.replies.append(Reply(rule.id, text, wanted.delay, one.shadow))
            course.answered_by, course.winner = rule.name, rule.id
        if course.winner is None:
            course.winner = rule.id
        course.stopped_by = rule.name if wanted.stop else None
        self.actions += planned(rule, self.facts)
        if not one.shadow:
            self.quiet = self.quiet or wanted.quiet
            self.counts = self.counts or (wanted.counts_as_response and replies)
        if text and answered is not None:
            fits = f"{fits} “{answered}” has answered, so it only does the rest."
        if one.shadow:
            return Outcome.SHADOW, f"{fits} It is in shadow: nothing is sent or done."
        return (Outcome.ANSWERED if replies else Outcome.ACTED), fits


def _fits(term: str) -> str:
    return f"The text fits “{term}”." if term else "The text is one that it is for."


def _unsendable(text: Rendered) -> str | None:
    if text.missing:
        return f"{{{{{text.missing[0]}}}}} has no value for them, and no words to use instead."
    if len(text.text) > LONGEST_REPLY:
        return f"With everything filled in it has over {LONGEST_REPLY:,} characters."
    return None
