"""Training plans and events: what is planned, when and where it happens, who hosts, speaks and may come."""

from flask import Flask

from lms.core.access import permission_sources
from lms.events import manage, manage_agenda, manage_papers, manage_plans, manage_units, personal, queries, tasks, views

PAGES = (manage, manage_agenda, manage_papers, manage_plans, manage_units)
"""Modules whose views belong to the feature's blueprint."""


def init_app(app: Flask) -> None:
    """Register the pages, the permissions of events' staff, and the feature's own tasks."""
    app.register_blueprint(views.blueprint)
    personal.register()
    if queries.staff_permissions not in permission_sources:
        permission_sources.append(queries.staff_permissions)
    if manage.own_tasks not in tasks.sources:
        tasks.sources.append(manage.own_tasks)
