"""Somebody can always administer, nobody promotes themselves, and who is shut out is out at once."""

import pytest

from smsinbox.core.errors import Conflict, Forbidden, Invalid
from smsinbox.models import Number, User
from smsinbox.queries import users as users_query
from smsinbox.services import accounts, numbers, sign_ins, users

pytestmark = pytest.mark.usefixtures("app")

PASSWORD = "a long password"


@pytest.fixture
def admin() -> User:
    return users.create("admin@example.com", "Ada", PASSWORD, "admin", [])


@pytest.fixture
def number() -> Number:
    account = accounts.create("trunx", "Carrier", "https://carrier.example", "key", "secret")
    return numbers.create(account.id, "+14155550142", "Support")


def an_agent(email: str = "ann@example.com", *number_ids: int) -> User:
    return users.create(email, "Ann", PASSWORD, "agent", number_ids)


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
    assert an_agent(" Ann@Example.COM ").email == "ann@example.com"
    with pytest.raises(Invalid) as refused:
        an_agent("ANN@example.com")
    assert refused.value.field == "email"


@pytest.mark.parametrize(
    "email", ["", "ann", "@example.com", "a b@example.com", "a@b@c", "x" * 255]
)
def test_what_is_no_email_is_refused(email):
    with pytest.raises(Invalid) as refused:
        an_agent(email)
    assert refused.value.field == "email"


def test_a_password_typed_by_an_admin_has_ten_characters_and_one_from_a_shell_eight(admin):
    users.create("shell@example.com", "Shell", "12345678", "agent", [])
    with pytest.raises(Invalid) as refused:
        users.create("page@example.com", "Page", "123456789", "agent", [], admin)
    assert refused.value.field == "password"


def test_a_password_is_not_kept(admin):
    assert admin.password_hash.startswith("$argon2id$")


def test_an_unknown_role_or_number_is_refused():
    with pytest.raises(Invalid) as role:
        users.create("x@example.com", "X", PASSWORD, "owner", [])
    with pytest.raises(Invalid) as grant:
        an_agent("x@example.com", 4711)
    assert (role.value.field, grant.value.field) == ("role", "number_ids")


def test_grants_are_replaced_by_those_that_were_ticked(admin, number):
    other = numbers.create(number.account_id, "+14155550143")
    agent = an_agent("ann@example.com", number.id)
    assert edited(agent, admin, number_ids=[other.id]).granted == {other.id}


def test_who_can_answer_on_a_number_can_be_assigned_there(admin, number):
    agent = an_agent("ann@example.com", number.id)
    an_agent("stranger@example.com")
    users.create("viewer@example.com", "Vic", PASSWORD, "viewer", [number.id])
    gone = an_agent("gone@example.com", number.id)
    edited(gone, admin, active=False)
    assert {user.id for user in users_query.assignable(number.id)} == {admin.id, agent.id}


@pytest.mark.parametrize("change", [{"role": "agent"}, {"active": False}])
def test_the_last_active_admin_stays(admin, change):
    with pytest.raises(Conflict, match="last active admin"):
        edited(admin, None, **change)


def test_nobody_changes_their_own_role_or_locks_themselves_out(admin):
    users.create("second@example.com", "Bo", PASSWORD, "admin", [])
    for change in ({"role": "viewer"}, {"active": False}):
        with pytest.raises(Conflict, match="another admin"):
            edited(admin, admin, **change)


def test_one_admin_may_retire_another(admin):
    second = users.create("second@example.com", "Bo", PASSWORD, "admin", [])
    assert edited(second, admin, role="agent").role == "agent"


@pytest.mark.parametrize("change", [{"active": False}, {"password": "another password"}])
def test_a_deactivation_and_a_new_password_end_every_sign_in(admin, change):
    agent = an_agent()
    tokens = [sign_ins.sign_in("ann@example.com", PASSWORD)[1] for _ in range(2)]
    edited(agent, admin, **change)
    assert [sign_ins.user_of(token) for token in tokens] == [None, None]


def test_another_name_leaves_people_signed_in(admin):
    agent = an_agent()
    _, token = sign_ins.sign_in("ann@example.com", PASSWORD)
    edited(agent, admin, name="Anna")
    assert sign_ins.user_of(token) is not None


def test_only_admins_change_people(admin):
    agent = an_agent()
    with pytest.raises(Forbidden):
        edited(admin, agent, name="Nobody")
