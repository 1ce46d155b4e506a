"""Certificates: who is entitled, the register, issue by a job, public verification, revocation and reissue."""

from flask import Flask

from lms.certificates import manage, manage_register, own_tasks, personal, service, verification, views
from lms.core import jobs
from lms.events import tasks

PAGES = (manage, manage_register, verification)
"""Modules whose views belong to the feature's blueprint."""


def init_app(app: Flask) -> None:
    """Register the pages, the job that issues, and the feature's tasks on an event's management page."""
    app.register_blueprint(views.blueprint)
    personal.register()
    jobs.handler(service.ISSUE_JOB)(service.run_issue)
    if own_tasks.own_tasks not in tasks.sources:
        tasks.sources.append(own_tasks.own_tasks)
