"""Somebody can always administer, nobody promotes themselves, who is shut out is out at once."""

import pytest

from smsinbox.core.errors import Conflict, Forbidden, Invalid
from smsinbox.models import User
from smsinbox.queries import users as users_query
from smsinbox.services import sign_ins, users
from tests import build

pytestmark = pytest.mark.usefixtures("app")

PASSWORD = "a long password"


def a_new_one(email: str = "ann@example.com", role: str = "agent", *number_ids: int) -> User:
    return users.create(email, "Ann", PASSWORD, role, number_ids)


def edited(user: User, by: User | None, **changes: object) -> User:
    values: dict = {
        "name": user.name,
        "role": user.role,
        "active": user.active,
        "number_ids": user.granted,
        "password": "",
    }
    return users.edit(user.id, **(values | changes), by=by)


def test_an_email_is_kept_in_lower_case_and_once():
    assert a_new_one(" Ann@Example.COM ").email == "ann@example.com"
    with pytest.raises(Invalid) as refused:
        a_new_one("ANN@example.com")
    assert refused.value.field == "email"


@pytest.mark.parametrize(
    "email", ["", "ann", "@example.com", "a b@example.com", "a@b@c", "x" * 255]
)
def test_what_is_no_email_is_refused(email):
    with pytest.raises(Invalid):
        users.address(email)


def test_a_password_typed_by_an_admin_has_ten_characters_and_one_from_a_shell_eight(ada):
    users.create("shell@example.com", "Shell", "12345678", "agent", [])
    with pytest.raises(Invalid) as refused:
        users.create("page@example.com", "Page", "123456789", "agent", [], ada)
    assert refused.value.field == "password"


def test_a_password_is_kept_as_argon2id():
    assert a_new_one().password_hash.startswith("$argon2id$")


def test_an_unknown_role_or_number_is_refused():
    with pytest.raises(Invalid) as role:
        a_new_one(role="owner")
    with pytest.raises(Invalid) as grant:
        a_new_one("ann@example.com", "agent", 4711)
    assert (role.value.field, grant.value.field) == ("role", "number_ids")


def test_grants_are_replaced_by_those_that_were_ticked(ada, ben, number):
    other = build.a_number("+14155550143", account=number.account)
    assert edited(ben, ada, number_ids=[other.id]).granted == {other.id}


def test_who_can_answer_on_a_number_can_be_assigned_there(ada, ben, cy, number):
    build.a_user("Vic", "viewer", [number])
    build.a_user("Gone", "agent", [number], active=False)
    assert [user.name for user in users_query.assignable(number.id)] == ["Ada", "Ben"]


@pytest.mark.parametrize("change", [{"role": "agent"}, {"active": False}])
def test_the_last_active_admin_stays(ada, change):
    build.a_user("Old", "admin", active=False)
    with pytest.raises(Conflict, match="last active admin"):
        edited(ada, None, **change)


def test_nobody_changes_their_own_role_or_locks_themselves_out(ada):
    build.a_user("Bo", "admin")
    for change in ({"role": "viewer"}, {"active": False}):
        with pytest.raises(Conflict, match="another admin"):
            edited(ada, ada, **change)


def test_one_admin_may_retire_another(ada):
    assert edited(build.a_user("Bo", "admin"), ada, role="agent").role == "agent"


@pytest.mark.parametrize("change", [{"active": False}, {"password": "another password"}])
def test_a_deactivation_and_a_new_password_end_every_sign_in(ada, ben, change):
    tokens = [build.a_sign_in(ben) for _ in range(2)]
    edited(ben, ada, **change)
    assert [sign_ins.user_of(token) for token in tokens] == [None, None]


def test_another_name_leaves_people_signed_in(ada, ben):
    token = build.a_sign_in(ben)
    edited(ben, ada, name="Benjamin")
    assert sign_ins.user_of(token) is not None


def test_only_admins_change_people(ada, ben):
    with pytest.raises(Forbidden):
        edited(ada, ben, name="Nobody")
