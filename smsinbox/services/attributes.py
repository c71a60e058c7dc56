"""Admins say what is to be known about contacts."""

import re
import unicodedata

from sqlalchemy import func, select

from smsinbox.core import clock
from smsinbox.core.database import atomic, db
from smsinbox.core.errors import Invalid
from smsinbox.core.i18n import _
from smsinbox.models.attribute import Attribute, AttributeKind
from smsinbox.models.user import User
from smsinbox.queries import attributes
from smsinbox.services import typed
from smsinbox.services.authority import must_administer

LONGEST_LABEL = 60
MOST = 50
_LONGEST_CHOICE = 60
_TAKEN = ("phone", "name", "notes", "language", "zone", "tags")  # columns of a file


@atomic
def create(label: str, kind: str, choices: str = "", by: User | None = None) -> Attribute:
    """One more; `choices` are lines or words between commas, for one of that kind."""
    must_administer(by)
    label = typed.line(label, "label", LONGEST_LABEL, _("Say what it is called."))
    if kind not in list(AttributeKind):
        raise Invalid(_("Choose what may be said."), "kind")
    if (db.session.scalar(select(func.count()).select_from(Attribute)) or 0) >= MOST:
        raise Invalid(
            _("There are %(most)s already. Delete one that nobody uses.", most=MOST), "label"
        )
    made = Attribute(
        key=_free_key(label),
        label=label,
        kind=kind,
        choices=_choices(choices) if kind == AttributeKind.CHOICE else [],
        created_at=clock.now(),
    )
    db.session.add(made)
    db.session.flush()
    return made


@atomic
def edit(attribute_id: int, label: str, choices: str = "", by: User | None = None) -> Attribute:
    """Another label, or other choices; key and kind stay, as rules and values go by them."""
    must_administer(by)
    kept = attributes.found(attribute_id)
    kept.label = typed.line(label, "label", LONGEST_LABEL, _("Say what it is called."))
    if kept.kind == AttributeKind.CHOICE:
        kept.choices = _choices(choices)
    return kept


@atomic
def delete(attribute_id: int, by: User | None = None) -> Attribute:
    """Ask for it no more. What is known stays with the contacts, and rules still find it."""
    must_administer(by)
    gone = attributes.found(attribute_id)
    db.session.delete(gone)
    return gone


def key_of(label: str) -> str:
    """What rules and files call it: small Latin letters, digits and underscores."""
    plain = unicodedata.normalize("NFKD", label).encode("ascii", "ignore").decode().lower()
    return re.sub(r"[^a-z0-9]+", "_", plain).strip("_")[:40]


def _free_key(label: str) -> str:
    key = key_of(label)
    if not key:
        raise Invalid(
            _("Use at least one Latin letter or a digit: rules know it by them."), "label"
        )
    if key in _TAKEN:
        raise Invalid(_("Every contact has that already. Choose another word."), "label")
    if db.session.scalar(select(Attribute).where(Attribute.key == key)):
        raise Invalid(_("There is one that is called so, or nearly."), "label")
    return key


def _choices(written: str) -> list[str]:
    words = [" ".join(word.split()) for word in re.split(r"[\n,;]", written)]
    found = list(dict.fromkeys(word for word in words if word))
    if len(found) < 2:
        raise Invalid(_("Write at least two choices, one in a line."), "choices")
    if len(found) > 50 or any(len(word) > _LONGEST_CHOICE for word in found):
        flaw = _(
            "Write at most 50 choices of at most %(longest)s characters.", longest=_LONGEST_CHOICE
        )
        raise Invalid(flaw, "choices")
    return found
