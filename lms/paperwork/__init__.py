"""Number books: papers of an agency are numbered from 1 each year, without a gap and without a number twice."""

from flask import Flask


def init_app(_app: Flask) -> None:
    """Nothing to register: the feature has tables and rules, its pages belong to the papers that are numbered."""
