"""Signing in, passwords by mailed token, and roles."""

import hashlib
import secrets
from datetime import timedelta

from sqlalchemy import delete, func, select, update

from lms.accounts import passwords, queries
from lms.accounts.models import Account, PasswordToken, RoleGrant, SignInAttempt
from lms.core import audit, clock, text
from lms.core.db import session
from lms.core.errors import N_, NotFound, RuleBroken
from lms.core.permissions import Role
from lms.people import service as people
from lms.people.models import Person
from lms.units.models import Unit

LOCKOUT = timedelta(minutes=15)
FAILURES_PER_EMAIL = 5
FAILURES_PER_ADDRESS = 50
RESET_LIFE = timedelta(hours=2)
INVITATION_LIFE = timedelta(days=14)
RESETS_PER_HOUR = 3


class TooManyAttempts(RuleBroken):
    """Signing in is locked for a while; the message says until when."""


def check_rate(email: str, address: str) -> None:
    """Refuse when too many tries failed of late for this e-mail or from this network address."""
    since = clock.now() - LOCKOUT
    failed = select(func.count(), func.min(SignInAttempt.at)).where(
        SignInAttempt.at > since, SignInAttempt.succeeded.is_(False)
    )
    for condition, limit in (
        (SignInAttempt.email == email.strip().casefold(), FAILURES_PER_EMAIL),
        (SignInAttempt.address == address, FAILURES_PER_ADDRESS),
    ):
        count, first = session().execute(failed.where(condition)).one()
        if count >= limit:
            until = clock.local(first + LOCKOUT)
            raise TooManyAttempts(
                N_("Đã thử sai quá nhiều lần. Hãy thử lại sau %(time)s, hoặc đặt lại mật khẩu qua thư."),
                code="too-many-attempts",
                time=f"{until:%H:%M}",
            )


def record_attempt(email: str, address: str, *, succeeded: bool) -> None:
    """Remember a try; a success forgets the failures before it."""
    email = email.strip().casefold()
    if succeeded:
        session().execute(delete(SignInAttempt).where(SignInAttempt.email == email))
    session().add(SignInAttempt(email=email[:254], address=address[:45], at=clock.now(), succeeded=succeeded))


def signed_in(account: Account, password: str) -> None:
    """Note a sign-in; make the password's hash anew when it was made with weaker settings."""
    account.last_sign_in_at = clock.now()
    if account.password_hash and passwords.outdated(account.password_hash):
        account.password_hash = passwords.hashed(password)


def create_account(person: Person, email: str) -> Account:
    """An account without a password; refused when the address or the person has one already."""
    email = email.strip().casefold()
    if queries.find_by_email(email) is not None:
        raise RuleBroken("Thư điện tử %(email)s đã có tài khoản.", field="email", code="email-taken", email=email)
    account = Account(email=email, person=person)
    session().add(account)
    session().flush()
    return account


def account_of(full_name: str, email: str, unit: Unit) -> Account:
    """The account of whoever is named to do something; made where the address has none, for a person of the unit.

    Raises RuleBroken: the address is that of someone of another name ("email-taken").
    """
    account = queries.find_by_email(email)
    if account is None:
        return create_account(people.find_or_create(full_name, unit, "", email), email)
    if text.fold(account.name) != text.fold(full_name):
        message = N_("Thư điện tử này là của %(name)s. Hãy ghi đúng tên người ấy, hoặc địa chỉ khác.")
        raise RuleBroken(message, field="email", code="email-taken", name=account.name)
    return account


def first_token(account: Account) -> str | None:
    """A token for setting a first password, good for 14 days; None for an account that has one."""
    return None if account.password_hash else issue_token(account, INVITATION_LIFE)


def invite(person: Person, email: str) -> str:
    """A token with which the person may set a password, good for 14 days; makes the account when there is none.

    An address that belongs to someone else's account is refused.
    """
    account = session().scalar(select(Account).where(Account.person_id == person.id)) or create_account(person, email)
    return issue_token(account, INVITATION_LIFE)


def correct_address(account: Account, email: str) -> None:
    """Give an account that nobody has used yet another address; links mailed to the old one end.

    The address must be free; an account with a password keeps its own.
    """
    email = email.strip().casefold()
    if account.password_hash is not None or account.email == email:
        return
    account.email = email
    session().execute(
        update(PasswordToken)
        .where(PasswordToken.account_id == account.id, PasswordToken.used_at.is_(None))
        .values(used_at=clock.now())
    )


