"""The delegate list: what it may be filtered by and in which order it stands; a page of it, or all of it.

Every filter is a condition on `delegates` alone, so that a number is counted without joins. A search by words reads an
index that holds the search text, once for the number and the page together, and stops counting after a thousand.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Final, TypeAlias

from sqlalchemy import ColumnElement, Select, case, exists, func, select
from sqlalchemy.orm import aliased

from lms.core.db import session
from lms.core.paging import PER_PAGE, Page, nearest
from lms.core.text import collation_key, fold, like_pattern, search_terms
from lms.events.models import Event, Point
from lms.people.models import Person
from lms.registration.models import Delegate, Invitation, InvitationAnswer
from lms.units.models import Unit

ORDERS: Final = ("unit", "name", "post", "state", "registered")
MOST_COUNTED: Final = 1_000
"""How many a search by words counts; beyond it says "more than"."""
HALL: Final = 0
"""The point of those who are at none: the event's own place."""

DelegateLine: TypeAlias = Any
"""One row of a list: id, person_id, full_name, post, role, ticket, note, phone, email, unit_id, unit, unit_name,
unit_kind, point_id, point, invited_at, withdrawn_at, withdraw_reason, registered_at, over_quota_reason, sort_key,
answer, bounced_at, substituted."""

_Other = aliased(Delegate)
_ON_LIST: Final = Delegate.withdrawn_at.is_(None)
_GONE: Final = Delegate.withdrawn_at.is_not(None)
_SENT: Final = Delegate.invited_at.is_not(None)


def _with_invitation(*conditions: ColumnElement[bool]) -> ColumnElement[bool]:
    return exists().where(Invitation.delegate_id == Delegate.id, *conditions).correlate(Delegate)


_SUBSTITUTED: Final = exists().where(_Other.replaces_id == Delegate.id).correlate(Delegate)
_ACCEPTED: Final = _with_invitation(Invitation.answer == InvitationAnswer.ACCEPTED)
_DECLINED: Final = _with_invitation(Invitation.answer == InvitationAnswer.DECLINED)
_BOUNCED: Final = _with_invitation(Invitation.bounced_at.is_not(None))

_CONDITIONS: Final[dict[str, Sequence[ColumnElement[bool]]]] = {
    "active": (_ON_LIST,),
    "uninvited": (_ON_LIST, ~_SENT),
    "invited": (_ON_LIST, _SENT),
    "unanswered": (_ON_LIST, _SENT, ~_ACCEPTED, ~_BOUNCED),
    "accepted": (_ON_LIST, _SENT, _ACCEPTED),
    "bounced": (_ON_LIST, _SENT, ~_ACCEPTED, _BOUNCED),
    "over-quota": (_ON_LIST, Delegate.over_quota_reason.is_not(None)),
    "withdrawn": (_GONE,),
    "declined": (_GONE, ~_SUBSTITUTED, _DECLINED),
    "substituted": (_GONE, _SUBSTITUTED),
    "all": (),
}
STATES: Final = tuple(_CONDITIONS)
"""What a list may be narrowed to; `state_of` says which of them a row bears."""
STATE_ORDER: Final = ("uninvited", "unanswered", "bounced", "accepted", "withdrawn", "declined", "substituted")
_STATE_RANK: Final[ColumnElement[int]] = case(
    (_GONE & _SUBSTITUTED, STATE_ORDER.index("substituted")),
    (_GONE & _DECLINED, STATE_ORDER.index("declined")),
    (_GONE, STATE_ORDER.index("withdrawn")),
    (~_SENT, STATE_ORDER.index("uninvited")),
    (_ACCEPTED, STATE_ORDER.index("accepted")),
    (_BOUNCED, STATE_ORDER.index("bounced")),
    else_=STATE_ORDER.index("unanswered"),
)
_BY_NAME: Final[tuple[Any, ...]] = (Delegate.sort_key, Delegate.id)
_KEYS: Final[dict[str, tuple[Any, ...]]] = {
    "unit": (Delegate.unit_sort_key, *_BY_NAME),
    "name": _BY_NAME,
    "post": _BY_NAME,
    "state": (_STATE_RANK, *_BY_NAME),
    "registered": (Delegate.registered_at, *_BY_NAME),
}

