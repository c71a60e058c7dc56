"""What a user wants to be told, where, and how loudly. Everybody says so for themselves."""

from collections.abc import Collection

from smsinbox.core.database import atomic, db
from smsinbox.core.errors import Invalid
from smsinbox.core.events import emit
from smsinbox.core.i18n import _
from smsinbox.models.events import NotificationsRead
from smsinbox.models.preference import (
    FOR_ADMINS,
    HAPPENINGS,
    UNHURRIED,
    Channel,
    Level,
    Preference,
)
from smsinbox.models.user import User

PAIRS_OF_ADMINS = frozenset(
    f"{one}:{channel.value}"
    for one in HAPPENINGS
    for channel in Channel
    if one not in UNHURRIED or channel is Channel.BELL
)
PAIRS = frozenset(one for one in PAIRS_OF_ADMINS if one.partition(":")[0] not in FOR_ADMINS)


@atomic
def edit(
    level: str,
    repeats: bool,
    hides_text: bool,
    wanted: Collection[str],
    by: User,
    mails: bool | None = None,
) -> Preference:
    """`wanted` are pairs such as "failed:sound"; what is not among them stays silent. `mails` is
    whether failed texts are told by mail, with None as before."""
    if level not in list(Level):
        raise Invalid(_("Choose of whose texts you want to hear."), "level")
    asked = PAIRS_OF_ADMINS if by.is_admin else PAIRS  # of the rest, nobody has said a thing
    muted = sorted(asked - set(wanted))
    kept = Preference(
        user_id=by.id, level=level, repeats=repeats, hides_text=hides_text, muted=muted
    )
    if mails is not None:
        kept.mails = mails
    emit(NotificationsRead(user_id=by.id))  # what the bell counts may be another figure now
    return db.session.merge(kept)
