"""Training plans and events."""

from flask import Flask

from lms.core.access import permission_sources
from lms.events import queries


def init_app(app: Flask) -> None:
    """Register the feature."""
    if queries.staff_permissions not in permission_sources:
        permission_sources.append(queries.staff_permissions)