_COLUMNS: Final[list[Any]] = [
    *(Delegate.id, Delegate.person_id, Delegate.full_name, Delegate.post, Delegate.role, Delegate.ticket),
    *(Delegate.note, Person.phone, Person.email, Delegate.unit_id, Unit.short_name.label("unit")),
    *(Unit.name.label("unit_name"), Unit.kind.label("unit_kind"), Delegate.point_id, Point.name.label("point")),
    *(Delegate.invited_at, Delegate.withdrawn_at, Delegate.withdraw_reason, Delegate.registered_at),
    *(Delegate.over_quota_reason, Delegate.sort_key, Invitation.answer, Invitation.bounced_at),
    _SUBSTITUTED.label("substituted"),
]
_ALL_LINES: Final[Select[Any]] = (
    select(*_COLUMNS)
    .select_from(Delegate)
    .join(Person, Person.id == Delegate.person_id)
    .join(Unit, Unit.id == Delegate.unit_id)
    .outerjoin(Point, Point.id == Delegate.point_id)
    .outerjoin(Invitation, Invitation.delegate_id == Delegate.id)
)


@dataclass(frozen=True)
class Filters:
    """What a list of delegates shows, and in which order.

    `text` searches name, unit and phone; a unit means all below it too; `point_id` HALL means those at no point;
    `post` holds words that all stand in the post, accents forgiven. `descending` is the whole order reversed.
    """

    text: str = ""
    unit_id: int | None = None
    state: str = "active"
    point_id: int | None = None
    role: str = ""
    post: str = ""
    order: str = "unit"
    descending: bool = False
    ids: tuple[int, ...] = ()


@dataclass(frozen=True)
class ListPage(Page[DelegateLine]):
    """A page of the list; with `more` there are more than `total`, which nobody has counted."""

    more: bool = False


def list_delegates(
    event: Event, filters: Filters, page: int = 1, per_page: int = PER_PAGE, *, total: int | None = None
) -> ListPage:
    """One page of the list, in at most three statements; `total` is how many there are, where that is known."""
    conditions, page = _conditions(event.id, filters), min(max(1, page), 100_000)
    if filters.order == "post":
        return _page_by_post(conditions, filters, page, per_page)
    if filters.text:
        return _page_of_found(conditions, filters, page, per_page)
    if total is None:
        total = session().scalar(select(func.count()).select_from(Delegate).where(*conditions)) or 0
    number = nearest(page, total, per_page)
    shown = _ordered(select(Delegate.id).where(*conditions), filters).limit(per_page).offset((number - 1) * per_page)
    rows = session().execute(_ordered(_ALL_LINES.where(Delegate.id.in_(shown.scalar_subquery())), filters)).all()
    return ListPage(rows, number, per_page, total)


def all_delegates(event: Event, filters: Filters) -> Sequence[DelegateLine]:
    """The whole list, for an export or a print."""
    rows = session().execute(_ordered(_ALL_LINES.where(*_conditions(event.id, filters)), filters)).all()
    if filters.order != "post":
        return rows
    return sorted(rows, key=lambda row: post_key(row.post), reverse=filters.descending)


def ids_of(event: Event, filters: Filters) -> list[int]:
    """The ids of the whole list, in its order."""
    if filters.order == "post":
        return [row.id for row in all_delegates(event, filters)]
    return list(session().scalars(_ordered(select(Delegate.id).where(*_conditions(event.id, filters)), filters)))


def delegates_of(event: Event) -> Sequence[DelegateLine]:
    """Everyone on the list who has not withdrawn, by unit and name."""
    return all_delegates(event, Filters())


def search_delegates(event_id: int, text: str, limit: int = 20) -> Sequence[DelegateLine]:
    """For the door: delegates whose name, unit or phone holds every word, accents forgiven, withdrawn ones too."""
    conditions = [Delegate.event_id == event_id, *_text_conditions(text)]
    return session().execute(_ALL_LINES.where(*conditions).order_by(*_BY_NAME).limit(limit)).all()


