"""The schema's history ends where the models are."""

from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from flask_migrate import downgrade, upgrade

from smsinbox.core.database import Base, db, engine
from smsinbox.migrations import FOLDER
from smsinbox.migrations.schema import is_current, migrate
from smsinbox.queries import content_rules


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


def test_a_new_base_refuses_what_carriers_block(app):
    downgrade(directory=str(FOLDER), revision="base")
    migrate()
    words = {rule.words for rule in content_rules.all_rules()}
    db.session.rollback()
    assert {"bit.ly", "vodka"} <= words
