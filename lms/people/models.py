"""Persons and the posts they hold: one full name, never split; several posts at once, each with its dates."""

from datetime import date, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import JSON, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from lms.core import clock, text
from lms.core.db import Base, SortKey
from lms.core.sealing import Sealed
from lms.units.models import Unit


class Person(Base):
    """A person. `sort_key` is made from the name unless `sort_name` says what to sort by.

    `merged_into_id` is set on one found to be the same as another: no list shows it, and a merge can be taken back.
    """

    __tablename__ = "people"

    id: Mapped[int] = mapped_column(primary_key=True)
    full_name: Mapped[str] = mapped_column(String(120))
    sort_name: Mapped[str | None] = mapped_column(String(120))
    title: Mapped[str] = mapped_column(String(40), default="")
    email: Mapped[str | None] = mapped_column(String(254), index=True)
    phone: Mapped[str | None] = mapped_column(String(20))
    specimen: Mapped[bool] = mapped_column(default=False)
    search: Mapped[str] = mapped_column(String(400), default="", index=True)
    sort_key: Mapped[str] = mapped_column(SortKey, default="", index=True)
    merged_into_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"), index=True)

    posts: Mapped[list["Post"]] = relationship(back_populates="person", order_by="Post.rank, Post.id")

    def rename(self, full_name: str, sort_name: str | None = None) -> None:
        """Set the name and what follows from it."""
        self.full_name = text.tidy(full_name)
        self.sort_name = text.tidy(sort_name) if sort_name else None
        self.sort_key = text.name_sort_key(self.sort_name or self.full_name)
        self.search = text.fold(self.full_name)

    def posts_on(self, day: date) -> list["Post"]:
        """The posts held on a day, the highest first."""
        return [post for post in self.posts if post.held_on(day)]


class Post(Base):
    """A post held in a unit from `from_on` until before `to_on`; None is unknown or open. `rank` 1 is printed first."""

    __tablename__ = "posts"
    __table_args__ = (Index("ix_posts_unit_person", "unit_id", "person_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"), index=True)
    unit_id: Mapped[int] = mapped_column(ForeignKey("units.id"))
    name: Mapped[str] = mapped_column(String(200))
    name_en: Mapped[str | None] = mapped_column(String(200))
    rank: Mapped[int] = mapped_column(default=1)
    from_on: Mapped[date | None]
    to_on: Mapped[date | None]

    person: Mapped[Person] = relationship(back_populates="posts")
    unit: Mapped[Unit] = relationship()

    def held_on(self, day: date) -> bool:
        """Whether the post was held on that day."""
        return (self.from_on is None or self.from_on <= day) and (self.to_on is None or day < self.to_on)


class Likeness(Base):
    """Two people who may be one (nghi trùng), the lower id first; `dismissed_at`: someone found that they are two."""

    __tablename__ = "likenesses"

    first_id: Mapped[int] = mapped_column(ForeignKey("people.id"), primary_key=True)
    second_id: Mapped[int] = mapped_column(ForeignKey("people.id"), primary_key=True, index=True)
    reason: Mapped[str] = mapped_column(String(40))
    found_at: Mapped[datetime] = mapped_column(default=clock.now)
    dismissed_at: Mapped[datetime | None]
    dismissed_by_id: Mapped[int | None]

    first: Mapped[Person] = relationship(foreign_keys=[first_id])
    second: Mapped[Person] = relationship(foreign_keys=[second_id])


class Merge(Base):
    """A person merged into another. `moved` names every row that changed hands, so that it can be taken back.

    `moved`: `{"table.column": [[key, from, to]]}`, the key as it is after the merge; `"filled"`: `[table, key, column,
    value]` of what was empty; `"stayed"`: `[label, words]` of rows that could not move; once taken back `"left"`:
    `[table.column, key]` of rows that did not return.
    """

    __tablename__ = "merges"

    id: Mapped[int] = mapped_column(primary_key=True)
    kept_id: Mapped[int] = mapped_column(ForeignKey("people.id"), index=True)
    gone_id: Mapped[int] = mapped_column(ForeignKey("people.id"), index=True)
    moved: Mapped[dict[str, Any]] = mapped_column(JSON)
    merged_at: Mapped[datetime] = mapped_column(default=clock.now)
    merged_by_id: Mapped[int | None]
    undone_at: Mapped[datetime | None]
    undone_by_id: Mapped[int | None]

    kept: Mapped[Person] = relationship(foreign_keys=[kept_id])
    gone: Mapped[Person] = relationship(foreign_keys=[gone_id])


class PrivateDetails(Base):
    """What is known of a person beyond name, post and contact: sealed at rest, each for a stated purpose.

    Ethnic group is sensitive personal data (Luật 91/2025/QH15); everything here is optional.
    """

    __tablename__ = "private_details"

    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"), primary_key=True)
    born: Mapped[str | None] = mapped_column(Sealed)
    id_number: Mapped[str | None] = mapped_column(Sealed)
    ethnic_group: Mapped[str | None] = mapped_column(Sealed)
    purpose: Mapped[str] = mapped_column(String(300))
    recorded_at: Mapped[datetime] = mapped_column(default=clock.now)
    recorded_by_id: Mapped[int | None]
    keep_until: Mapped[date | None]

    person: Mapped[Person] = relationship()


class DataRequestKind(StrEnum):
    """What a person asks of what is held about them: a copy, a correction, or erasure."""

    COPY = "copy"
    CORRECTION = "correction"
    ERASURE = "erasure"


class DataRequest(Base):
    """A person's request about their data. `due_at`: the end of the second working day after it came (NĐ 356/2025)."""

    __tablename__ = "data_requests"
    __table_args__ = (Index("ix_data_requests_answered_due", "answered_at", "due_at"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"), index=True)
    kind: Mapped[DataRequestKind] = mapped_column(String(10))
    text: Mapped[str] = mapped_column(String(2000), default="")
    asked_at: Mapped[datetime] = mapped_column(default=clock.now)
    due_at: Mapped[datetime]
    answered_at: Mapped[datetime | None]
    answered_by_id: Mapped[int | None]
    granted: Mapped[bool | None]
    answer: Mapped[str] = mapped_column(String(2000), default="")

    person: Mapped[Person] = relationship()
