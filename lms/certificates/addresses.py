"""Addresses that leave the product on paper and in mail."""

from flask import current_app


def verify_url(public_number: str) -> str:
    """The public page on which anyone checks a certificate."""
    base: str = current_app.extensions["lms_settings"].base_url
    return f"{base}/verify/{public_number}"
