"""Reads of pairs who may be one and of merges; finding that a pair are two people."""

from sqlalchemy import Select, func, select
from sqlalchemy.orm import aliased, contains_eager, joinedload, selectinload

from lms.core import audit, clock
from lms.core.db import session
from lms.core.errors import NotFound
from lms.people.models import Likeness, Merge, Person, Post


def listed() -> Select[Likeness]:
    """Open pairs of people none of whom was merged, in list order, with their posts."""
    first, second = aliased(Person), aliased(Person)
    return (
        select(Likeness)
        .join(Likeness.first.of_type(first))
        .join(Likeness.second.of_type(second))
        .where(Likeness.dismissed_at.is_(None), first.merged_into_id.is_(None), second.merged_into_id.is_(None))
        .options(
            contains_eager(Likeness.first.of_type(first)).options(selectinload(first.posts).joinedload(Post.unit)),
            contains_eager(Likeness.second.of_type(second)).options(selectinload(second.posts).joinedload(Post.unit)),
        )
        .order_by(first.sort_key, Likeness.first_id, Likeness.second_id)
    )


def count_open() -> int:
    """How many pairs wait for someone to judge."""
    return session().scalar(select(func.count()).select_from(listed().order_by(None).options().subquery())) or 0


def dismiss(first_id: int, second_id: int, actor_id: int) -> None:
    """Find that the two are two people; raises NotFound. Twice is once."""
    likeness = session().get(Likeness, (min(first_id, second_id), max(first_id, second_id)))
    if likeness is None:
        raise NotFound
    if likeness.dismissed_at is None:
        likeness.dismissed_at, likeness.dismissed_by_id = clock.now(), actor_id
        audit.record("likeness.dismiss", f"person:{likeness.first_id}", actor_id=actor_id, other=likeness.second_id)


def reconsider(first_id: int, second_id: int, actor_id: int) -> None:
    """Take the finding back: the pair waits to be judged again."""
    likeness = session().get(Likeness, (min(first_id, second_id), max(first_id, second_id)))
    if likeness is None:
        raise NotFound
    if likeness.dismissed_at is not None:
        likeness.dismissed_at = likeness.dismissed_by_id = None
        audit.record("likeness.reconsider", f"person:{likeness.first_id}", actor_id=actor_id, other=likeness.second_id)


def dismissed(limit: int = 20) -> list[Likeness]:
    """The pairs last found to be two people."""
    statement = select(Likeness).where(Likeness.dismissed_at.is_not(None)).order_by(Likeness.dismissed_at.desc())
    return list(
        session().scalars(statement.options(joinedload(Likeness.first), joinedload(Likeness.second)).limit(limit))
    )


def merges() -> Select[Merge]:
    """All merges, the latest first."""
    return select(Merge).options(joinedload(Merge.kept), joinedload(Merge.gone)).order_by(Merge.id.desc())


def merges_into(person: Person) -> list[Merge]:
    """The merges into a person, the latest first, those taken back too."""
    return list(session().scalars(merges().where(Merge.kept_id == person.id)))


def get_merge(merge_id: int) -> Merge:
    """A merge; raises NotFound."""
    found = session().get(Merge, merge_id)
    if found is None:
        raise NotFound
    return found
