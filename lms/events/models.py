"""Training plans and events: hosts, points, half-day sessions with topics and speakers, documents, quotas, rules."""

from datetime import date, datetime, time
from decimal import Decimal
from enum import StrEnum

from sqlalchemy import (
    CheckConstraint,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    Numeric,
    String,
    Text,
    UniqueConstraint,
    false,
    true,
)
from sqlalchemy.orm import Mapped, mapped_column, relationship

from lms.accounts.models import Account
from lms.core import clock, text
from lms.core.db import Base
from lms.courses.models import Course
from lms.people.models import Person
from lms.quizzes.models import Quiz
from lms.units.models import Unit


class TrainingPlan(Base):
    """A plan (kế hoạch) as issued: number, issuer, day, task groups and indicators; events stand under it."""

    __tablename__ = "training_plans"

    id: Mapped[int] = mapped_column(primary_key=True)
    unit_id: Mapped[int] = mapped_column(ForeignKey("units.id"), index=True)
    number: Mapped[str] = mapped_column(String(60))
    title: Mapped[str] = mapped_column(String(400))
    title_en: Mapped[str | None] = mapped_column(String(400))
    issuer_id: Mapped[int] = mapped_column(ForeignKey("units.id"))
    issued_on: Mapped[date]
    starts_on: Mapped[date]
    ends_on: Mapped[date]
    aim: Mapped[str] = mapped_column(Text, default="")
    carries_out: Mapped[str] = mapped_column(Text, default="")
    created_at: Mapped[datetime] = mapped_column(default=clock.now)

    unit: Mapped[Unit] = relationship(foreign_keys=[unit_id])
    issuer: Mapped[Unit] = relationship(foreign_keys=[issuer_id])
    task_groups: Mapped[list["TaskGroup"]] = relationship(
        back_populates="plan", order_by="TaskGroup.position", cascade="all, delete-orphan"
    )
    indicators: Mapped[list["Indicator"]] = relationship(
        back_populates="plan", order_by="Indicator.position", cascade="all, delete-orphan"
    )
    events: Mapped[list["Event"]] = relationship(back_populates="plan", order_by="Event.starts_on")


class TaskGroup(Base):
    """A group of tasks (nhóm nhiệm vụ) of a plan."""

    __tablename__ = "task_groups"

    id: Mapped[int] = mapped_column(primary_key=True)
    plan_id: Mapped[int] = mapped_column(ForeignKey("training_plans.id"), index=True)
    position: Mapped[int]
    title: Mapped[str] = mapped_column(String(400))
    detail: Mapped[str] = mapped_column(Text, default="")

    plan: Mapped[TrainingPlan] = relationship(back_populates="task_groups")


class Indicator(Base):
    """A measurable figure of a plan: what, in which unit of measure, from which baseline to which target."""

    __tablename__ = "indicators"

    id: Mapped[int] = mapped_column(primary_key=True)
    plan_id: Mapped[int] = mapped_column(ForeignKey("training_plans.id"), index=True)
    position: Mapped[int]
    name: Mapped[str] = mapped_column(String(400))
    measure: Mapped[str] = mapped_column(String(60), default="")
    baseline: Mapped[Decimal | None] = mapped_column(Numeric(14, 2))
    target: Mapped[Decimal | None] = mapped_column(Numeric(14, 2))
    source: Mapped[str] = mapped_column(String(400), default="")

    plan: Mapped[TrainingPlan] = relationship(back_populates="indicators")


class EventKind(StrEnum):
    """Hội nghị tập huấn, lớp bồi dưỡng, or a conference in a hall and at remote points at once."""

    CONFERENCE = "conference"
    CLASS = "class"
    HYBRID = "hybrid"


class SelfRegistration(StrEnum):
    """Whether people put themselves on the list by the event's link: not at all, with approval, or at once."""

    CLOSED = "closed"
    APPROVAL = "approval"
    OPEN = "open"


