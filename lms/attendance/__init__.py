"""Check-in per half-day, presence and its corrections, attendance sheets."""

from flask import Flask

from lms.attendance import queries
from lms.events.service import attended_sources


def init_app(app: Flask) -> None:
    """Register the feature."""
    if queries.attended_half_days not in attended_sources:
        attended_sources.append(queries.attended_half_days)
