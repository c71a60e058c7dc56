"""Who is named in a note: `@Ben`, `@Ben Okafor` or, by their address, `@ben.okafor`."""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator

from smsinbox.models.permission import Permission, can
from smsinbox.models.user import User
from smsinbox.queries import users


def named(text: str, number_id: int) -> list[User]:
    """Those who are named and may see the number; of two of one name, both."""
    if "@" not in text:
        return []
    people = [one for one in users.all_users() if can(one, Permission.SEE, number_id)]
    by_handle = _by_handle(people)
    found = {user.id: user for _, handle in spans(text, by_handle) for user in by_handle[handle]}
    return list(found.values())


def handles() -> set[str]:
    """By what anybody who is active can be named, in lower case."""
    return set(_by_handle(one for one in users.all_users() if one.active))


def spans(text: str, known: Iterable[str]) -> Iterator[tuple[slice, str]]:
    """Where one of these handles stands behind an @, and which; the longest one counts."""
    longest_first = sorted(known, key=len, reverse=True)
    if not longest_first:
        return
    either = "|".join(map(re.escape, longest_first))
    for found in re.finditer(rf"(?<![\w.@])@({either})(?!\w)", text, re.IGNORECASE):
        yield slice(*found.span()), found[1].casefold()


def _by_handle(people: Iterable[User]) -> dict[str, list[User]]:
    known: dict[str, list[User]] = defaultdict(list)
    for one in people:
        words = one.name.split()
        for handle in {one.name, *words[:1], one.email.partition("@")[0]} - {""}:
            known[handle.casefold()].append(one)
    return known