class Event(Base):
    """A training event. `attendance_percent` and `test_id` are its rule for the certificate, with required courses.

    `unit_id` is the unit that runs it and whose organizers see it; `key` is its address. Draft until `published_at`.
    `seats` limits all delegates together (None: no limit), `seats_taken` counts them. `calendar_sequence` grows with
    every change that a calendar must hear of (RFC 5545, SEQUENCE). `keep_until`: the day from which what was recorded
    of the delegates for this event alone may go.

    How scans become half-days (docs/attendance.md): minutes of grace at either end (None: not looked at), what counts
    all the same, and the methods of scans that count, separated by spaces (empty: all). `self_check_in`: people may
    check themselves in by the code on the hall's screen.
    """

    __tablename__ = "events"
    __table_args__ = (
        CheckConstraint("ends_on >= starts_on", name="days_in_order"),
        CheckConstraint("attendance_percent BETWEEN 0 AND 100", name="attendance_percent"),
        CheckConstraint("seats >= 0", name="seats"),
        CheckConstraint("seats_taken >= 0", name="seats_taken"),
        CheckConstraint("late_minutes >= 0 AND early_minutes >= 0", name="grace"),
        Index("ix_events_starts_on", "starts_on"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(String(80), unique=True)
    unit_id: Mapped[int] = mapped_column(ForeignKey("units.id"), index=True)
    plan_id: Mapped[int | None] = mapped_column(ForeignKey("training_plans.id"), index=True)
    kind: Mapped[EventKind] = mapped_column(String(12))
    title: Mapped[str] = mapped_column(String(400))
    title_en: Mapped[str | None] = mapped_column(String(400))
    summary: Mapped[str] = mapped_column(Text, default="")
    summary_en: Mapped[str | None] = mapped_column(Text)
    place: Mapped[str] = mapped_column(String(300))
    place_en: Mapped[str | None] = mapped_column(String(300))
    starts_on: Mapped[date]
    ends_on: Mapped[date]
    hours: Mapped[int] = mapped_column(default=4)
    reply_by: Mapped[date | None]
    seats: Mapped[int | None]
    seats_taken: Mapped[int] = mapped_column(default=0, server_default="0")
    self_registration: Mapped[SelfRegistration] = mapped_column(
        String(10), default=SelfRegistration.CLOSED, server_default="closed"
    )
    calendar_sequence: Mapped[int] = mapped_column(default=0, server_default="0")
    keep_until: Mapped[date | None]
    attendance_percent: Mapped[int] = mapped_column(default=100)
    test_id: Mapped[int | None] = mapped_column(ForeignKey("quizzes.id"))
    late_minutes: Mapped[int | None]
    early_minutes: Mapped[int | None]
    late_counts: Mapped[bool] = mapped_column(default=True, server_default=true())
    early_counts: Mapped[bool] = mapped_column(default=True, server_default=true())
    excused_counts: Mapped[bool] = mapped_column(default=False, server_default=false())
    evidence: Mapped[str] = mapped_column(String(80), default="", server_default="")
    self_check_in: Mapped[bool] = mapped_column(default=False, server_default=false())
    specimen: Mapped[bool] = mapped_column(default=False)
    search: Mapped[str] = mapped_column(Text, default="")
    created_at: Mapped[datetime] = mapped_column(default=clock.now)
    published_at: Mapped[datetime | None]
    cancelled_at: Mapped[datetime | None]
    cancel_reason: Mapped[str | None] = mapped_column(String(500))
    copied_from_id: Mapped[int | None] = mapped_column(ForeignKey("events.id"))

    unit: Mapped[Unit] = relationship()
    plan: Mapped[TrainingPlan | None] = relationship(back_populates="events")
    test: Mapped[Quiz | None] = relationship()
    hosts: Mapped[list["EventHost"]] = relationship(
        back_populates="event", order_by="EventHost.position", cascade="all, delete-orphan"
    )
    points: Mapped[list["Point"]] = relationship(
        back_populates="event", order_by="Point.position", cascade="all, delete-orphan"
    )
    sessions: Mapped[list["HalfDay"]] = relationship(
        back_populates="event", order_by="HalfDay.on, HalfDay.half.desc()", cascade="all, delete-orphan"
    )
    documents: Mapped[list["EventDocument"]] = relationship(
        back_populates="event", order_by="EventDocument.position", cascade="all, delete-orphan"
    )
    quotas: Mapped[list["Quota"]] = relationship(back_populates="event", cascade="all, delete-orphan")
    required_courses: Mapped[list["RequiredCourse"]] = relationship(
        back_populates="event", cascade="all, delete-orphan", order_by="RequiredCourse.course_id"
    )
    staff: Mapped[list["EventStaff"]] = relationship(back_populates="event", cascade="all, delete-orphan")

    @property
    def state(self) -> str:
        """draft, published or cancelled."""
        if self.cancelled_at is not None:
            return "cancelled"
        return "published" if self.published_at is not None else "draft"

    def index_words(self) -> None:
        """Recompute the folded search text from the words people look for: title, place, address, hosts, plan."""
        hosts = [name for host in self.hosts for name in (host.unit.name, host.unit.short_name)]
        plan = self.plan.number if self.plan else ""
        words = [
            self.title,
            self.title_en or "",
            self.place,
            self.place_en or "",
            self.key.replace("-", " "),
            plan,
            *hosts,
        ]
        self.search = text.fold(" ".join(words))


class HostRole(StrEnum):
    """Chủ trì or phối hợp."""

    HOST = "host"
    CO_HOST = "co-host"


class EventHost(Base):
    """A unit that hosts or co-hosts an event."""

    __tablename__ = "event_hosts"

    event_id: Mapped[int] = mapped_column(ForeignKey("events.id"), primary_key=True)
    unit_id: Mapped[int] = mapped_column(ForeignKey("units.id"), primary_key=True)
    role: Mapped[HostRole] = mapped_column(String(8))
    position: Mapped[int] = mapped_column(default=1)

    event: Mapped[Event] = relationship(back_populates="hosts")
    unit: Mapped[Unit] = relationship()


class Point(Base):
    """A place people attend at (điểm cầu); an event that is not hybrid needs none.

    `seats` is what its hall holds (None: not said), `seats_taken` who will be there.
    """

    __tablename__ = "points"
    __table_args__ = (CheckConstraint("seats_taken >= 0", name="seats_taken"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    event_id: Mapped[int] = mapped_column(ForeignKey("events.id"), index=True)
    position: Mapped[int]
    name: Mapped[str] = mapped_column(String(200))
    place: Mapped[str] = mapped_column(String(300), default="")
    seats: Mapped[int | None]
    seats_taken: Mapped[int] = mapped_column(default=0, server_default="0")

    event: Mapped[Event] = relationship(back_populates="points")


class Half(StrEnum):
    """Half of a day; the value is part of a session's key."""

    MORNING = "sang"
    AFTERNOON = "chieu"


class HalfDay(Base):
    """A half-day session, the unit of attendance; its key is "2024-08-07-sang"."""

    __tablename__ = "half_days"
    __table_args__ = (UniqueConstraint("event_id", "on", "half"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    event_id: Mapped[int] = mapped_column(ForeignKey("events.id"), index=True)
    on: Mapped[date]
    half: Mapped[Half] = mapped_column(String(5))
    starts_at: Mapped[time]
    ends_at: Mapped[time]

    event: Mapped[Event] = relationship(back_populates="sessions")
    topics: Mapped[list["Topic"]] = relationship(
        back_populates="half_day", order_by="Topic.position", cascade="all, delete-orphan"
    )

    @property
    def key(self) -> str:
        """The session's address within its event."""
        return f"{self.on.isoformat()}-{self.half}"


class Topic(Base):
    """A topic (chuyên đề) on the agenda of a half-day session."""

    __tablename__ = "topics"

    id: Mapped[int] = mapped_column(primary_key=True)
    half_day_id: Mapped[int] = mapped_column(ForeignKey("half_days.id"), index=True)
    position: Mapped[int]
    starts_at: Mapped[time | None]
    title: Mapped[str] = mapped_column(String(400))
    title_en: Mapped[str | None] = mapped_column(String(400))

    half_day: Mapped[HalfDay] = relationship(back_populates="topics")
    speakers: Mapped[list["Speaker"]] = relationship(
        back_populates="topic", order_by="Speaker.position", cascade="all, delete-orphan"
    )


class Speaker(Base):
    """A person who speaks on a topic. `posts_held` freezes, when the event is published, the posts of that day."""

    __tablename__ = "speakers"

    id: Mapped[int] = mapped_column(primary_key=True)
    topic_id: Mapped[int] = mapped_column(ForeignKey("topics.id"), index=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"), index=True)
    position: Mapped[int] = mapped_column(default=1)
    posts_held: Mapped[str] = mapped_column(String(600), default="")

    topic: Mapped[Topic] = relationship(back_populates="speakers")
    person: Mapped[Person] = relationship()


class EventDocument(Base):
    """A document to download; `file` is the digest of the stored bytes."""

    __tablename__ = "event_documents"

    id: Mapped[int] = mapped_column(primary_key=True)
    event_id: Mapped[int] = mapped_column(ForeignKey("events.id"), index=True)
    position: Mapped[int]
    title: Mapped[str] = mapped_column(String(300))
    file: Mapped[str] = mapped_column(String(64))
    file_name: Mapped[str] = mapped_column(String(200))
    media_type: Mapped[str] = mapped_column(String(100))
    size: Mapped[int]

    event: Mapped[Event] = relationship(back_populates="documents")


class Quota(Base):
    """Seats of a unit at an event, as the call letter says (chỉ tiêu), and how many of them are taken.

    They serve the unit and all below it that have no quota of their own.
    """

    __tablename__ = "quotas"
    __table_args__ = (CheckConstraint("taken >= 0", name="taken"),)

    event_id: Mapped[int] = mapped_column(ForeignKey("events.id"), primary_key=True)
    unit_id: Mapped[int] = mapped_column(ForeignKey("units.id"), primary_key=True)
    seats: Mapped[int]
    taken: Mapped[int] = mapped_column(default=0, server_default="0")

    event: Mapped[Event] = relationship(back_populates="quotas")
    unit: Mapped[Unit] = relationship()
    at_points: Mapped[list["PointQuota"]] = relationship(back_populates="quota", cascade="all, delete-orphan")


class PointQuota(Base):
    """How many of a unit's seats are at one point; a unit without such rows fills its seats at any point."""

    __tablename__ = "point_quotas"
    __table_args__ = (
        ForeignKeyConstraint(["event_id", "unit_id"], ["quotas.event_id", "quotas.unit_id"]),
        CheckConstraint("taken >= 0", name="taken"),
    )

    event_id: Mapped[int] = mapped_column(primary_key=True)
    unit_id: Mapped[int] = mapped_column(primary_key=True)
    point_id: Mapped[int] = mapped_column(ForeignKey("points.id"), primary_key=True)
    seats: Mapped[int]
    taken: Mapped[int] = mapped_column(default=0, server_default="0")

    quota: Mapped[Quota] = relationship(back_populates="at_points")
    point: Mapped[Point] = relationship()


class RequiredCourse(Base):
    """A course that must be completed for the event's certificate."""

    __tablename__ = "required_courses"

    event_id: Mapped[int] = mapped_column(ForeignKey("events.id"), primary_key=True)
    course_id: Mapped[int] = mapped_column(ForeignKey("courses.id"), primary_key=True)

    event: Mapped[Event] = relationship(back_populates="required_courses")
    course: Mapped[Course] = relationship()


class StaffRole(StrEnum):
    """What someone does for one event: all of an organizer's work, or only the door."""

    ORGANIZER = "organizer"
    DOOR = "door"


class EventStaff(Base):
    """A role on one event."""

    __tablename__ = "event_staff"

    event_id: Mapped[int] = mapped_column(ForeignKey("events.id"), primary_key=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("accounts.id"), primary_key=True, index=True)
    role: Mapped[StaffRole] = mapped_column(String(10))

    event: Mapped[Event] = relationship(back_populates="staff")
    account: Mapped[Account] = relationship()
