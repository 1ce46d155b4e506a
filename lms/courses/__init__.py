"""The course catalogue, loaded from files."""

from flask import Flask

from lms.core.access import permission_sources
from lms.core.permissions import Permission
from lms.courses import queries, views


def init_app(app: Flask) -> None:
    """Register the pictures' address and what staff of a course may do."""
    app.register_blueprint(views.blueprint)
    if _staff_permissions not in permission_sources:
        permission_sources.append(_staff_permissions)


def _staff_permissions(account_id: int) -> frozenset[Permission]:
    return frozenset({Permission.RESULTS}) if queries.is_staff(account_id) else frozenset()
