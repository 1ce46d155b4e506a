"""An event of Lam Khê with quotas, and ways to fill its list."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select

from lms.accounts.models import Account
from lms.core import clock
from lms.core.db import session
from lms.core.mail import OutboxMail
from lms.events.models import Event, EventKind, Point, Quota, SelfRegistration
from lms.registration import focal_points, service
from lms.registration.models import Delegate
from lms.registration.service import Candidate
from tests.world import World

Register = Callable[..., Delegate]


@pytest.fixture
def event(world: World) -> Event:
    """A published conference of Lam Khê with one remote point: 3 seats for the province, 1 for Bình Sa."""
    made = Event(
        key="lam-khe-2024",
        unit=world.units["lam-khe"],
        kind=EventKind.HYBRID,
        title="Hội nghị tập huấn Lam Khê",
        title_en="Lam Khê training conference",
        place="Hội trường tỉnh, Lam Khê",
        place_en="Provincial hall, Lam Khê",
        starts_on=date(2024, 8, 7),
        ends_on=date(2024, 8, 8),
        published_at=datetime(2024, 7, 1, tzinfo=UTC),
    )
    made.points = [Point(position=1, name="Nậm Khoang", place="UBND xã")]
    made.quotas = [Quota(unit=world.units["lam-khe"], seats=3), Quota(unit=world.units["binh-sa"], seats=1)]
    session().add(made)
    session().flush()
    return made


@pytest.fixture
def open_event(event: Event) -> Event:
    """The same event without quotas: as many as come."""
    event.quotas.clear()
    session().flush()
    return event


@pytest.fixture
def coming(event: Event) -> Event:
    """The event three weeks from now, its list open for two more."""
    event.starts_on = event.ends_on = clock.today() + timedelta(days=21)
    event.reply_by = clock.today() + timedelta(days=14)
    event.self_registration = SelfRegistration.OPEN
    session().flush()
    return event


@pytest.fixture
def register(event: Event, world: World) -> Register:
    """`register("Phạm S", "binh-sa", phone=…)` puts someone on the event's list."""

    def put(full_name: str, unit: str = "lam-khe", *, reason: str = "", **more: Any) -> Delegate:
        candidate = Candidate(full_name, world.units[unit], **more)
        return service.register(event, candidate, world.organizer, over_quota_reason=reason)

    return put


@pytest.fixture
def focal(coming: Event, world: World) -> Account:
    """Bình Sa's focal point: someone with no role at all."""
    unit = world.units["binh-sa"]
    return focal_points.name(coming, unit, "Bùi Thị Ngọc Ánh", "other_trainee@example.vn", world.organizer).account


def mails_to(address: str) -> list[str]:
    """Subjects of the mails to an address, the earliest first."""
    return list(session().scalars(select(OutboxMail.subject).where(OutboxMail.recipient == address)))
