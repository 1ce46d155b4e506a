"""Migrations: Alembic run from Python, so that an installed wheel migrates from an empty folder."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, Engine

from lms.core.db import Base
from lms.places import migrations_folder


def upgrade(engine: Engine, revision: str = "head") -> None:
    """Bring the database to the newest version, or to the one named.

    Raises RuntimeError, and changes nothing, when rows of a SQLite database would point nowhere afterwards.
    """
    with engine.connect() as connection, _tables_rebuildable(connection), connection.begin():
        config = _config()
        config.attributes["connection"] = connection
        command.upgrade(config, revision)
        if connection.dialect.name == "sqlite" and (
            broken := connection.exec_driver_sql("PRAGMA foreign_key_check").fetchall()
        ):
            raise RuntimeError(f"rows point nowhere after the migration: {broken[:5]}")


@contextmanager
def _tables_rebuildable(connection: Connection) -> Iterator[None]:
    """SQLite alters a table by building it anew and dropping the old one, which no foreign key may forbid."""
    if connection.dialect.name != "sqlite":
        yield
        return
    driver = connection.connection.driver_connection
    if driver is None:
        raise RuntimeError("the connection is closed")
    driver.execute("PRAGMA foreign_keys=OFF")
    try:
        yield
    finally:
        driver.execute("PRAGMA foreign_keys=ON")


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


def write_revision(engine: Engine, message: str) -> Path:
    """Write the next version file, holding the differences between models and database; where it lies."""
    config = _config()
    script = ScriptDirectory.from_config(config)
    number = f"{len(list(script.walk_revisions())) + 1:04d}"
    with engine.connect() as connection:
        config.attributes["connection"] = connection
        command.revision(config, message, autogenerate=True, rev_id=number)
    return next(migrations_folder().glob(f"versions/{number}_*.py"))


def _config() -> Config:
    config = Config()
    config.set_main_option("script_location", str(migrations_folder()))
    config.set_main_option("file_template", "%%(rev)s_%%(slug)s")
    return config
