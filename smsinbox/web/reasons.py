"""Why a rule answered or did not, and why something failed, told in the reader's language.

Both are kept in English, as they were found (rules/decide.py); here they are known again by their
words. What nobody knows is told as it stands.
"""

from collections.abc import Mapping

from babel.dates import get_day_names, get_month_names

from smsinbox.core.i18n import N_, _, _n, language, locale
from smsinbox.web.records import patterns, told

_SENTENCES = (
    # the text: which holds keep it from every rule
    N_("It is the same text again: already decided."),
    N_("It came from a number of ours."),
    N_("A whole text that says %(word)s."),
    N_("The contact is blocked."),
    N_("A short code or a name: not a person."),
    N_("It reached us more than 15 minutes after it was sent."),
    N_("Automatic texts are paused for this contact."),
    N_("A reaction to another text, not words of theirs."),
    N_("It repeats an automatic text of ours: an echo, not a question."),
    N_("Answering failed inside smsinbox; nothing was sent."),
    N_("“%(name)s” had armed this reply for the contact's next text."),
    # its words
    N_("No rule answers this text."),
    N_("%(said)s It is in shadow: nothing is sent or done."),
    N_("%(said)s “%(rule)s” has answered, so it only does the rest."),
    N_("The text fits “%(term)s”."),
    N_("The text is one that it is for."),
    N_("“%(rule)s” comes first."),
    N_("It is for every text."),
    N_("The text is not exactly one of its words."),
    N_("The text does not begin with one of its words."),
    N_("None of its words is in the text."),
    N_("None of its phrases is in the text."),
    N_("The text fits none of its patterns."),
    N_("They have written before."),
    N_("It is not a picture without words."),
    N_("It has “%(term)s” in it, which this rule leaves alone."),
    # its conditions
    N_("They opted out and now opt in."),
    N_("They opted out."),
    N_("They wrote first."),
    N_("We wrote first."),
    N_("%(spent)s of %(budget)s texts sent today."),
    N_("Few automatic texts lately."),
    N_("There is no calendar “%(calendar)s”."),
    N_("“%(calendar)s” is open (%(label)s); that changes %(moment)s."),
    N_("“%(calendar)s” is open; that changes %(moment)s."),
    N_("“%(calendar)s” is open (%(label)s)."),
    N_("“%(calendar)s” is open."),
    N_("“%(calendar)s” is closed (%(label)s); that changes %(moment)s."),
    N_("“%(calendar)s” is closed; that changes %(moment)s."),
    N_("“%(calendar)s” is closed (%(label)s)."),
    N_("“%(calendar)s” is closed."),
    N_("It begins on %(first)s; then it was %(today)s."),
    N_("It ended on %(last)s; then it was %(today)s."),
    N_("%(today)s is one of its days."),
    N_("It is their first text."),
    N_("They have the tag “%(tag)s”."),
    N_("They do not have the tag “%(tag)s”."),
    N_("Their language is not known."),
    N_("Their language is %(language)s."),
    N_("No agent wrote in the last %(span)s."),
    N_("An agent wrote a moment ago; it stays silent %(span)s more."),
    N_("It has not fired for them before."),
    N_("It fires once ever for each contact, and has."),
    N_("It has fired in this opening."),
    N_("Not since the conversation was opened again."),
    N_("It fired for them lately and rests %(span)s more."),
    N_("It last fired for them over %(cooldown)s ago."),
    N_("%(field)s has no value for them, and no words to use instead."),
    N_("With everything filled in it has over %(count)s characters."),
    # what the conditions are called
    N_("text"),
    N_("started by"),
    N_("consent"),
    N_("budget"),
    N_("limit"),
    N_("hours"),
    N_("dates"),
    N_("who"),
    N_("agents"),
    N_("cooldown"),
    N_("reply"),
    # by what a machine is known
    N_("it is a number of another inbox"),
    N_("answered two automatic texts within 8 seconds each"),
    N_("wrote faster than anybody types"),
    N_("says the same for at least the third time within an hour"),
    N_("says the same short word again and again"),
    N_("its texts and automatic ones take turns"),
    N_("got many automatic texts"),
    # why an account rests, or a webhook, a post or a file came to nothing
    N_("SECRET_KEY is not the one that sealed this account. Enter its key and secret again."),
    N_("This account has no webhook secret."),
    N_("This account has no profile secret."),
    N_("The timestamp is not a number of seconds."),
    N_("The signature does not hold: the secret is another one, or the body was altered."),
    N_("The signature does not hold: the secret is another, or the body was altered."),
    N_("The signature does not hold: the public key is another, or the body was altered."),
    N_("There is no %(header)s header."),
    N_("It still cannot be used."),
    N_("Still unreadable: %(error)s"),
    N_("Unreadable: %(error)s"),
    N_("Consent: %(error)s"),
    N_("Sender: %(error)s"),
    N_("Erased with its contact."),
    N_("Unknown status %(status)s."),
    N_("Unknown event %(event)s."),
    N_("This account has no number %(number)s. Add it, then replay."),
    N_("It failed for three days without one success."),
    N_("What to say cannot be made of what is kept."),
    N_("Nobody worked on it for a day."),
    N_("It was begun five times and never got on."),
    N_("Its file cannot be read or written."),
    # moments to come
    N_("at %(time)s"),
    N_("tomorrow at %(time)s"),
    N_("on %(day)s %(month)s at %(time)s"),
    N_("on %(weekday)s at %(time)s"),
)
_PLAIN = frozenset(sentence for sentence in _SENTENCES if "%" not in sentence)
_FILLED = patterns(sentence for sentence in _SENTENCES if "%" in sentence)


def reason(words: str) -> str:
    """The same in the present language."""
    if language() == "en":
        return words
    if words in _PLAIN:
        return _(words)
    for pattern, sentence in _FILLED:
        if found := pattern.fullmatch(words):
            return _(
                sentence, **{name: _retold(name, it) for name, it in found.groupdict().items()}
            )
    return told(words)


def _retold(name: str, said: str) -> str:
    match name:
        case "said" | "moment" | "error":
            return reason(said)
        case "span":
            return _span(said)
        case "weekday":
            return _named(said, get_day_names(locale="en"), get_day_names(locale=locale()))
        case "month":
            return _named(said, get_month_names(locale="en"), get_month_names(locale=locale()))
    return said


def _span(said: str) -> str:
    """“5 minutes”"""
    count, _gap, unit = said.partition(" ")
    if not count.isdecimal():
        return said
    match unit.removesuffix("s"):
        case "second":
            return _n("%(num)s second", "%(num)s seconds", int(count))
        case "minute":
            return _n("%(num)s minute", "%(num)s minutes", int(count))
        case "hour":
            return _n("%(num)s hour", "%(num)s hours", int(count))
        case "day":
            return _n("%(num)s day", "%(num)s days", int(count))
    return said


def _named(said: str, english: Mapping[int, str], ours: Mapping[int, str]) -> str:
    return next((ours[place] for place, name in english.items() if name == said), said)
