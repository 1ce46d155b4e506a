"""Reads of accounts."""

from sqlalchemy import select

from lms.accounts.models import Account
from lms.core.db import session


def account_of_session(account_id: int, epoch: int) -> Account | None:
    """The account a session belongs to, when it may still act."""
    return session().scalar(
        select(Account).where(
            Account.id == account_id, Account.session_epoch == epoch, Account.disabled_at.is_(None)
        )
    )


def find_by_email(email: str) -> Account | None:
    """The account with this address, in any case of letters."""
    return session().scalar(select(Account).where(Account.email == email.strip().casefold()))
