"""What accounts hold of a person: for merging, for a copy of one's data, for erasing."""

from sqlalchemy import delete, or_, select

from lms.accounts import queries
from lms.accounts.models import Account, PasswordToken, SignInAttempt
from lms.core import clock
from lms.core.audit import AuditEntry
from lms.core.db import session
from lms.core.errors import N_, RuleBroken
from lms.people import belongings, privacy, requests
from lms.people.holdings import forget_mails
from lms.people.models import Person
from lms.people.privacy import Category, Ids, Record


def register() -> None:
    """Hand in what merging and privacy ask for."""
    belongings.hand_in(_ACCOUNT)
    privacy.hand_in(_ACCOUNTS, _SIGN_INS, _OWN_ACTS)
    if _address not in requests.addresses:
        requests.addresses.append(_address)


def _refuse_open(account: Account) -> RuleBroken | None:
    """Two accounts cannot become one: that of the record that goes must have been closed by someone first."""
    if account.disabled_at is not None:
        return None
    return RuleBroken(
        "Cả hai hồ sơ đều có tài khoản. Hãy khóa tài khoản %(email)s trước, hoặc giữ lại hồ sơ ấy.",
        code="two-accounts",
        email=account.email,
    )


_ACCOUNT = belongings.Belonging(
    Account.person_id,
    N_("Tài khoản"),
    lambda account: str(account.email),
    belongings.one_each(Account.person_id),
    refusal=_refuse_open,
)


def _address(person_id: int) -> str | None:
    account = queries.of_person(person_id)
    return account.email if account is not None and account.is_active else None


def _of(ids: Ids) -> list[Account]:
    return list(session().scalars(select(Account).where(Account.person_id.in_(ids)).order_by(Account.id)))


def _accounts(ids: Ids) -> list[Record]:
    return [
        {
            "email": one.email,
            "language": one.language,
            "created": clock.written(one.created_at),
            "last_sign_in": clock.written(one.last_sign_in_at),
            "roles": [f"{grant.role}: {grant.unit.name}" for grant in one.grants],
        }
        for one in _of(ids)
    ]


def _hindrance(ids: Ids) -> RuleBroken | None:
    today = clock.today()
    for account in _of(ids):
        if any(grant.in_force_on(today) for grant in account.grants):
            return RuleBroken(
                "Tài khoản %(email)s đang giữ vai trò. Hãy thu vai trò trước khi xóa.",
                code="has-role",
                email=account.email,
            )
    return None


def _close(_person: Person, ids: Ids, _name_goes: bool) -> None:
    forget_mails([account.email for account in _of(ids)])
    for account in _of(ids):
        session().execute(delete(PasswordToken).where(PasswordToken.account_id == account.id))
        account.email = f"da-xoa-{account.id}@xoa.invalid"
        account.password_hash = account.last_sign_in_at = None
        account.disabled_at = account.disabled_at or clock.now()
        account.session_epoch += 1


def _emails(ids: Ids) -> list[str]:
    own = [account.email for account in _of(ids)]
    known = session().scalars(select(Person.email).where(Person.id.in_(ids), Person.email.is_not(None)))
    return sorted({*own, *(one for one in known if one)})


def _sign_ins(ids: Ids) -> list[Record]:
    rows = session().scalars(
        select(SignInAttempt).where(SignInAttempt.email.in_(_emails(ids))).order_by(SignInAttempt.at.desc()).limit(1000)
    )
    return [{"at": clock.written(one.at), "address": one.address, "succeeded": one.succeeded} for one in rows]


def _forget_sign_ins(_person: Person, ids: Ids, _name_goes: bool) -> None:
    session().execute(delete(SignInAttempt).where(SignInAttempt.email.in_(_emails(ids))))


def _own_acts(ids: Ids) -> list[Record]:
    numbers = [account.id for account in _of(ids)]
    subjects = [f"account:{one}" for one in numbers]
    statement = select(AuditEntry).where(or_(AuditEntry.actor_id.in_(numbers), AuditEntry.subject.in_(subjects)))
    rows = session().scalars(statement.order_by(AuditEntry.id.desc()).limit(1000))
    return [{"verb": one.verb, "at": clock.written(one.at)} for one in rows]


_ACCOUNTS = Category(
    key="accounts",
    label=N_("Tài khoản"),
    purpose=N_("Đăng nhập và biết ai được làm gì"),
    seen_by=N_("Quản trị hệ thống"),
    kept=N_("Đến khi xóa theo đề nghị"),
    fields={
        "email": N_("Thư điện tử"),
        "language": N_("Ngôn ngữ"),
        "created": N_("Tạo lúc"),
        "last_sign_in": N_("Lần đăng nhập gần nhất"),
        "roles": N_("Vai trò"),
    },
    records=_accounts,
    goes=N_("Địa chỉ, mật khẩu; tài khoản đóng và mọi phiên đăng nhập kết thúc"),
    stays=N_("Số của tài khoản trong nhật ký"),
    erase=_close,
    hindrance=_hindrance,
)
_SIGN_INS = Category(
    key="sign-ins",
    label=N_("Các lần đăng nhập"),
    purpose=N_("Chặn việc dò mật khẩu"),
    seen_by=N_("Không ai; chỉ hệ thống đếm"),
    kept=N_("Lần sai đến lần đăng nhập đúng kế tiếp"),
    fields={"at": N_("Lúc"), "address": N_("Địa chỉ mạng"), "succeeded": N_("Đúng mật khẩu")},
    records=_sign_ins,
    goes=N_("Tất cả"),
    erase=_forget_sign_ins,
)
_OWN_ACTS = Category(
    key="own-acts",
    label=N_("Nhật ký thao tác của tài khoản"),
    purpose=N_("Biết ai đã làm gì, để giải trình"),
    seen_by=N_("Quản trị hệ thống"),
    kept=N_("Nhật ký không sửa, không xóa"),
    fields={"verb": N_("Việc"), "at": N_("Lúc")},
    records=_own_acts,
    stays=N_("Nhật ký, gắn với số của tài khoản"),
)
