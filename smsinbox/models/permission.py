"""Who may do what: one question, `can`, asked by pages, sockets, the API and the gateway."""

from enum import StrEnum

from smsinbox.models.api_key import ApiKey
from smsinbox.models.user import Role, User


class Permission(StrEnum):
    """SEE and ANSWER are asked about a Number; ADMINISTER is about the whole house."""

    SEE = "see"
    ANSWER = "answer"
    ADMINISTER = "administer"


def can(actor: User | ApiKey, permission: Permission, number_id: int | None = None) -> bool:
    """Whether the actor may; everything not said here is denied."""
    if isinstance(actor, ApiKey):
        return _key_can(actor, permission)
    if not actor.active:
        return False
    if actor.is_admin:
        return True
    if number_id is None or number_id not in actor.granted:
        return False
    if permission is Permission.SEE:
        return True
    return permission is Permission.ANSWER and actor.role == Role.AGENT


def _key_can(key: ApiKey, permission: Permission) -> bool:
    """Programs see and send by their scope, on every number; they administer nothing."""
    match permission:
        case Permission.SEE:
            return key.allows("read")
        case Permission.ANSWER:
            return key.allows("send")
        case _:
            return False
