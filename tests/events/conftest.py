"""A plan, a draft of one morning with two topics, and the same event published."""

from collections.abc import Callable
from datetime import date, time

import pytest

from lms.accounts.models import Account
from lms.core.db import session
from lms.events import agenda, planning, service
from lms.events.half_days import Span
from lms.events.models import Event, EventKind, Half, TrainingPlan
from lms.people.models import Person, Post
from tests.world import World

DAY = date(2024, 8, 7)
MORNING = Span(DAY, Half.MORNING, DAY, Half.MORNING)


@pytest.fixture
def plan(world: World) -> TrainingPlan:
    """A plan of the province with one task group and one indicator."""
    words = planning.PlanWords(
        number="90/KH-UBND",
        title="Kế hoạch tập huấn thông tin đối ngoại năm 2024",
        issuer=world.units["lam-khe"],
        issued_on=date(2024, 6, 21),
        starts_on=date(2024, 7, 1),
        ends_on=date(2024, 12, 31),
    )
    return planning.create_plan(
        world.organizer,
        world.units["lam-khe"],
        words,
        [planning.Group("Quán triệt, triển khai")],
        [planning.Figure("Cán bộ được tập huấn", "người", target=None)],
    )


@pytest.fixture
def make_event(world: World) -> Callable[..., Event]:
    """Make a draft of Lam Khê; keywords change its title, days, kind, place and host."""

    def make(
        title: str = "Hội nghị tập huấn công tác thông tin đối ngoại",
        span: Span = MORNING,
        *,
        kind: EventKind = EventKind.CONFERENCE,
        place: str = "Hội trường tỉnh Lam Khê",
        host: str | None = "lam-khe",
        actor: Account | None = None,
    ) -> Event:
        details = service.Details(title=title, kind=kind, place=place, title_en="Training conference")
        unit = world.units["lam-khe"]
        return service.create_event(
            actor or world.organizer, unit, details, span, host=world.units[host] if host else None
        )

    return make


@pytest.fixture
def speaker(world: World) -> Person:
    """Someone who held two posts at once in August 2024, and another one since."""
    person = Person(title="")
    person.rename("Bùi Đức Thử")
    province, department = world.units["lam-khe"], world.units["so-lam-khe"]
    person.posts += [
        Post(unit=province, name="Chủ tịch HĐND tỉnh", rank=1, from_on=date(2021, 7, 1), to_on=date(2025, 7, 1)),
        Post(unit=department, name="Giám đốc", rank=2, to_on=date(2025, 3, 1)),
        Post(unit=province, name="Bí thư Tỉnh ủy", rank=1, from_on=date(2025, 7, 1)),
    ]
    session().add(person)
    session().flush()
    return person


@pytest.fixture
def draft(world: World, make_event: Callable[..., Event], speaker: Person) -> Event:
    """A draft of the morning of 7 August 2024 with two topics, the first with a speaker."""
    event = make_event()
    half_day = event.sessions[0]
    opening = agenda.add_topic(world.organizer, event, half_day, agenda.TopicWords("Khai mạc", "Opening", time(8, 0)))
    agenda.add_topic(world.organizer, event, half_day, agenda.TopicWords("Quan điểm chỉ đạo", None, time(8, 30)))
    agenda.add_speaker(world.organizer, event, opening, speaker)
    return event


@pytest.fixture
def published(world: World, draft: Event) -> Event:
    """The draft, made public."""
    service.publish(world.organizer, draft)
    return draft
