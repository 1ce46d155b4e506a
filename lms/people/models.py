"""Persons and the posts they hold: one full name, never split; several posts at once, each with its dates."""

from datetime import date

from sqlalchemy import ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from lms.core import text
from lms.core.db import Base, SortKey
from lms.units.models import Unit


class Person(Base):
    """A person. `sort_key` is made from the name unless `sort_name` says what to sort by."""

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
