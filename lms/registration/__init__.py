"""Delegates: lists, spreadsheets, invitations, badges."""

from typing import Any

from flask import Flask

from lms.core import mail
from lms.core.access import permission_sources
from lms.events import panels, tasks
from lms.events.signals import event_cancelled, event_changed, event_published, seats_changed
from lms.quizzes import policy as quizzes_policy
from lms.registration import (
    answer_views,
    focal_points,
    invitations,
    jobs,
    manage,
    manage_bulk,
    manage_imports,
    manage_invitations,
    manage_list,
    manage_papers,
    manage_retention,
    manage_seats,
    own_tasks,
    paper_tasks,
    personal,
    queries,
    reminders,
    retention_task,
    service,
    unit_imports,
    unit_seats,
    unit_views,
    updates,
    views,
)

__all__ = [
    "answer_views",
    "init_app",
    "manage",
    "manage_bulk",
    "manage_imports",
    "manage_invitations",
    "manage_list",
    "manage_papers",
    "manage_retention",
    "manage_seats",
    "unit_imports",
    "unit_views",
]


def init_app(app: Flask) -> None:
    """Register pages and jobs, and hand to events and quizzes what they ask of the delegate list."""
    app.register_blueprint(views.blueprint)
    jobs.init_app()
    personal.register()
    _add(panels.sources, views.own_panel)
    _add(tasks.sources, own_tasks.tasks)
    _add(tasks.sources, paper_tasks.tasks)
    _add(tasks.sources, retention_task.tasks)
    seats_changed.connect(service.seats_changed)
    event_changed.connect(reminders.follow)
    event_published.connect(focal_points.published)
    event_cancelled.connect(focal_points.cancelled)
    event_cancelled.connect(updates.tell_cancelled)
    _add(mail.return_listeners, invitations.note_return)
    _add(panels.sources, answer_views.calendar_panel)
    _add(permission_sources, unit_seats.seats_permission)
    _add(quizzes_policy.admission_sources, queries.admits_to_test)


def _add(sources: list[Any], source: Any) -> None:
    """Hand a function in once, however many applications a process makes."""
    if source not in sources:
        sources.append(source)
