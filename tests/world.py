"""The small named world of the tests: a ministry, two provinces, and one account of every kind.

Lam Khê is invented; its organizer runs the events, the organizer of Bình Sa is the stranger of another unit.
"""

from dataclasses import dataclass

from sqlalchemy import select

from lms.accounts.models import Account, RoleGrant
from lms.core.db import session
from lms.core.permissions import Role
from lms.people.models import Person, Post
from lms.units.models import Unit, UnitKind

PASSWORD = "mật khẩu thử nghiệm"

_UNITS = (
    ("bo-thu", "Bộ Thử nghiệm", "Bộ Thử nghiệm", UnitKind.MINISTRY, None),
    ("lam-khe", "Tỉnh Lam Khê", "Lam Khê", UnitKind.PROVINCE, None),
    ("so-lam-khe", "Sở Văn hóa, Thể thao và Du lịch tỉnh Lam Khê", "Sở VHTTDL Lam Khê", UnitKind.DEPARTMENT, "lam-khe"),
    ("nam-khoang", "Xã Nậm Khoang", "Nậm Khoang", UnitKind.COMMUNE, "lam-khe"),
    ("binh-sa", "Tỉnh Bình Sa", "Bình Sa", UnitKind.PROVINCE, None),
)
_PEOPLE = (
    ("admin", "Trần Quản Trị", "bo-thu", "Chuyên viên", Role.ADMIN, "bo-thu"),
    ("organizer", "Lò Thị Mẩy", "so-lam-khe", "Phó Trưởng phòng", Role.ORGANIZER, "lam-khe"),
    ("stranger", "Phạm S", "binh-sa", "Chánh Văn phòng", Role.ORGANIZER, "binh-sa"),
    ("instructor", "Nguyễn Thị Hường", "so-lam-khe", "Báo cáo viên", Role.INSTRUCTOR, "lam-khe"),
    ("other_instructor", "Vàng A Chứ", "binh-sa", "Báo cáo viên", Role.INSTRUCTOR, "binh-sa"),
    ("trainee", "Đặng Văn Đức", "nam-khoang", "Công chức văn hóa – xã hội", None, None),
    ("other_trainee", "Bùi Thị Ngọc Ánh", "binh-sa", "Chuyên viên", None, None),
)


@dataclass
class World:
    """The world's accounts and units by name."""

    accounts: dict[str, Account]
    units: dict[str, Unit]

    @classmethod
    def load(cls) -> "World":
        """Read the world in the running session."""
        accounts = {account.email.partition("@")[0]: account for account in session().scalars(select(Account))}
        return cls(accounts, {unit.key: unit for unit in session().scalars(select(Unit))})

    def __getattr__(self, name: str) -> Account:
        try:
            return self.accounts[name]
        except KeyError:
            raise AttributeError(name) from None


def build_world() -> None:
    """Write the world into the running transaction."""
    units: dict[str, Unit] = {}
    for key, name, short, kind, parent in _UNITS:
        unit = Unit(key=key, code=key, kind=kind, name=name, name_en=name, short_name=short, symbol=key.upper())
        unit.parent = units[parent] if parent else None
        unit.index_names()
        session().add(unit)
        session().flush()
        unit.path = f"{unit.parent.path if unit.parent else '/'}{unit.id}/"
        units[key] = unit
    for name, full_name, unit_key, post, role, role_unit in _PEOPLE:
        person = Person(email=f"{name}@example.vn", phone="0912345678")
        person.rename(full_name)
        person.posts.append(Post(unit=units[unit_key], name=post))
        account = Account(email=f"{name}@example.vn", person=person)
        session().add(account)
        session().flush()
        if role is not None and role_unit is not None:
            session().add(RoleGrant(account_id=account.id, role=role, unit_id=units[role_unit].id))
    session().flush()
