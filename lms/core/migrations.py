"""Migrations: Alembic run from Python, so that an installed wheel migrates from an empty folder."""

from typing import Any

from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Engine

from lms.core.db import Base
from lms.places import migrations_folder


def upgrade(engine: Engine) -> None:
    """Bring the database to the newest version."""
    with engine.connect() as connection:
        config = _config()
        config.attributes["connection"] = connection
        command.upgrade(config, "head")
        connection.commit()


def is_current(engine: Engine) -> bool:
    """Whether the database is at the newest version."""
    with engine.connect() as connection:
        return MigrationContext.configure(connection).get_current_heads() == tuple(
            ScriptDirectory.from_config(_config()).get_heads()
        )


def differences(engine: Engine) -> list[Any]:
    """What the models say and the migrated database does not: empty when migrations are complete."""
    with engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        return list(compare_metadata(context, Base.metadata))


def write_revision(engine: Engine, message: str) -> None:
    """Write a new version file holding the differences between models and database."""
    with engine.connect() as connection:
        config = _config()
        config.attributes["connection"] = connection
        command.revision(config, message, autogenerate=True)


def _config() -> Config:
    config = Config()
    config.set_main_option("script_location", str(migrations_folder()))
    config.set_main_option("file_template", "%%(rev)s_%%(slug)s")
    return config
