"""`flask --app app inbox rules …`: the rules of a number as a file, to be kept in git."""

from typing import Any, TextIO

import click
import yaml
from flask.cli import AppGroup

from smsinbox.core.errors import Invalid
from smsinbox.core.phones import BadAddress, address
from smsinbox.models.number import Number
from smsinbox.queries import numbers
from smsinbox.services import rule_files

rules = AppGroup("rules", help="The rules of a number as a file.")
_FILE = click.argument("file", type=click.File("r", encoding="utf-8"))


@rules.command("export")
@click.argument("file", type=click.File("w", encoding="utf-8", atomic=True))
@click.option("--number", "phone", help="Which number; needed when there are several.")
def export(file: TextIO, phone: str | None) -> None:
    """Write the rules of a number into FILE; - prints them."""
    found = rule_files.export(_number(phone))
    yaml.safe_dump(found, file, allow_unicode=True, sort_keys=False, width=100)


@rules.command("diff")
@_FILE
def diff(file: TextIO) -> None:
    """Say what applying FILE would change."""
    differences = rule_files.diff(_read(file))
    click.echo("\n".join(map(str, differences)) or "Nothing would change.")


@rules.command("apply")
@_FILE
def apply(file: TextIO) -> None:
    """Make the rules of the number those of FILE, unless one of its tests fails."""
    differences = rule_files.apply(_read(file), None)
    click.echo("\n".join(map(str, differences)) or "Nothing changed.")


@rules.command("test")
@_FILE
def test(file: TextIO) -> None:
    """Try the tests in FILE; exit code 1 if one fails."""
    failing = rule_files.test(_read(file))
    click.echo("\n".join(failing) or "All tests hold.")
    if failing:
        raise SystemExit(1)


def _read(file: TextIO) -> Any:
    try:
        return yaml.safe_load(file)
    except (yaml.YAMLError, UnicodeDecodeError, RecursionError) as error:
        raise Invalid(f"This is no YAML: {error}") from None


def _number(phone: str | None) -> Number:
    every = numbers.all_numbers()
    if phone is None and len(every) != 1:
        raise Invalid("Say which number, with --number +1….")
    try:
        found = every[0] if phone is None else numbers.by_phone(address(phone).value)
    except BadAddress as error:
        raise Invalid(str(error), "number") from None
    if found is None:
        raise Invalid(f"{phone} is not one of our numbers.", "number")
    return found
