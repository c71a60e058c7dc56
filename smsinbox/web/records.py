"""Sentences that were written down in English, told in the reader's language.

Lines of a thread and reasons are kept as they were written; those that are ours are known again
by their words, and what nobody knows is told as it stands.
"""

import re
from collections.abc import Iterable
from datetime import date

from babel.dates import format_skeleton
from babel.lists import format_list

from smsinbox.core.i18n import N_, _, _n, language, locale

_DEEDS = (
    N_("tag the contact “%(tag)s”"),
    N_("take the tag “%(tag)s” off"),
    N_("assign it to %(name)s"),
    N_("snooze it for %(span)s"),
    N_("close it"),
    N_("leave a note"),
    N_("notify the agents"),
    N_("notify %(names)s"),
    N_("tell the programs"),
    N_("opt them out"),
    N_("opt them in"),
)
_COLUMNS = (
    N_("the name"),
    N_("the notes"),
    N_("the language"),
    N_("the time zone"),
    N_("the details"),
)
# The first that fits is taken: what is said in general stands last.
_SENTENCES = (
    N_("Took it."),
    N_("Took it by answering."),
    N_("Unassigned it."),
    N_("Assigned it to %(name)s."),
    N_("Could not assign it to %(name)s: they may not answer on this number."),
    N_("Given to %(name)s, whose turn it was."),
    N_("%(name)s had it for %(minutes)s minutes without an answer: it is free again."),
    N_("Closed it."),
    N_("Reopened it."),
    N_("Let rules answer again."),
    N_("Alert word “%(words)s”: the admins were told."),
    N_("Snoozed it until they text."),
    N_("Snoozed it until %(when)s."),
    N_("Its snooze is over."),
    N_("Wrote a hand-over card."),
    N_("Finished the hand-over: %(next)s"),
    N_("sent this although newer texts had come."),
    N_("sent this although it had been said within the last minute."),
    N_("sent this although it names somebody else."),
    N_("sent this although carriers often block such links."),
    N_("sent this although something in braces is not filled in."),
    N_("sent this first text although it does not say how to stop such texts."),
    N_("Blocked the contact."),
    N_("Unblocked the contact."),
    N_("Tagged the contact “%(tag)s”."),
    N_("Took the tag “%(tag)s” off the contact."),
    N_("Changed %(columns)s of the contact."),
    N_("Merged the contact with another one."),
    N_("Took a merge of the contact back."),
    N_("Erased the contact: texts, files, notes and names."),
    N_("Tag the contact “%(tag)s”."),
    N_("Take the tag “%(tag)s” off."),
    N_("Snooze it for %(span)s."),
    N_("Close it."),
    N_("Notify the agents."),
    N_("Notify %(names)s."),
    N_("Tell the programs."),
    N_("Opt them out."),
    N_("Opt them in."),
    N_("Would %(deed)s."),
    *_DEEDS,
    # why nothing answers by itself any more
    N_("Looks like a robot: %(signs)s."),
    N_("%(count)s automatic texts within an hour and no text by an agent since."),
    N_("%(count)s automatic texts within a day."),
    N_("%(count)s automatic texts in turn, and they say the same again."),
    # what became of a text
    N_("The program took it back before it left."),
    N_("%(name)s took it back before it left."),
    N_("They texted first."),
    N_("The contact changed their mind before it left."),
    N_("The contact was blocked before it left."),
    N_("Automatic texts were paused in this conversation before it left."),
    N_("An agent answered before this automatic text left."),
    N_("The process that sent it stopped before the carrier's answer was kept."),
    N_("It waited too long and was not sent."),
    N_("%(carrier)s takes no files."),
    # and of a file
    N_("Expired at the carrier."),
    N_("Carriers do not take this kind of file."),
    N_("Too large: carriers take less than 1 MB."),
    N_("Too large: more than %(size)s MB."),
    N_("There is no such file at its address."),
    N_("The file never came. The carrier could not be reached."),
    N_("The file never came. The carrier answered %(status)s."),
    N_("The file never came. Its host could not be reached."),
    N_("The file never came. Its host answered %(status)s."),
    # what a thread says of consent
    N_("Opted out: they texted “%(words)s”."),
    N_("Opted out, as the carrier tells."),
    N_("Opted them out: %(words)s"),
    N_("Opted out, by a list that was imported."),
    N_("Opted out long before."),
    N_("Opted in again: they texted “%(words)s”."),
    N_("Opted in again, as the carrier tells."),
    N_("Lifted the opt-out: %(words)s"),
    N_("Opted in again, by a list that was imported."),
    N_("The carrier could not be reached."),
    N_("The carrier answered %(status)s."),
    N_("Its host could not be reached."),
    N_("Its host answered %(status)s."),
    N_("Its address is none that we would open."),
    N_("Its address is not https."),
    N_("It lies at %(host)s, which is no host of this carrier."),
    N_("Its address leads from one place to another."),
    N_("Its address leads into a network that is not public."),
)
_PLACE = re.compile(r"%\\\((\w+)\\\)s")


def patterns(sentences: Iterable[str]) -> tuple[tuple[re.Pattern[str], str], ...]:
    """What finds each sentence again, whatever stands in its places."""
    return tuple(
        (re.compile(_PLACE.sub(r"(?P<\1>.+)", re.escape(sentence)), re.DOTALL), sentence)
        for sentence in sentences
    )


_KNOWN = patterns(_SENTENCES)
_MOMENT = re.compile(r"(\w{3}) (\d+) (\w{3}), (.*)")
_DAYS = "Mon Tue Wed Thu Fri Sat Sun".split()
_MONTHS = "Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec".split()


def told(words: str) -> str:
    """The same in the present language."""
    if language() == "en":
        return words
    for pattern, sentence in _KNOWN:
        if found := pattern.fullmatch(words):
            values = {name: _retold(name, said) for name, said in found.groupdict().items()}
            return _(sentence, **values)
    return words


def _retold(name: str, said: str) -> str:
    match name:
        case "deed":
            return told(said)
        case "columns":
            return format_list(
                [_column(one) for one in re.split(", | and ", said)], locale=locale()
            )
        case "names":
            return format_list(re.split(", | and ", said), locale=locale())
        case "span":
            return span(said)
        case "when":
            return _moment(said)
    return said


def span(said: str) -> str:
    """“5 minutes” in the present language."""
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


def _column(said: str) -> str:
    return _(said) if said in _COLUMNS else said


def _moment(said: str) -> str:
    """“Wed 25 Nov, 09:00 (Europe/Berlin)”: of any year in which that day was one."""
    found = _MOMENT.fullmatch(said)
    if found is None or found[1] not in _DAYS or found[3] not in _MONTHS:
        return said
    weekday, day, month = _DAYS.index(found[1]), int(found[2]), _MONTHS.index(found[3]) + 1
    for year in range(2000, 2028):
        try:
            at = date(year, month, day)
        except ValueError:
            continue
        if at.weekday() == weekday:
            return f"{format_skeleton('MMMEd', at, locale=locale())}, {found[4]}"
    return said