def request_reset(email: str) -> tuple[Account, str] | None:
    """A reset token for the account of this address; None when there is none or it asked too often."""
    account = queries.find_by_email(email)
    if account is None or not account.is_active:
        return None
    recent = session().scalar(
        select(func.count())
        .select_from(PasswordToken)
        .where(PasswordToken.account_id == account.id, PasswordToken.created_at > clock.now() - timedelta(hours=1))
    )
    if (recent or 0) >= RESETS_PER_HOUR:
        return None
    return account, issue_token(account, RESET_LIFE)


def issue_token(account: Account, life: timedelta) -> str:
    """A new single-use token; only its digest is stored."""
    token = secrets.token_urlsafe(24)
    moment = clock.now()
    session().add(
        PasswordToken(digest=_digest(token), account_id=account.id, created_at=moment, expires_at=moment + life)
    )
    session().flush()
    return token


def get_token(token: str) -> PasswordToken:
    """A token that may still be used; raises NotFound for a forged one, RuleBroken for one used or expired."""
    found = session().get(PasswordToken, _digest(token))
    if found is None:
        raise NotFound
    if found.used_at is not None or found.expires_at <= clock.now() or not found.account.is_active:
        raise RuleBroken("Liên kết đã hết hạn hoặc đã dùng. Hãy xin liên kết mới.", code="token-expired")
    return found


def use_token(token: str, password: str) -> Account:
    """Set the password with a token; every other token and every session of the account ends."""
    account = get_token(token).account
    set_password(account, password)
    audit.record("account.password", f"account:{account.id}", actor_id=account.id)
    return account


def set_password(account: Account, password: str) -> None:
    """Set a password and end every session; too short a one, or the address itself, is refused."""
    if len(password) < passwords.MINIMUM_LENGTH:
        raise RuleBroken(
            "Mật khẩu cần ít nhất %(length)d ký tự. Một câu ngắn dễ nhớ là tốt nhất.",
            field="password",
            code="password-short",
            length=passwords.MINIMUM_LENGTH,
        )
    if password.casefold() in {account.email, account.email.partition("@")[0]} or len(set(password)) < 4:
        raise RuleBroken("Mật khẩu này quá dễ đoán. Hãy chọn mật khẩu khác.", field="password", code="password-weak")
    account.password_hash = passwords.hashed(password)
    account.session_epoch += 1
    session().execute(
        update(PasswordToken)
        .where(PasswordToken.account_id == account.id, PasswordToken.used_at.is_(None))
        .values(used_at=clock.now())
    )


def change_password(account: Account, current: str, new: str) -> None:
    """Change the password of someone signed in, who must know the old one."""
    if not passwords.matches(current, account.password_hash):
        raise RuleBroken("Mật khẩu đang dùng chưa đúng.", field="current", code="password-wrong")
    set_password(account, new)
    audit.record("account.password", f"account:{account.id}", actor_id=account.id)


def grant(account: Account, role: Role, unit: Unit, by: Account | None) -> RoleGrant:
    """Give a role on a unit and all below it; a role already held there is given back as it is."""
    for existing in account.grants:
        if existing.role == role and existing.unit_id == unit.id and existing.in_force_on(clock.today()):
            return existing
    granted = RoleGrant(account=account, role=role, unit=unit, from_on=clock.today())
    session().add(granted)
    session().flush()
    audit.record("role.grant", f"account:{account.id}", actor_id=by.id if by else None, role=str(role), unit=unit.key)
    return granted


def withdraw_grant(granted: RoleGrant, by: Account) -> None:
    """End a role today; an admin cannot end their own last one."""
    if granted.account_id == by.id and granted.role == Role.ADMIN:
        raise RuleBroken("Không thể tự thu vai trò quản trị của chính mình.", code="own-admin-role")
    granted.to_on = clock.today()
    audit.record(
        "role.withdraw", f"account:{granted.account_id}", actor_id=by.id, role=str(granted.role), unit=granted.unit.key
    )


def disable(account: Account, by: Account) -> None:
    """Close an account: its sessions end at once."""
    if account.id == by.id:
        raise RuleBroken("Không thể tự khóa tài khoản của chính mình.", code="own-account")
    account.disabled_at = account.disabled_at or clock.now()
    account.session_epoch += 1
    audit.record("account.disable", f"account:{account.id}", actor_id=by.id)


def enable(account: Account, by: Account) -> None:
    """Open a closed account again; not one whose person was merged into another."""
    if account.person.merged_into_id is not None:
        raise RuleBroken("Hồ sơ của tài khoản này đã gộp vào hồ sơ khác. Hãy tách lại trước.", code="merged")
    account.disabled_at = None
    audit.record("account.enable", f"account:{account.id}", actor_id=by.id)


def _digest(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
