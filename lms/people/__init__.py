"""Persons and their dated posts; merging of duplicates; what is held of a person and their requests about it."""

from flask import Flask

from lms.core import jobs
from lms.people import (
    finding,
    holdings,
    manage_merging,
    manage_posts,
    manage_private,
    manage_requests,
    own_privacy,
    private,
    views,
)

PAGES = (manage_merging, manage_posts, manage_private, manage_requests)
"""Modules whose views belong to the feature's blueprint."""


def init_app(app: Flask) -> None:
    """Register the pages, the jobs, and the feature's own categories of personal data."""
    app.register_blueprint(views.blueprint)
    app.register_blueprint(own_privacy.blueprint)
    jobs.handler(finding.JOB)(finding.look_through)
    jobs.handler(private.JOB)(private.forget_one)
    holdings.register()