def state_of(line: DelegateLine) -> str:
    """Which of STATE_ORDER a row is in."""
    if line.withdrawn_at is not None:
        if line.substituted:
            return "substituted"
        return "declined" if line.answer == InvitationAnswer.DECLINED else "withdrawn"
    if line.invited_at is None:
        return "uninvited"
    if line.answer == InvitationAnswer.ACCEPTED:
        return "accepted"
    return "bounced" if line.bounced_at is not None else "unanswered"


@lru_cache(maxsize=8_192)
def post_key(post: str) -> tuple[str, str]:
    """The key by which posts stand in Vietnamese order."""
    return collation_key(post), post


def _page_of_found(conditions: list[ColumnElement[bool]], filters: Filters, page: int, per_page: int) -> ListPage:
    """The numbers of those found are read from the index, as far as is counted; then the rows of the page."""
    most = max(MOST_COUNTED, (page + 1) * per_page)
    statement = _ordered(select(Delegate.id).where(*conditions), filters).limit(most + 1)
    found = session().scalars(statement).all()
    total = min(len(found), most)
    number = nearest(page, total, per_page)
    places = {found[place]: place for place in range((number - 1) * per_page, min(number * per_page, total))}
    rows = session().execute(_ALL_LINES.where(Delegate.id.in_(places))).all() if places else []
    return ListPage(sorted(rows, key=lambda row: places[row.id]), number, per_page, total, len(found) > most)


def _page_by_post(conditions: list[ColumnElement[bool]], filters: Filters, page: int, per_page: int) -> ListPage:
    """How many hold which post is counted, the posts are put in order, and the rows of those on the page are read."""
    counted = select(Delegate.post, func.count()).where(*conditions).group_by(Delegate.post)
    posts = sorted(session().execute(counted).all(), key=lambda one: post_key(one[0]), reverse=filters.descending)
    total = sum(count for _post, count in posts)
    number = nearest(page, total, per_page)
    start, before, skipped = (number - 1) * per_page, 0, 0
    wanted: list[str] = []
    for post, count in posts:
        if before < start + per_page and before + count > start:
            skipped = skipped if wanted else start - before
            wanted.append(post)
        before += count
    if not wanted:
        return ListPage([], number, per_page, total)
    rank = case({post: place for place, post in enumerate(wanted)}, value=Delegate.post)
    statement = _ordered(_ALL_LINES.where(*conditions, Delegate.post.in_(wanted)).order_by(rank), filters)
    rows = session().execute(statement.limit(per_page).offset(skipped)).all()
    return ListPage(rows, number, per_page, total)


def _ordered(statement: Select[Any], filters: Filters) -> Select[Any]:
    keys: Iterable[Any] = _KEYS[filters.order]
    return statement.order_by(*(key.desc() for key in keys) if filters.descending else keys)


def _conditions(event_id: int, filters: Filters) -> list[ColumnElement[bool]]:
    conditions = [Delegate.event_id == event_id, *_CONDITIONS[filters.state], *_text_conditions(filters.text)]
    if filters.ids:
        conditions.append(Delegate.id.in_(filters.ids))
    if filters.point_id is not None:
        conditions.append(Delegate.point_id.is_(None) if filters.point_id == HALL else _at_point(filters.point_id))
    if filters.role:
        conditions.append(Delegate.role == filters.role)
    if filters.post:
        conditions.append(Delegate.post.in_(_posts_with(event_id, filters.post)))
    if filters.unit_id is not None:
        path = select(Unit.path).where(Unit.id == filters.unit_id).scalar_subquery()
        below = select(Unit.id).where(func.substr(Unit.path, 1, func.length(path)) == path)
        conditions.append(Delegate.unit_id.in_(below))
    return conditions


def _at_point(point_id: int) -> ColumnElement[bool]:
    return Delegate.point_id == point_id


def _posts_with(event_id: int, words: str) -> list[str]:
    """The posts of the event that hold every word; they are folded here, for no database folds đ."""
    terms = search_terms(words)
    posts = session().scalars(select(Delegate.post).where(Delegate.event_id == event_id).distinct())
    return [post for post in posts if all(term in fold(post) for term in terms)]


def _text_conditions(text: str) -> list[ColumnElement[bool]]:
    return [Delegate.search.like(like_pattern(term), escape="\\") for term in search_terms(text)]
