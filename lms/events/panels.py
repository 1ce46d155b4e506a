"""Panels of the public event page: each feature hands in its own through `sources`."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from lms.accounts.models import Account
from lms.events.models import Event


@dataclass(frozen=True)
class Panel:
    """A part of the page: its place, its template, and the values that template gets beside `event`."""

    position: int
    template: str
    values: Mapping[str, Any] = field(default_factory=dict)


sources: list[Callable[[Event, Account | None], list[Panel]]] = []
"""Functions from an event and whoever looks at it (None: not signed in) to the panels a feature has for them."""


def of(event: Event, account: Account | None) -> list[Panel]:
    """Every feature's panels, in order."""
    return sorted((panel for source in sources for panel in source(event, account)), key=lambda panel: panel.position)
