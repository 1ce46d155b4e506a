"""Reads of accounts."""

from sqlalchemy import Select, bindparam, select
from sqlalchemy.orm import contains_eager, joinedload, lazyload, selectinload

from lms.accounts.models import Account, RoleGrant
from lms.core.db import session
from lms.core.errors import NotFound
from lms.core.text import like_pattern, search_terms
from lms.people.models import Person

_OF_SESSION = select(Account).where(
    Account.id == bindparam("account_id"),
    Account.session_epoch == bindparam("epoch"),
    Account.disabled_at.is_(None),
)
_FOR_A_PAGE = _OF_SESSION.options(joinedload(Account.grants).joinedload(RoleGrant.unit))
_FOR_AN_ACT = _OF_SESSION.options(lazyload(Account.person))
# Built once: every signed-in request runs one of them, and building a statement costs more than running it.


def account_of_session(account_id: int, epoch: int, *, for_a_page: bool = True) -> Account | None:
    """The account a session belongs to, when it may still act.

    A page shows the name and the role's navigation, so person and grants come along; an act such as saving an answer
    loads them only if it asks.
    """
    values = {"account_id": account_id, "epoch": epoch}
    if not for_a_page:
        return session().scalar(_FOR_AN_ACT, values)
    return session().scalars(_FOR_A_PAGE, values).unique().one_or_none()


def find_by_email(email: str) -> Account | None:
    """The account with this address, in any case of letters."""
    return session().scalar(select(Account).where(Account.email == email.strip().casefold()))


def get(account_id: int) -> Account:
    """An account by its id; raises NotFound."""
    account = session().get(Account, account_id)
    if account is None:
        raise NotFound
    return account


def of_person(person_id: int) -> Account | None:
    """The account of a person."""
    return session().scalar(select(Account).where(Account.person_id == person_id))


def get_grant(account: Account, grant_id: int) -> RoleGrant:
    """A role of an account; raises NotFound."""
    found = session().get(RoleGrant, grant_id)
    if found is None or found.account_id != account.id:
        raise NotFound
    return found


def listed(text: str) -> Select[Account]:
    """Accounts in the order of people's names, narrowed by words of name or address."""
    statement = (
        select(Account)
        .join(Person)
        .options(contains_eager(Account.person), selectinload(Account.grants).joinedload(RoleGrant.unit))
        .order_by(Person.sort_key, Account.id)
    )
    for term in search_terms(text):
        pattern = like_pattern(term)
        statement = statement.where(Person.search.like(pattern, escape="\\") | Account.email.like(pattern, escape="\\"))
    return statement
