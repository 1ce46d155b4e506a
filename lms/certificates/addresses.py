"""Addresses that leave the product on paper and in mail."""

from lms.core.web import whole_address


def verify_url(public_number: str) -> str:
    """The public page on which anyone checks a certificate."""
    return whole_address("certificates.verify_number", number=public_number)
