"""Filters: lists that people describe themselves, in the language of search.

Operators side by side must all hold; groups of them are joined by OR: `is:open tag:vip OR
assignee:me`. What cannot be understood is left out, and said so in words.
"""

import re
from dataclasses import dataclass
from types import ModuleType

from sqlalchemy import ColumnElement, and_, false, func, or_, select, text

from smsinbox.core.database import db, is_sqlite
from smsinbox.core.i18n import _
from smsinbox.models.conversation import Conversation
from smsinbox.models.message import TROUBLED, Message, MessageState
from smsinbox.models.saved_filter import SavedFilter
from smsinbox.models.user import User
from smsinbox.queries.search import postgres, sqlite
from smsinbox.queries.search.conditions import NotUnderstood, of_conversation
from smsinbox.queries.search.reading import LONGEST as LONGEST_GROUP
from smsinbox.queries.search.reading import Operator, read

MOST_GROUPS = 10
LONGEST = 1000  # characters
_PART = re.compile(r'(?:"[^"]*"?|[^\s"])+')
_WITH_FAILED = select(Message.conversation_id).where(text(TROUBLED))
_WITH_SCHEDULED = select(Message.conversation_id).where(
    Message.state == MessageState.SCHEDULED.value
)
# These mean what the views of that name show.
_OF_VIEWS: dict[str, ColumnElement[bool]] = {
    "failed": Conversation.id.in_(_WITH_FAILED),
    "scheduled": Conversation.id.in_(_WITH_SCHEDULED),
}


@dataclass(frozen=True, slots=True)
class Filter:
    """Any of the groups; all of the operators of a group."""

    groups: tuple[tuple[Operator, ...], ...]
    problems: tuple[str, ...] = ()

    def __str__(self) -> str:
        return " OR ".join(" ".join(map(written, group)) for group in self.groups)


def written(operator: Operator) -> str:
    """As it is typed."""
    value = operator.value.replace('"', "")
    quoted = f'"{value}"' if re.search(r"\s", value) else value
    return f"{'-' if operator.is_negated else ''}{operator.name}:{quoted}"


def parse(typed: str) -> Filter:
    """The filter in this text; nothing that is typed is an error."""
    groups: list[list[str]] = [[]]
    for part in _PART.findall(typed[:LONGEST]):
        if part == "OR":
            groups.append([])
        else:
            groups[-1].append(part)
    asked = [read(" ".join(group)) for group in groups if group]
    problems = [problem for one in asked for problem in one.problems]
    if any(one.wanted or one.unwanted for one in asked):
        problems.append(_("Words alone find texts, not conversations: use the search for them."))
    if any(len(" ".join(group)) > LONGEST_GROUP for group in groups):
        problems.append(
            _("A group has %(most)s characters at most; the rest was left out.", most=LONGEST_GROUP)
        )
    if len(asked) > MOST_GROUPS:
        problems.append(_("Only the first %(most)s groups count.", most=MOST_GROUPS))
    meant = tuple(one.operators for one in asked[:MOST_GROUPS] if one.operators)
    return Filter(meant, tuple(dict.fromkeys(problems)))


def problems(typed: str, viewer: User) -> list[str]:
    """What of it cannot be understood, or not by this viewer."""
    wanted = parse(typed)
    found = list(wanted.problems)
    for group in wanted.groups:
        for operator in group:
            try:
                _meaning(operator, viewer, _index())
            except NotUnderstood as problem:
                found.append(str(problem))
    return list(dict.fromkeys(found))


def where(typed: str, viewer_id: int) -> ColumnElement[bool]:
    """The conversations it describes, of all there are: grants are asked for by whoever lists."""
    viewer = db.session.get(User, viewer_id)
    if viewer is None:
        return false()
    return or_(false(), *(_all_of(group, viewer) for group in parse(typed).groups))


def shows(typed: str, conversation_id: int, viewer_id: int) -> bool:
    """Whether it describes this conversation, for one row that changed."""
    found = select(Conversation.id).where(
        Conversation.id == conversation_id, where(typed, viewer_id)
    )
    return db.session.scalar(found) is not None


def saved_for(viewer: User) -> list[SavedFilter]:
    """Their own and everybody's, by name."""
    theirs = SavedFilter.shared.is_(True) | (SavedFilter.user_id == viewer.id)
    order = (func.lower(SavedFilter.name), SavedFilter.id)
    return list(db.session.scalars(select(SavedFilter).where(theirs).order_by(*order)))


def _all_of(group: tuple[Operator, ...], viewer: User) -> ColumnElement[bool]:
    """Nothing, when none of it is understood: a filter never shows more than it says."""
    meant = []
    for operator in group:
        try:
            meant.append(_meaning(operator, viewer, _index()))
        except NotUnderstood:
            return false()
    return and_(*meant)


def _meaning(operator: Operator, viewer: User, index: ModuleType) -> ColumnElement[bool]:
    known = _OF_VIEWS.get(operator.value.lower()) if operator.name == "is" else None
    if known is None:
        return of_conversation(operator, viewer, index)
    return ~known if operator.is_negated else known


def _index() -> ModuleType:
    return sqlite if is_sqlite() else postgres
