"""`lms doctor`: check a deployment."""

import click


def register(main: click.Group) -> None:
    """Add the commands."""
