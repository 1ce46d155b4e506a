"""Who came to the half-days: scans at the door as people arrived, a few entered afterwards from the signed sheet."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select

from lms.attendance import outcomes, service
from lms.attendance.half_days import begins_at, ends_at
from lms.attendance.models import ScanMethod
from lms.core import clock
from lms.core.db import session
from lms.demo.people import dice
from lms.demo.scene import Scene
from lms.events.models import Event, HalfDay
from lms.registration.models import Delegate

_METHODS = {ScanMethod.QR: 86, ScanMethod.MANUAL: 9, ScanMethod.KIOSK: 5}
_SIGNED_ON_PAPER = "Đến lúc mất điện ở cửa, có chữ ký trên danh sách giấy"


def add(scene: Scene, event: Event, source: dict[str, Any]) -> None:
    """Check in whoever came, each at their own minute; nobody comes later than now."""
    delegates = (
        session()
        .scalars(
            select(Delegate).where(Delegate.event_id == event.id, Delegate.withdrawn_at.is_(None)).order_by(Delegate.id)
        )
        .all()
    )
    now = clock.now()
    for at, half_day, delegate in _arrivals(scene, event, source, delegates):
        if at > now:
            break
        with clock.stopped_at(at):
            service.check_in(half_day, delegate, scene.organizer, _method(half_day, delegate))
    if event.ends_on < scene.today:
        _enter_from_paper(scene, event, delegates)


def _arrivals(
    scene: Scene, event: Event, source: dict[str, Any], delegates: Iterable[Delegate]
) -> list[tuple[datetime, HalfDay, Delegate]]:
    """Everyone's arrivals in the order of the clock."""
    found = []
    for delegate in delegates:
        attended = _attended(event, source["attendance"], delegate)
        if delegate.person_id == scene.trainee.person_id:
            attended = set(source["trainee"]["attends"])
        found += [
            (_arrival(half_day, delegate), half_day, delegate)
            for place, half_day in enumerate(event.sessions)
            if place in attended
        ]
    return sorted(found, key=lambda one: (one[0], one[2].id))


def _attended(event: Event, shares: dict[str, int], delegate: Delegate) -> set[int]:
    """The places of the half-days someone came to: all, all but one, or none, by the event's shares in percent."""
    chance = dice(event.key, "attended", delegate.full_name, delegate.unit_id)
    halves = range(len(event.sessions))
    drawn = chance.randrange(100)
    if drawn < shares["all"]:
        return set(halves)
    return set(halves) - {chance.choice(halves)} if drawn < shares["all"] + shares["missed"] else set()


def _arrival(half_day: HalfDay, delegate: Delegate) -> datetime:
    """Mostly in the half hour before it begins, now and then some minutes late."""
    chance = dice(half_day.key, "arrival", delegate.full_name, delegate.unit_id)
    early = chance.triangular(-12 * 60, 35 * 60, 14 * 60)
    return begins_at(half_day) - timedelta(seconds=round(early))


def _method(half_day: HalfDay, delegate: Delegate) -> ScanMethod:
    chance = dice(half_day.key, "method", delegate.full_name, delegate.unit_id)
    return chance.choices(list(_METHODS), list(_METHODS.values()))[0]


def _enter_from_paper(scene: Scene, event: Event, delegates: Iterable[Delegate]) -> None:
    """Two people whom the door missed are entered that evening from the sheet they signed."""
    half_day = event.sessions[0]
    evening = ends_at(half_day) + timedelta(hours=5)
    came = outcomes.outcomes(event)
    missed = [one for one in delegates if not came[half_day.id, one.id].came]
    with clock.stopped_at(evening):
        for delegate in missed[:2]:
            service.mark_present(half_day, delegate, scene.organizer, _SIGNED_ON_PAPER, method=ScanMethod.SHEET)
