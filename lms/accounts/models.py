"""Accounts to sign in with, roles granted on units, mailed tokens, and the record of sign-in attempts."""

from datetime import date, datetime

from sqlalchemy import ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from lms.core import clock
from lms.core.access import permission_sources
from lms.core.db import Base
from lms.core.permissions import ROLE_PERMISSIONS, Permission, Role
from lms.people.models import Person
from lms.units.models import Unit


class Account(Base):
    """A way in for one person. `session_epoch` is part of every session: raising it ends them all."""

    __tablename__ = "accounts"

    id: Mapped[int] = mapped_column(primary_key=True)
    email: Mapped[str] = mapped_column(String(254), unique=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"), unique=True)
    password_hash: Mapped[str | None] = mapped_column(String(200))
    session_epoch: Mapped[int] = mapped_column(default=1)
    language: Mapped[str | None] = mapped_column(String(2))
    theme: Mapped[str | None] = mapped_column(String(5))
    created_at: Mapped[datetime] = mapped_column(default=clock.now)
    last_sign_in_at: Mapped[datetime | None]
    disabled_at: Mapped[datetime | None]

    person: Mapped[Person] = relationship(lazy="joined", innerjoin=True)
    grants: Mapped[list["RoleGrant"]] = relationship(back_populates="account", foreign_keys="RoleGrant.account_id")

    # What flask-login asks of a user.
    is_authenticated = True
    is_anonymous = False

    @property
    def is_active(self) -> bool:
        """Whether the account may sign in."""
        return self.disabled_at is None

    def get_id(self) -> str:
        """What the session cookie holds."""
        return f"{self.id}.{self.session_epoch}"

    @property
    def name(self) -> str:
        """The person's full name."""
        return self.person.full_name

    def granted_roles(self, day: date | None = None) -> dict[Role, list["RoleGrant"]]:
        """The grants in force on a day (today), by role."""
        day = day or clock.today()
        roles: dict[Role, list[RoleGrant]] = {}
        for grant in self.grants:
            if grant.in_force_on(day):
                roles.setdefault(Role(grant.role), []).append(grant)
        return roles

    def has_role(self, role: Role) -> bool:
        """Whether the role is granted on any unit today."""
        return role in self.granted_roles()

    def has_permission(self, permission: Permission) -> bool:
        """Whether a role on any unit, or staff of any event or course, gives the permission."""
        if any(permission in ROLE_PERMISSIONS[role] for role in self.granted_roles()):
            return True
        return any(permission in source(self.id) for source in permission_sources)

    def unit_paths(self, permission: Permission) -> list[str]:
        """Path prefixes of the units on which a granted role gives the permission; "" is every unit."""
        return [
            "" if role is Role.ADMIN else grant.unit.path
            for role, grants in self.granted_roles().items()
            if permission in ROLE_PERMISSIONS[role]
            for grant in grants
        ]


class RoleGrant(Base):
    """A role on a unit and all below it, from a day until before another."""

    __tablename__ = "role_grants"
    __table_args__ = (Index("ix_role_grants_account", "account_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("accounts.id"))
    role: Mapped[Role] = mapped_column(String(20))
    unit_id: Mapped[int] = mapped_column(ForeignKey("units.id"))
    from_on: Mapped[date | None]
    to_on: Mapped[date | None]

    account: Mapped[Account] = relationship(back_populates="grants", foreign_keys=[account_id])
    unit: Mapped[Unit] = relationship(lazy="joined", innerjoin=True)

    def in_force_on(self, day: date) -> bool:
        """Whether the grant counts on that day."""
        return (self.from_on is None or self.from_on <= day) and (self.to_on is None or day < self.to_on)


class PasswordToken(Base):
    """A mailed, single-use right to set a password; only the SHA-256 of the token is kept."""

    __tablename__ = "password_tokens"

    digest: Mapped[str] = mapped_column(String(64), primary_key=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("accounts.id"), index=True)
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    used_at: Mapped[datetime | None]

    account: Mapped[Account] = relationship()


class SignInAttempt(Base):
    """One try at a password, kept for the lockout by rate; `email` is what was typed, casefolded."""

    __tablename__ = "sign_in_attempts"
    __table_args__ = (
        Index("ix_sign_in_attempts_email_at", "email", "at"),
        Index("ix_sign_in_attempts_address_at", "address", "at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    email: Mapped[str] = mapped_column(String(254))
    address: Mapped[str] = mapped_column(String(45))
    at: Mapped[datetime]
    succeeded: Mapped[bool]
