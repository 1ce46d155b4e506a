"""The four demo logins: invented people, their roles, and the password they share."""

import secrets
from dataclasses import dataclass
from datetime import time

from sqlalchemy import Engine, select
from sqlalchemy.exc import DBAPIError

from lms.accounts import passwords
from lms.accounts import service as accounts
from lms.accounts.models import Account
from lms.core import clock
from lms.core.db import session
from lms.core.permissions import Role
from lms.demo.scene import LOGINS, Scene
from lms.demo.source import read
from lms.people import service as people

ADDRESSES = tuple(f"{login}@example.vn" for login in LOGINS)
ABOUT_PASSWORD = "LMS_DEMO_PASSWORD=… make run đặt mật khẩu khác · sets another password."
_RANDOM_WORDS = 5


@dataclass(frozen=True)
class Password:
    """The password of the four logins and whether this run set it; `text` is None when only its hash is known."""

    text: str | None
    fresh: bool


def add(scene: Scene) -> None:
    """Enter the four people with their posts, accounts and roles; their password is set by `settle_password`."""
    source = read("logins")
    with clock.stopped_at(clock.at_local(source["since"], time(8))):
        admin: Account | None = None
        for one in source["logins"]:
            email = f"{one['login']}@example.vn"
            person = people.create(one["full_name"], email=email, specimen=True)
            people.add_post(
                person, scene.units[one["unit"]], one["post"], name_en=one["post_en"], from_on=source["since"]
            )
            account = accounts.create_account(person, email)
            admin = admin or account
            for unit in one.get("units", ()):
                accounts.grant(account, Role(one["role"]), scene.units[unit], by=admin)


def settle_password(scene: Scene, wanted: str | None) -> Password:
    """Give all four the wanted password, or one drawn at random when they have none yet; else change nothing.

    What the operator sets in the environment is taken as it is: it is their deployment.
    """
    four = [scene.accounts[login] for login in LOGINS]
    if wanted is None and all(account.password_hash for account in four):
        return Password(None, fresh=False)
    if wanted is not None and all(passwords.matches(wanted, account.password_hash) for account in four):
        return Password(None, fresh=False)
    password = wanted or _drawn()
    for account in four:
        account.password_hash = passwords.hashed(password)
        account.session_epoch += 1
    session().flush()
    return Password(password, fresh=True)


def are_there(engine: Engine) -> bool:
    """Whether the demo's logins stand in a database, asked without an application: before a server starts.

    No where there is no database yet, or none that can be reached.
    """
    try:
        with engine.connect() as connection:
            found = connection.scalars(select(Account.email).where(Account.email.in_(ADDRESSES))).all()
    except DBAPIError:
        return False
    return set(found) == set(ADDRESSES)


def introduction() -> str:
    """The four addresses with what each does, one a line."""
    roles = {one["login"]: f"{one['full_name']}, {one['post']}" for one in read("logins")["logins"]}
    return "\n".join(f"  {login}@example.vn".ljust(26) + f"{roles[login]}" for login in LOGINS)


def _drawn() -> str:
    words = read("logins")["words"]
    drawn = [secrets.choice(words) for _word in range(_RANDOM_WORDS)]
    return "-".join([*drawn, f"{secrets.randbelow(9000) + 1000}"])
