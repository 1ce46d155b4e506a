"""The posts a person held, entered and corrected by hand: a post in a unit that existed, within days that may be."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import date, timedelta
from typing import Any, Final

from lms.core import audit, clock
from lms.core.db import session
from lms.core.errors import N_, NotFound, RuleBroken
from lms.core.text import fold
from lms.people import service
from lms.people.models import Person, Post
from lms.units import queries as units
from lms.units.models import Unit

EARLIEST: Final = date(1900, 1, 1)
"""A post before this day is a slip of the pen."""


@dataclass(frozen=True)
class Held:
    """A post as its form gives it: the name of its unit, from `from_on` until before `to_on`; None is unknown, open."""

    unit: str
    name: str
    name_en: str | None = None
    rank: int = 1
    from_on: date | None = None
    to_on: date | None = None


def add(person: Person, held: Held, actor_id: int) -> Post:
    """Enter a post; the same one sent twice is written once. Raises RuleBroken as `correct` does."""
    unit = _unit_of(held, None)
    for post in person.posts:
        if post.unit_id == unit.id and _words_of(post) == _words(held):
            return post
    _check(person, unit, held, None)
    post = service.add_post(person, unit, **_words(held))
    audit.record("post.add", f"person:{person.id}", actor_id=actor_id, post=post.id, after=_told(post))
    return post


def correct(post: Post, held: Held, actor_id: int) -> bool:
    """Correct a post; whether anything changed.

    Raises RuleBroken: days that come too early, too late or in the wrong order, a unit nobody knows or that did not
    exist on one of the days, or the same post held twice at once.
    """
    unit, before = _unit_of(held, post.unit), _told(post)
    _check(post.person, unit, held, post)
    post.unit = unit
    for name, value in _words(held).items():
        setattr(post, name, value)
    session().flush()
    after = _told(post)
    if before == after:
        return False
    session().expire(post.person, ["posts"])
    _record("post.correct", post, actor_id, before, after)
    return True


def end(post: Post, to_on: date, actor_id: int) -> None:
    """Close a post on the first day on which it is no longer held. Raises RuleBroken as `correct` does."""
    held = Held(post.unit.name, post.name, post.name_en, post.rank, post.from_on, to_on)
    before = _told(post)
    _check(post.person, post.unit, held, post)
    post.to_on = to_on
    session().flush()
    if before != _told(post):
        _record("post.end", post, actor_id, before, _told(post))


def get(person: Person, post_id: int) -> Post:
    """A post of this person; raises NotFound."""
    found = next((post for post in person.posts if post.id == post_id), None)
    if found is None:
        raise NotFound
    return found


def units_suggested(person: Person) -> Sequence[str]:
    """Names of the units the person has been in, and of what these have become."""
    today = clock.today()
    held = dict.fromkeys(post.unit for post in person.posts)
    became = [unit for one in held for unit in units.trace(one, today)]
    return list(dict.fromkeys(unit.name for unit in [*became, *held]))


def _check(person: Person, unit: Unit, held: Held, itself: Post | None) -> None:
    _check_days(held)
    _check_unit(unit, held)
    for other in person.posts:
        if other is itself or other.unit_id != unit.id or fold(other.name) != fold(held.name):
            continue
        if _before(other.from_on, held.to_on) and _before(held.from_on, other.to_on):
            raise RuleBroken(
                N_(
                    "%(post)s ở %(unit)s đã được ghi: từ ngày %(from)s, đến trước ngày %(to)s; hai lần trùng thời gian."
                    " Hãy sửa lần đã ghi, hoặc đổi ngày ở đây."
                ),
                field="from_on",
                code="overlap",
                post=other.name,
                unit=unit.name,
                **{"from": _shown(other.from_on, "…"), "to": _shown(other.to_on, "…")},
            )


def _check_days(held: Held) -> None:
    today = clock.today()
    for field, day in (("from_on", held.from_on), ("to_on", held.to_on)):
        if day is not None and day < EARLIEST:
            raise RuleBroken(
                N_("Ngày %(day)s quá sớm. Hãy xem lại năm."), field=field, code="early", day=_shown(day, "")
            )
        if day is not None and day > today:
            message = N_(
                "Ngày %(day)s chưa tới. Chỉ ghi chức vụ đã nhận hoặc đã thôi giữ; hãy ghi lại khi đến ngày ấy."
            )
            raise RuleBroken(message, field=field, code="future", day=_shown(day, ""))
    if held.from_on is not None and held.to_on is not None and held.to_on <= held.from_on:
        message = N_("Ngày thôi giữ phải sau ngày bắt đầu %(day)s.")
        raise RuleBroken(message, field="to_on", code="order", day=_shown(held.from_on, ""))


def _check_unit(unit: Unit, held: Held) -> None:
    """The unit has to exist on the first day known, on the last day, and today where the post is still held."""
    last = held.to_on - timedelta(days=1) if held.to_on is not None else clock.today()
    for field, day in (("from_on", held.from_on), ("to_on", last)):
        if day is not None and not unit.existed_on(day):
            raise _no_such_unit_then(unit, field, day, still_held=field == "to_on" and held.to_on is None)


def _no_such_unit_then(unit: Unit, field: str, day: date, *, still_held: bool) -> RuleBroken:
    if still_held and unit.valid_to is not None and unit.valid_to <= day:
        message = N_(
            "%(unit)s không còn từ ngày %(to)s. Hãy ghi ngày thôi giữ, muộn nhất là ngày ấy, hoặc chọn đơn vị hiện nay."
        )
    else:
        message = N_(
            "%(unit)s không có vào ngày %(day)s: đơn vị này có từ ngày %(from)s, đến trước ngày %(to)s. "
            "Hãy sửa ngày, hoặc chọn đơn vị khác."
        )
    span = {"from": _shown(unit.valid_from, "…"), "to": _shown(unit.valid_to, "…")}
    return RuleBroken(message, field=field, code="unit-then", unit=unit.name, day=_shown(day, ""), **span)


def _unit_of(held: Held, now: Unit | None) -> Unit:
    """The unit of that name on the day that decides: the first one known, else the last, else today.

    Names are used again by later units: one that is not changed on the form stays the same unit where no day decides.
    """
    last = held.to_on - timedelta(days=1) if held.to_on is not None and held.to_on > date.min else None
    day = held.from_on or last
    if now is not None and held.unit == now.name and (day is None or now.existed_on(day)):
        return now
    found = units.named_on(held.unit, day or clock.today())
    if len(found) == 1:
        return found[0]
    if found:
        names = "; ".join(f"{unit.name} ({unit.parent.name})" if unit.parent else unit.name for unit in found[:5])
        message = N_("Có nhiều đơn vị tên “%(text)s”: %(names)s. Hãy ghi đủ tên.")
        raise RuleBroken(message, field="unit", code="unit", text=held.unit, names=names)
    if now is not None and held.unit == now.name:
        return now
    another_day = [one for one in session().scalars(units.listed(held.unit)) if fold(held.unit) in _names(one)]
    if another_day:
        raise _no_such_unit_then(another_day[-1], "unit", day or clock.today(), still_held=day is None)
    message = N_("Không có đơn vị nào tên “%(text)s”. Hãy ghi đủ tên như trong sổ đơn vị.")
    raise RuleBroken(message, field="unit", code="unit", text=held.unit)


def _names(unit: Unit) -> set[str]:
    return {fold(unit.name), fold(unit.short_name)}


def _words(held: Held) -> dict[str, Any]:
    words = asdict(held) | {"name_en": held.name_en or None}
    del words["unit"]
    return words


def _words_of(post: Post) -> dict[str, Any]:
    return {name: getattr(post, name) for name in ("name", "name_en", "rank", "from_on", "to_on")}


def _told(post: Post) -> dict[str, Any]:
    """The post as the record keeps it: the unit's key, and days as texts."""
    days = {"from_on": _iso(post.from_on), "to_on": _iso(post.to_on)}
    return {"unit": post.unit.key, **_words_of(post), **days}


def _record(verb: str, post: Post, actor_id: int, before: dict[str, Any], after: dict[str, Any]) -> None:
    changed = [name for name in after if before[name] != after[name]]
    old, new = ({name: told[name] for name in changed} for told in (before, after))
    audit.record(verb, f"person:{post.person_id}", actor_id=actor_id, post=post.id, before=old, after=new)


def _before(first: date | None, last: date | None) -> bool:
    return first is None or last is None or first < last


def _shown(day: date | None, unknown: str) -> str:
    return clock.short_day(day) if day is not None else unknown


def _iso(day: date | None) -> str | None:
    return day.isoformat() if day is not None else None
