"""Where the files that travel with the product lie: in the source tree, or inside an installed wheel."""

from pathlib import Path

PACKAGE = Path(__file__).resolve().parent


def templates_folder() -> Path:
    """The Jinja templates."""
    return _travelling("templates")


def courses_folder() -> Path:
    """The course content that ships with the product."""
    return _travelling("courses")


def migrations_folder() -> Path:
    """The Alembic environment and its versions."""
    return _travelling("migrations")


def static_folder() -> Path:
    """Stylesheets, scripts, icons and web fonts."""
    return PACKAGE / "static"


def _travelling(name: str) -> Path:
    bundled = PACKAGE / "_files" / name
    return bundled if bundled.exists() else PACKAGE.parent / name
