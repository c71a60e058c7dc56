"""What rows of a list show to one user alone: beside it they are the same for everybody."""

from collections.abc import Collection
from typing import NamedTuple

from smsinbox.queries import drafts, read_markers
from smsinbox.queries.conversation_rows import ConversationRow


class Personal(NamedTuple):
    """How many texts are new to them, and how what they have begun to write begins."""

    unread: int
    draft: str = ""


def of_user(user_id: int, conversation_ids: Collection[int]) -> dict[int, Personal]:
    """For one user in these conversations, by id; those that are not there are left out."""
    begun = drafts.beginnings(user_id, conversation_ids)
    unread = read_markers.unread(user_id, conversation_ids)
    return {one: Personal(count, begun.get(one, "")) for one, count in unread.items()}


def by_user(row: ConversationRow, user_ids: Collection[int]) -> dict[int, Personal]:
    """For each of these users in one conversation."""
    read = read_markers.by_user(row.id, user_ids)
    begun = drafts.by_user(row.id, user_ids)
    return {one: Personal(row.unread(read.get(one)), begun.get(one, "")) for one in user_ids}
