"""A deployment of its own, for tests that need real transactions of several connections."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from lms import create_app
from lms.config import Settings
from lms.core import migrations
from lms.core.db import db, transaction
from tests.world import build_world


@pytest.fixture
def deployment(
    request: pytest.FixtureRequest, tmp_path: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Settings]:
    """Settings of an empty, migrated database of the kind the run is on, with the small named world in it."""
    if request.config.getoption("--database") == "sqlite":
        yield _prepared(f"sqlite:///{tmp_path / 'lms.sqlite3'}", tmp_path)
        return
    from tests.postgresql import fresh_database  # noqa: PLC0415 - starts a server only where it is asked for

    with fresh_database(tmp_path_factory) as url:
        yield _prepared(url, tmp_path)


def _prepared(url: str, folder: Path) -> Settings:
    settings = Settings(
        data_dir=folder,
        database_url=url,
        secret_key="a key for tests only",
        base_url="http://lms.test",
        embedded_worker=False,
    )
    with create_app(settings).app_context():
        migrations.upgrade(db.engine)
        with transaction():
            build_world()
        db.session.close()
        db.engine.dispose()
    return settings
