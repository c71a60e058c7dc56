"""What no text of a program may have in it: words and links, kept by admins."""

from sqlalchemy.exc import IntegrityError

from smsinbox.core import clock
from smsinbox.core.database import atomic, attempt, db
from smsinbox.core.errors import Invalid, NotFound
from smsinbox.core.text import normalise
from smsinbox.models.content_rule import ContentRule
from smsinbox.models.user import User
from smsinbox.services import typed
from smsinbox.services.authority import must_administer


@atomic
def create(words: str, by: User | None = None) -> ContentRule:
    """Refuse from now on what has these words, or this host of links, in it."""
    must_administer(by)
    line = typed.line(words, "words", 80, "Write a word, a phrase, or the host of a link.").lower()
    rule = ContentRule(words=line, created_at=clock.now())
    if not rule.is_host and not normalise(line):
        raise Invalid("Write a word, a phrase, or the host of a link.", "words")
    try:
        with attempt():
            db.session.add(rule)
    except IntegrityError:
        raise Invalid("This is refused already.", "words") from None
    return rule


@atomic
def delete(rule_id: int, by: User | None) -> ContentRule:
    """Let it pass again."""
    must_administer(by)
    rule = db.session.get(ContentRule, rule_id)
    if rule is None:
        raise NotFound
    db.session.delete(rule)
    return rule
