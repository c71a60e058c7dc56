"""Who may set up the house: asked by every service that an admin page calls, once more."""

from smsinbox.core.errors import Forbidden
from smsinbox.core.i18n import _
from smsinbox.models.api_key import ApiKey
from smsinbox.models.permission import Permission, can
from smsinbox.models.user import User


def must_administer(by: User | ApiKey | None) -> None:
    """Raise Forbidden unless `by` is an admin; None is whoever has a shell on this machine."""
    if by is not None and not can(by, Permission.ADMINISTER):
        raise Forbidden(_("Only admins can do this."))
