"""The schema's history ends where the models are."""

import json

import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from flask_migrate import downgrade, upgrade
from sqlalchemy import text

from smsinbox.core.database import Base, db, engine
from smsinbox.dialects.errors import Refusal
from smsinbox.migrations import FOLDER
from smsinbox.migrations.schema import is_current, is_modelled, migrate
from smsinbox.models import Rule
from smsinbox.queries import content_rules
from smsinbox.rules.definition import definition
from smsinbox.services.compliance import Scan
from tests import build

_COMPARED = {"compare_type": True, "include_name": is_modelled}


def test_an_empty_base_is_upgraded_to_just_what_the_models_say(app):
    downgrade(directory=str(FOLDER), revision="base")
    assert not is_current()
    migrate()
    assert is_current()
    with engine().connect() as connection:
        context = MigrationContext.configure(connection, opts=_COMPARED)
        assert compare_metadata(context, Base.metadata) == []


def test_an_upgrade_that_is_there_is_not_made_again(app):
    upgrade(directory=str(FOLDER))
    migrate()
    assert is_current()
    db.session.rollback()


def test_keyword_rules_of_before_answer_as_before_and_go_back_again(app, number):
    at = {"number": number.id, "on": True, "words": '["hours", "open"]'}
    db.session.rollback()
    downgrade(directory=str(FOLDER), revision="0008")
    columns = "number_id, name, position, enabled, keywords, reply, created_at"
    with engine().begin() as connection:
        written = f"INSERT INTO rule ({columns}) VALUES (:number, 'H', 0, :on, :words, '9 to 5', 1)"
        connection.execute(text(written), at)
    upgrade(directory=str(FOLDER))
    [rule] = build.every(Rule)
    assert definition(rule.definition).match.terms == ("hours", "open")
    assert (rule.mode, rule.reply, rule.number_id) == ("on", "9 to 5", number.id)
    db.session.rollback()
    downgrade(directory=str(FOLDER), revision="0008")
    with engine().begin() as connection:
        [kept] = connection.execute(text("SELECT enabled, keywords, reply FROM rule"))
        connection.execute(text("DELETE FROM rule"))
    upgrade(directory=str(FOLDER))
    words = kept.keywords if isinstance(kept.keywords, list) else json.loads(kept.keywords)
    assert (bool(kept.enabled), words, kept.reply) == (True, ["hours", "open"], "9 to 5")


def test_a_new_base_refuses_what_carriers_block_and_no_ordinary_shop_talk(app):
    downgrade(directory=str(FOLDER), revision="base")
    migrate()
    scan = Scan(content_rules.for_programs())
    db.session.rollback()
    for offer in ("Sex chat now", "White power!", "Buy guns", "Cheap cigarettes", "See bit.ly/x"):
        with pytest.raises(Refusal):
            scan.look(offer)
    for talk in (
        "Your penne alla vodka is ready.",
        "The CBD clinic has moved. No vapes, tobacco or firearms in the shop, please.",
        "See you on Saturday xxx",
        "Size XXX is in stock.",
        "A whiskey tasting, and beer delivery from 5.",
    ):
        scan.look(talk)
