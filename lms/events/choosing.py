"""Small searches for the pickers of the event pages: units, people, accounts, tests and courses."""

from collections.abc import Sequence
from datetime import date

from sqlalchemy import Select, and_, or_, select
from sqlalchemy.orm import joinedload, selectinload

from lms.accounts.models import Account
from lms.core.db import session
from lms.core.errors import N_, RuleBroken
from lms.core.permissions import Permission
from lms.core.text import fold, like_pattern, search_terms
from lms.courses.models import Course
from lms.events.models import Event
from lms.events.queries import in_scope
from lms.people.models import Person, Post
from lms.quizzes.models import Quiz
from lms.units.models import Unit, UnitKind

SHOWN = 20
"""Most matches a picker shows; more ask for another word."""


def search_units(query: str, day: date, limit: int = SHOWN) -> Sequence[Unit]:
    """Units in being on the day whose names hold every word, in list order."""
    statement = _alive(day).order_by(Unit.sort_key, Unit.id).limit(limit)
    for term in search_terms(query):
        statement = statement.where(Unit.search.like(like_pattern(term), escape="\\"))
    return session().scalars(statement).all()


def provinces_on(day: date) -> Sequence[Unit]:
    """The provinces of that day (63 or 34), in list order."""
    return session().scalars(_alive(day).where(Unit.kind == UnitKind.PROVINCE).order_by(Unit.sort_key)).all()


def units_of(account: Account, permission: Permission, limit: int = SHOWN) -> Sequence[Unit]:
    """The units the account acts for, those in being and nearest the grants first: suggestions, not all of them."""
    statement = select(Unit).where(in_scope(Unit.id, account.unit_paths(permission)))
    return session().scalars(statement.order_by(Unit.valid_to.is_not(None), Unit.path).limit(limit)).all()


def the_unit(
    text: str, day: date, *, field: str, account: Account | None = None, permission: Permission | None = None
) -> Unit:
    """The one unit of that day that the text names, in full or in part, among those the account acts for if given.

    Raises RuleBroken on `field` when no unit, or more than one, answers to it.
    """
    statement = _alive(day)
    if account is not None and permission is not None:
        statement = statement.where(in_scope(Unit.id, account.unit_paths(permission)))
    for term in search_terms(text):
        statement = statement.where(Unit.search.like(like_pattern(term), escape="\\"))
    found = session().scalars(statement.order_by(Unit.sort_key).limit(200)).all() if search_terms(text) else []
    exact = [unit for unit in found if fold(text) in {fold(unit.name), fold(unit.short_name), fold(unit.name_en)}]
    accented = [unit for unit in exact if text.strip().casefold() in {unit.name.casefold(), unit.short_name.casefold()}]
    for narrowed in (accented, exact, found):
        if len(narrowed) == 1:
            return narrowed[0]
    if not found:
        raise RuleBroken(
            N_("Không có đơn vị nào tên “%(text)s” vào ngày ấy. Hãy ghi tên như trong danh mục đơn vị."),
            field=field,
            code="unit",
            text=text,
        )
    raise RuleBroken(
        N_("Có nhiều đơn vị khớp với “%(text)s”: %(names)s. Hãy ghi đủ tên."),
        field=field,
        code="unit",
        text=text,
        names="; ".join(unit.name for unit in (exact or found)[:5]),
    )


def get_units(unit_ids: Sequence[int], day: date) -> Sequence[Unit]:
    """Those of the units that were in being on the day."""
    return session().scalars(_alive(day).where(Unit.id.in_(unit_ids))).all()


def search_people(query: str, limit: int = SHOWN) -> Sequence[Person]:
    """People whose names hold every word, with their posts, in list order."""
    terms = search_terms(query)
    if not terms:
        return []
    statement = select(Person).where(Person.merged_into_id.is_(None))
    statement = statement.options(selectinload(Person.posts).joinedload(Post.unit))
    for term in terms:
        statement = statement.where(Person.search.like(like_pattern(term), escape="\\"))
    return session().scalars(statement.order_by(Person.sort_key, Person.id).limit(limit)).all()


def search_accounts(query: str, limit: int = SHOWN) -> Sequence[Account]:
    """Accounts that may sign in, by name or by the exact address."""
    terms = search_terms(query)
    if not terms:
        return []
    by_name = and_(*(Person.search.like(like_pattern(term), escape="\\") for term in terms))
    statement = (
        select(Account)
        .join(Account.person)
        .where(Account.disabled_at.is_(None), or_(Account.email == query.strip().casefold(), by_name))
        .options(joinedload(Account.person))
    )
    return session().scalars(statement.order_by(Person.sort_key).limit(limit)).all()


def tests_to_choose(event: Event, limit: int = 200) -> Sequence[Quiz]:
    """Published tests, the latest first, and the one that the event already asks for."""
    statement = select(Quiz).where(or_(Quiz.published_at.is_not(None), Quiz.id == event.test_id))
    return session().scalars(statement.order_by(Quiz.published_at.desc(), Quiz.id.desc()).limit(limit)).all()


def courses_to_choose(event: Event) -> Sequence[Course]:
    """Courses of the catalogue, and those that the event already asks for."""
    required = [one.course_id for one in event.required_courses]
    statement = select(Course).where(or_(Course.retired_at.is_(None), Course.id.in_(required)))
    return session().scalars(statement.order_by(Course.title, Course.id).limit(200)).all()


def _alive(day: date) -> Select[Unit]:
    return select(Unit).where(
        or_(Unit.valid_from.is_(None), Unit.valid_from <= day), or_(Unit.valid_to.is_(None), Unit.valid_to > day)
    )
