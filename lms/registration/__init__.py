"""Delegates: lists, spreadsheets, invitations, badges."""

from typing import Any

from flask import Flask

from lms.events import panels, tasks
from lms.events import service as events_service
from lms.quizzes import policy as quizzes_policy
from lms.registration import jobs, manage, manage_imports, manage_invitations, own_tasks, queries, service, views

__all__ = ["init_app", "manage", "manage_imports", "manage_invitations"]


def init_app(app: Flask) -> None:
    """Register pages and jobs, and hand to events and quizzes what they ask of the delegate list."""
    app.register_blueprint(views.blueprint)
    jobs.init_app()
    _add(panels.sources, views.own_panel)
    _add(tasks.sources, own_tasks.tasks)
    _add(events_service.quota_floor_sources, service.quota_floor)
    _add(quizzes_policy.admission_sources, queries.admits_to_test)


def _add(sources: list[Any], source: Any) -> None:
    """Hand a function in once, however many applications a process makes."""
    if source not in sources:
        sources.append(source)
