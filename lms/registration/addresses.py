"""Where a delegate is written to, and whose address the keepers of a list may correct."""

from sqlalchemy import exists, select

from lms.accounts import queries as accounts
from lms.accounts import service as accounts_service
from lms.accounts.models import Account, RoleGrant
from lms.core.db import session
from lms.core.errors import N_, RuleBroken
from lms.events.models import EventStaff
from lms.people.models import Person
from lms.registration.models import Delegate, FocalPoint


def recipient_of(delegate: Delegate) -> str | None:
    """The address a delegate is written to: that of an account in use, else the person's own."""
    account = accounts.of_person(delegate.person_id)
    if account is not None and is_in_use(account):
        return account.email
    return delegate.person.email or (account.email if account is not None else None)


def is_in_use(account: Account) -> bool:
    """Whether someone signs in with it, or it may do more than learn: then its address is not a list's to change."""
    if account.password_hash is not None:
        return True
    rights = (
        exists().where(RoleGrant.account_id == account.id),
        exists().where(EventStaff.account_id == account.id),
        exists().where(FocalPoint.account_id == account.id),
    )
    return any(session().scalar(select(right)) for right in rights)


def refuse_account(person: Person) -> None:
    """Raise RuleBroken where the person's address belongs to an account in use."""
    account = accounts.of_person(person.id)
    if account is not None and is_in_use(account):
        message = N_("Người này đã có tài khoản; thư điện tử chỉ đổi được ở trang tài khoản.")
        raise RuleBroken(message, field="email", code="has-account")


def refuse_renaming(person: Person) -> None:
    """Raise RuleBroken where someone signs in under the name: it is theirs, not a list's to change."""
    account = accounts.of_person(person.id)
    if account is not None and is_in_use(account):
        message = N_("Người này đã có tài khoản; họ tên chỉ quản trị hệ thống sửa được.")
        raise RuleBroken(message, field="full_name", code="has-account")


def settled(delegate: Delegate) -> tuple[str, str | None]:
    """The address to write to and, for someone who has no password yet, a token to set one; makes the account.

    Raises RuleBroken: no address ("no-email"), or one of someone else's account ("email-taken").
    """
    email = recipient_of(delegate)
    if not email:
        raise RuleBroken(
            "%(name)s chưa có thư điện tử. Hãy ghi ở trang đại biểu.", code="no-email", name=delegate.full_name
        )
    owner = accounts.find_by_email(email)
    if owner is not None and owner.person_id != delegate.person_id:
        raise RuleBroken("Thư điện tử %(email)s thuộc tài khoản của người khác.", code="email-taken", email=email)
    account = accounts.of_person(delegate.person_id)
    if account is not None and account.password_hash is not None:
        return email, None
    if account is not None and not is_in_use(account):
        accounts_service.correct_address(account, email)
    return email, accounts_service.invite(delegate.person, email)
