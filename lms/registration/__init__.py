"""Delegates: lists, spreadsheets, invitations, badges."""

from flask import Flask


def init_app(app: Flask) -> None:
    """Register the feature."""
