"""What every part of the demo works with: the day of loading, the four accounts, the units by key."""

from dataclasses import dataclass
from datetime import date

from sqlalchemy import select

from lms.accounts import queries as accounts
from lms.accounts.models import Account
from lms.core.db import session
from lms.events.models import Event
from lms.units.models import Unit

OFFICE = "van-phong-mau"
"""The key of the invented unit that runs every event of the demo."""


@dataclass(frozen=True)
class Scene:
    """The day of loading, accounts by the name before the @, units by key."""

    today: date
    accounts: dict[str, Account]
    units: dict[str, Unit]

    @classmethod
    def on(cls, today: date) -> "Scene":
        """As the database has it now."""
        found = {login: accounts.find_by_email(f"{login}@example.vn") for login in LOGINS}
        units = {unit.key: unit for unit in session().scalars(select(Unit))}
        return cls(today, {login: account for login, account in found.items() if account is not None}, units)

    @property
    def organizer(self) -> Account:
        """Who runs the events."""
        return self.accounts["organizer"]

    @property
    def instructor(self) -> Account:
        """Who writes the questions."""
        return self.accounts["instructor"]

    @property
    def trainee(self) -> Account:
        """Whose learning fills the trainee's pages."""
        return self.accounts["trainee"]

    @property
    def office(self) -> Unit:
        """The unit that runs every event."""
        return self.units[OFFICE]


LOGINS = ("admin", "organizer", "instructor", "trainee")
"""The four demo logins, all @example.vn."""


def get_event(key: str) -> Event:
    """An event of the demo that was entered before."""
    return session().scalars(select(Event).where(Event.key == key)).one()
