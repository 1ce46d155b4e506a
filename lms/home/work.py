"""What stands on each role's front page."""

from typing import Any

from lms.accounts.models import Account


def of(role: str, account: Account) -> dict[str, Any]:
    """Template values of the role's front page."""
    return {"account": account}
