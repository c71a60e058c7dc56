"""`flask --app app inbox …`: what an operator sets up, looks at and tries out from a shell."""

import json
import secrets
from typing import Any

import click
from flask.cli import AppGroup
from sqlalchemy.exc import OperationalError, ProgrammingError

from smsinbox import checks, rules_cli
from smsinbox.core import mail
from smsinbox.core.config import settings
from smsinbox.core.errors import Invalid, Problem
from smsinbox.core.phones import BadAddress, address
from smsinbox.models.number import Number
from smsinbox.models.user import Role
from smsinbox.queries import numbers as number_queries
from smsinbox.rules.decision import Mode
from smsinbox.services import accounts, api_keys, demo, numbers, profiles, rules, users


class _Plain(AppGroup):
    """Says what went wrong in words, with exit code 1."""

    def invoke(self, ctx: click.Context) -> Any:
        try:
            return super().invoke(ctx)
        except Problem as problem:
            where = f"{problem.field}: " if problem.field else ""
            raise click.ClickException(where + problem.words) from None
        except (OperationalError, ProgrammingError) as error:
            raise click.ClickException(
                f"The database does not take this: {error.orig}\n"
                "`flask --app app inbox check` says what it lacks."
            ) from None


inbox = _Plain("inbox", help="Set up and look after the inbox.")
user = AppGroup("user", help="People who sign in.")
key = AppGroup("key", help="Keys for programs.")
account = AppGroup("account", help="Our accounts with carriers.")
number = AppGroup("number", help="Our numbers.")
rule = AppGroup("rule", help="Keyword rules.")
profile = AppGroup("profile", help="Pools of our numbers, for programs that name no sender.")
mails = AppGroup("mail", help="E-mail that we send to users.")
for group in (user, key, account, number, rule, rules_cli.rules, profile, mails):
    inbox.add_command(group)


@user.command("create")
@click.option("--email", required=True)
@click.option("--name", required=True)
@click.option("--role", type=click.Choice([role.value for role in Role]), default=Role.AGENT.value)
@click.option(
    "--password",
    prompt=True,
    prompt_required=False,
    hide_input=True,
    confirmation_prompt=True,
    help="Asked for when given without a value; made and printed when left out.",
)
@click.option("--number", "phones", multiple=True, help="A number they may see; repeat it.")
def create_user(
    email: str, name: str, role: str, password: str | None, phones: tuple[str, ...]
) -> None:
    """Add somebody who signs in."""
    chosen = password or secrets.token_urlsafe(12)
    granted = [_number(phone).id for phone in phones]
    made = users.create(email, name, chosen, role, granted)
    shown = {} if password else {"password": chosen}
    _print({"id": made.id, "email": made.email, "role": made.role, **shown})


@key.command("create")
@click.option("--name", required=True, help="The program that uses it.")
@click.option("--scope", type=click.Choice(api_keys.SCOPES), default="all")
def create_key(name: str, scope: str) -> None:
    """Make a key and print it: the only time that it is shown."""
    _, plain = api_keys.create(name, scope)
    click.echo(plain)


@account.command("create")
@click.option("--dialect", required=True, help="The carrier's wire language, such as trunx.")
@click.option("--name", required=True)
@click.option("--base-url", required=True, help="Where the carrier's API is.")
@click.option("--key", "carrier_key", prompt="Key", hide_input=True, help="The carrier's API key.")
@click.option("--secret", prompt=True, hide_input=True, help="What signs the carrier's webhooks.")
def create_account(dialect: str, name: str, base_url: str, carrier_key: str, secret: str) -> None:
    """Add an account with a carrier."""
    made = accounts.create(dialect, name, base_url, carrier_key, secret)
    _print({"id": made.id, "name": made.name, "webhook_path": made.webhook_path})


@number.command("create")
@click.option("--account", "account_id", type=int, required=True, help="The account's id.")
@click.option("--phone", required=True, help="E.164, such as +14155550142.")
@click.option("--name", default="")
@click.option("--pace", type=float, default=1.0, show_default=True, help="Segments a second.")
def create_number(account_id: int, phone: str, name: str, pace: float) -> None:
    """Add a number to an account."""
    made = numbers.create(account_id, phone, name, pace)
    _print({"id": made.id, "phone": made.phone, "name": made.name})


@rule.command("create")
@click.option("--number", "phone", required=True, help="The number that listens.")
@click.option("--exact", "words", multiple=True, required=True, help="A keyword; repeat it.")
@click.option("--reply", required=True)
@click.option("--name", default="")
def create_rule(phone: str, words: tuple[str, ...], reply: str, name: str) -> None:
    """Answer a text that is exactly one of these words."""
    wanted = {"match": {"type": "exact", "terms": list(words)}, "reply": reply}
    made = rules.create(_number(phone).id, name or words[0], wanted, None, Mode.ON)
    _print({"id": made.id, "name": made.name, "keywords": made.keywords})


@profile.command("create")
@click.option("--name", required=True)
@click.option("--number", "phones", multiple=True, help="A number to put into it; repeat it.")
def create_profile(name: str, phones: tuple[str, ...]) -> None:
    """Make a pool; programs name it by its id, as messaging_profile_id."""
    made = profiles.create(name, [_number(phone) for phone in phones])
    _print({"id": made.id, "name": made.name, "numbers": list(phones)})


@profile.command("put")
@click.option("--profile", "profile_id", required=True, help="The profile's id.")
@click.option("--number", "phones", multiple=True, required=True, help="Repeat it.")
def fill_profile(profile_id: str, phones: tuple[str, ...]) -> None:
    """Move numbers into a pool, out of the one they were in."""
    made = profiles.put(profile_id, [_number(phone) for phone in phones])
    _print({"id": made.id, "name": made.name, "numbers": list(phones)})


@mails.command("test")
@click.option("--to", required=True, help="The address that gets it.")
def test_mail(to: str) -> None:
    """Send a test e-mail by MAIL_URL."""
    if not mail.is_set_up():
        raise Invalid("Set it to smtp://user:password@host:587 first.", "MAIL_URL")
    try:
        mail.send(to, "A test from smsinbox", f"E-mail works.\n\n{settings().address}\n")
    except mail.MailError as problem:
        raise click.ClickException(str(problem)) from None
    click.echo("The mail server took it.")


@inbox.command("demo")
def make_demo() -> None:
    """Fill the inbox with a believable week of conversations."""
    week = demo.create()
    if week is None:
        click.echo("The demo week is here already.")
        return
    click.echo(
        f"A week at {demo.COMPANY} is here: {week.numbers} numbers, {week.contacts} contacts, "
        f"{week.messages} texts, and two agents without a password that anybody knows."
    )


@inbox.command("check")
def check() -> None:
    """Say in plain words whether everything is in order; exit code 1 if something is not."""
    found = checks.all_checks()
    for one in found:
        click.echo(f"{'ok ' if one.is_fine else 'BAD'}  {one.name:<11} {one.words}")
    if not all(one.is_fine for one in found):
        raise SystemExit(1)


def _number(phone: str) -> Number:
    try:
        found = number_queries.by_phone(address(phone).value)
    except BadAddress as error:
        raise Invalid(str(error), "number") from None
    if found is None:
        raise Invalid(f"{phone} is not one of our numbers.", "number")
    return found


def _print(made: dict[str, object]) -> None:
    click.echo(json.dumps(made, ensure_ascii=False))
