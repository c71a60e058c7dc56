"""What no text of a program may have in it, and what admins want to hear of: words, patterns and
links, kept by admins."""

import secrets

from sqlalchemy import update
from sqlalchemy.exc import IntegrityError

from smsinbox.core import clock
from smsinbox.core.database import atomic, attempt, db
from smsinbox.core.errors import Invalid, NotFound
from smsinbox.core.i18n import _
from smsinbox.core.text import clean, normalise
from smsinbox.models.content_rule import ContentRule, Does
from smsinbox.models.number import Number
from smsinbox.models.user import User
from smsinbox.rules.patterns import BadPattern, pattern
from smsinbox.services import typed
from smsinbox.services.authority import must_administer


@atomic
def create(
    words: str, by: User | None = None, *, is_pattern: bool = False, does: str = Does.REFUSE
) -> ContentRule:
    """Refuse from now on, or tell of, what has these words, or this host of links, in it, or what
    the pattern finds; raises Invalid, with the reason why a pattern cannot be used."""
    must_administer(by)
    if does not in list(Does):
        raise Invalid(_("Choose what comes of it."), "does")
    line = _pattern(words) if is_pattern else _words(words)
    rule = ContentRule(words=line, is_pattern=is_pattern, does=str(does), created_at=clock.now())
    try:
        with attempt():
            db.session.add(rule)
    except IntegrityError:
        raise Invalid(_("This is on the list already."), "words") from None
    _let_know(rule)
    return rule


def _let_know(rule: ContentRule) -> None:
    """Whoever reads a number's stamp asks for the alert words again (queries/alert_words.py)."""
    if rule.does != Does.REFUSE:
        db.session.execute(update(Number).values(rules_stamp=secrets.randbits(62)))


def _words(words: str) -> str:
    missing = _("Write a word, a phrase, or the host of a link.")
    line = typed.line(words, "words", 80, missing).lower()
    if not normalise(line):
        raise Invalid(missing, "words")
    return line


def _pattern(written: str) -> str:
    """As it was written: in a pattern, case and spaces have a meaning."""
    try:
        pattern(written)
    except BadPattern as problem:
        raise Invalid(str(problem), "words") from None
    if clean(written) != written or not written.isprintable():
        raise Invalid(_("A pattern is one line; write \\n or \\t for what is not."), "words")
    return written


@atomic
def delete(rule_id: int, by: User | None) -> ContentRule:
    """Let it pass again, and tell nobody of it."""
    must_administer(by)
    rule = db.session.get(ContentRule, rule_id)
    if rule is None:
        raise NotFound
    db.session.delete(rule)
    _let_know(rule)
    return rule
