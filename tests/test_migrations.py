"""The schema's history ends where the models are."""

import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from flask_migrate import downgrade, upgrade

from smsinbox.core.database import Base, db, engine
from smsinbox.dialects.errors import Refusal
from smsinbox.migrations import FOLDER
from smsinbox.migrations.schema import is_current, migrate
from smsinbox.queries import content_rules
from smsinbox.services.compliance import Scan


def test_an_empty_base_is_upgraded_to_just_what_the_models_say(app):
    downgrade(directory=str(FOLDER), revision="base")
    assert not is_current()
    migrate()
    assert is_current()
    with engine().connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, Base.metadata) == []


def test_an_upgrade_that_is_there_is_not_made_again(app):
    upgrade(directory=str(FOLDER))
    migrate()
    assert is_current()
    db.session.rollback()


def test_a_new_base_refuses_what_carriers_block_and_no_ordinary_shop_talk(app):
    downgrade(directory=str(FOLDER), revision="base")
    migrate()
    scan = Scan(content_rules.all_rules())
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
