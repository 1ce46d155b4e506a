"""Check-in per half-day, presence and its corrections, attendance sheets."""

from typing import Any

from flask import Flask

from lms.attendance import (
    api,
    door_app,
    hours,
    manage,
    manage_devices,
    manage_doubts,
    manage_files,
    manage_hours,
    manage_live,
    manage_person,
    manage_points,
    manage_rule,
    manage_sheets,
    own_presence,
    own_tasks,
    personal,
    personal_leave,
    point_queries,
    point_tasks,
    points,
    queries,
    self_views,
    views,
)
from lms.attendance.looks import Looks
from lms.core.access import permission_sources
from lms.events import hour_reviews, panels, tasks
from lms.events.service import attended_sources
from lms.events.signals import event_cancelled, event_published, hours_changing

__all__ = [
    "init_app",
    "manage",
    "manage_devices",
    "manage_doubts",
    "manage_files",
    "manage_hours",
    "manage_live",
    "manage_person",
    "manage_points",
    "manage_rule",
    "manage_sheets",
]


def init_app(app: Flask) -> None:
    """Register the pages and the interface for devices; tell events what was attended and what is to be done."""
    app.register_blueprint(views.blueprint)
    app.register_blueprint(api.blueprint)
    app.register_blueprint(door_app.blueprint)
    app.register_blueprint(self_views.blueprint)
    app.extensions[manage_live.LOOKS] = Looks()
    personal.register()
    personal_leave.register()
    _add(attended_sources, queries.attended_half_days)
    _add(panels.sources, own_presence.panel)
    _add(tasks.sources, own_tasks.tasks)
    _add(tasks.sources, point_tasks.tasks)
    _add(permission_sources, point_queries.leader_permission)
    _add(hour_reviews.sources, manage_hours.review)
    hours_changing.connect(hours.keep)
    event_published.connect(points.published)
    event_cancelled.connect(points.cancelled)


def _add(sources: list[Any], source: Any) -> None:
    """Hand a function in once, however many applications a process makes."""
    if source not in sources:
        sources.append(source)
