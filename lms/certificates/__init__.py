"""Certificates: who is entitled, the register, issue by a job, public verification, revocation and reissue."""

from flask import Flask

from lms.certificates import service
from lms.core import jobs


def init_app(app: Flask) -> None:
    """Register the job that issues."""
    jobs.handler(service.ISSUE_JOB)(service.run_issue)
