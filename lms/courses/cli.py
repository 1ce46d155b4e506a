"""Commands of the feature."""

import click


def register(main: click.Group) -> None:
    """Add the commands."""
