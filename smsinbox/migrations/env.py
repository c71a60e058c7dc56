"""How Alembic finds our database and our models; run by Flask-Migrate inside an app context."""

from alembic import context
from flask import current_app

import smsinbox.models  # noqa: F401  every table must be known before they are compared
from smsinbox.core.database import Base
from smsinbox.migrations.schema import is_modelled


def run() -> None:
    """Bring the base up (or down) on one connection, in one transaction where the base can."""
    engine = current_app.extensions["migrate"].db.engine
    with engine.connect() as connection:
        context.configure(
            connection=connection,
            target_metadata=Base.metadata,
            render_as_batch=True,
            compare_type=True,
            include_name=is_modelled,
        )
        with context.begin_transaction():
            context.run_migrations()


run()
