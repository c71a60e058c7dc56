"""An Attribute: something that admins want to be known about contacts, and what may be said."""

import re
from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import JSON, String
from sqlalchemy.orm import Mapped, mapped_column

from smsinbox.core.database import Base, BigId, Instant
from smsinbox.core.i18n import _

_NUMBER = re.compile(r"-?[0-9]{1,15}(?:[.,][0-9]{1,6})?")
_YES = {"yes", "y", "true", "1", "ja", "on"}
_NO = {"no", "n", "false", "0", "nein", "off"}
LONGEST = 500


class AttributeKind(StrEnum):
    """What may be said."""

    TEXT = "text"
    NUMBER = "number"
    DATE = "date"
    YES_NO = "yes_no"
    CHOICE = "choice"


class Attribute(Base):
    """Rules and replies know it by its `key`: `{{contact.attr.key}}`. Values are kept as text, in
    one spelling for each kind, in `Contact.attributes`."""

    __tablename__ = "attribute"

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    key: Mapped[str] = mapped_column(String(40), unique=True)
    label: Mapped[str] = mapped_column(String(60))
    kind: Mapped[str] = mapped_column(String(8))
    choices: Mapped[list[str]] = mapped_column(JSON, default=list)
    created_at: Mapped[datetime] = mapped_column(Instant)

    def read(self, written: str) -> str:
        """The value in its one spelling; empty stays empty. Raises ValueError, with a reason."""
        words = " ".join(written.split())
        if not words:
            return ""
        if len(words) > LONGEST:
            raise ValueError(
                _(
                    "%(label)s has at most %(longest)s characters.",
                    label=self.label,
                    longest=LONGEST,
                )
            )
        match self.kind:
            case AttributeKind.NUMBER:
                return self._number(words)
            case AttributeKind.DATE:
                return self._date(words)
            case AttributeKind.YES_NO:
                return self._yes_no(words)
            case AttributeKind.CHOICE:
                return self._choice(words)
            case _:
                return words

    def _number(self, words: str) -> str:
        if not _NUMBER.fullmatch(words):
            raise ValueError(_("%(label)s must be a number, like 12 or 3.5.", label=self.label))
        return words.replace(",", ".")

    def _date(self, words: str) -> str:
        try:
            return date.fromisoformat(words).isoformat()
        except ValueError:
            raise ValueError(
                _("%(label)s must be a date like 2026-01-31.", label=self.label)
            ) from None

    def _yes_no(self, words: str) -> str:
        word = words.casefold()
        if word not in _YES | _NO:
            raise ValueError(_("%(label)s must be yes or no.", label=self.label))
        return "yes" if word in _YES else "no"

    def _choice(self, words: str) -> str:
        for one in self.choices:
            if one.casefold() == words.casefold():
                return one
        raise ValueError(
            _(
                "%(label)s must be one of: %(choices)s.",
                label=self.label,
                choices=", ".join(self.choices),
            )
        )
