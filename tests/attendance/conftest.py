"""A conference day of Lam Khê with a morning and an afternoon, one remote point, and a list of five."""

from collections.abc import Callable
from datetime import UTC, date, datetime, time

import pytest

from lms.core import clock
from lms.core.db import session
from lms.events.models import Event, EventKind, EventStaff, Half, HalfDay, Point, StaffRole
from lms.registration import service as registration
from lms.registration.models import Delegate
from lms.registration.service import Candidate
from tests.world import World

DAY = date(2024, 8, 7)
MORNING, AFTERNOON = "2024-08-07-sang", "2024-08-07-chieu"


def at(hour: int, minute: int = 0) -> datetime:
    """A moment of the conference day on the Vietnamese clock, in UTC."""
    return clock.at_local(DAY, time(hour, minute))


def build_event(world: World, key: str = "lam-khe-2024") -> Event:
    """A published hybrid event with two half-days and one point."""
    event = Event(
        key=key,
        unit=world.units["lam-khe"],
        kind=EventKind.HYBRID,
        title="Hội nghị tập huấn Lam Khê",
        title_en="Lam Khê training conference",
        place="Hội trường tỉnh, Lam Khê",
        starts_on=DAY,
        ends_on=DAY,
        published_at=datetime(2024, 7, 1, tzinfo=UTC),
    )
    event.points = [Point(position=1, name="Nậm Khoang", place="UBND xã"), Point(position=2, name="Bình Sa")]
    event.sessions = [
        HalfDay(on=DAY, half=Half.MORNING, starts_at=time(7, 30), ends_at=time(11, 30)),
        HalfDay(on=DAY, half=Half.AFTERNOON, starts_at=time(13, 30), ends_at=time(17, 0)),
    ]
    session().add(event)
    session().flush()
    return event


@pytest.fixture
def event(world: World) -> Event:
    """The conference."""
    return build_event(world)


@pytest.fixture
def morning(event: Event) -> HalfDay:
    """Its morning."""
    return event.sessions[0]


@pytest.fixture
def afternoon(event: Event) -> HalfDay:
    """Its afternoon."""
    return event.sessions[1]


@pytest.fixture
def put(event: Event, world: World) -> Callable[..., Delegate]:
    """`put("Phạm S", "binh-sa", point=…)` puts someone on the list."""

    def register(full_name: str, unit: str = "lam-khe", **more: object) -> Delegate:
        return registration.register(event, Candidate(full_name, world.units[unit], **more), None)  # type: ignore[arg-type]

    return register


@pytest.fixture
def people(put: Callable[..., Delegate]) -> dict[str, Delegate]:
    """Five people of three units by their given name."""
    return {
        "Đức": put("Đặng Văn Đức", "nam-khoang", post="Công chức văn hóa – xã hội"),
        "Hường": put("Nguyễn Thị Hường", "lam-khe", post="Phó Chánh Văn phòng"),
        "Chứ": put("Vàng A Chứ", "lam-khe"),
        "Quỳ": put("Trần Thị Quỳ", "binh-sa"),
        "S": put("Phạm S", "binh-sa", post="Chánh Văn phòng"),
    }


@pytest.fixture
def door_keeper(event: Event, world: World) -> World:
    """The world in which `trainee` keeps the door of this event and nothing else."""
    session().add(EventStaff(event_id=event.id, account_id=world.trainee.id, role=StaffRole.DOOR))
    session().flush()
    return world
