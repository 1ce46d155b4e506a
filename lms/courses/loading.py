"""Load the files of the feature into the database."""

from pathlib import Path


def load(folder: Path) -> int:
    """Load; the number of rows."""
    return 0
