"""What happens around an event that still takes names: who fills seats and leads a point, a full unit, who waits."""

from datetime import timedelta
from typing import Any

from sqlalchemy import select

from lms.accounts.models import Account
from lms.attendance import points
from lms.core import clock
from lms.core.db import session
from lms.demo import names
from lms.demo.scene import Scene
from lms.events import arrangements
from lms.events.models import Event, SelfRegistration
from lms.people import service as people
from lms.registration import applications, focal_points, service
from lms.registration.models import Application, Delegate
from lms.registration.service import Candidate


def add(scene: Scene, event: Event, source: dict[str, Any]) -> None:
    """Open the event to registering by link; fill one unit; let some wait, one ask for seats, one be replaced."""
    arrangements.set_seats(scene.organizer, event, source["limit"], SelfRegistration(source["self_registration"]))
    _fill(scene, event, source["full"])
    focal = _name_focal_point(scene, event, source["focal_point"])
    _name_point_leader(scene, event, source["point_leader"])
    unit = scene.units[source["focal_point"]["unit"]]
    _substitute(scene, event, source["focal_point"]["unit"], focal)
    focal_points.ask_for_seats(event, unit, source["request"]["seats"], source["request"]["reason"], focal)
    _let_wait(scene, event, source["full"], source["waiting"])


def _fill(scene: Scene, event: Event, full: str) -> None:
    """Cut the unit's quota to those who are registered: nobody is left a seat."""
    quotas = {quota.unit: quota.taken if quota.unit.key == full else quota.seats for quota in event.quotas}
    arrangements.set_quotas(scene.organizer, event, quotas)


def _name_focal_point(scene: Scene, event: Event, source: dict[str, Any]) -> Account:
    account = scene.accounts[source["login"]]
    unit = scene.units[source["unit"]]
    return focal_points.name(event, unit, account.name, account.email, scene.organizer).account


def _name_point_leader(scene: Scene, event: Event, source: dict[str, Any]) -> None:
    account = scene.accounts[source["login"]]
    point = next(one for one in event.points if one.name == source["point"])
    points.name_leader(point, account.name, account.email, scene.organizer)


def _substitute(scene: Scene, event: Event, unit_key: str, focal: Account) -> None:
    delegate = (
        session()
        .scalars(
            select(Delegate)
            .where(Delegate.event_id == event.id, Delegate.quota_unit_id == scene.units[unit_key].id)
            .where(Delegate.withdrawn_at.is_(None), Delegate.person_id != focal.person_id)
            .order_by(Delegate.id.desc())
            .limit(1)
        )
        .one()
    )
    candidate = Candidate(names.draw(f"{event.key}-substitute"), delegate.unit, post=delegate.post)
    named = service.substitute(delegate, candidate, focal, "Được cử đi công tác khác")
    people.mark_specimen([named.person_id])


def _let_wait(scene: Scene, event: Event, unit_key: str, number: int) -> None:
    moment = clock.now() - timedelta(hours=number)
    for place in range(number):
        candidate = Candidate(
            names.draw(f"{event.key}-waits-{place}"),
            scene.units[unit_key],
            post="Công chức văn hóa – xã hội",
            email=f"cho-{place + 1}@example.vn",
            point=next((point for point in event.points if scene.units[unit_key].short_name in point.name), None),
        )
        with clock.stopped_at(moment + timedelta(minutes=40 * place)):
            application: Application = applications.ask(event, candidate)
        if application.delegate is not None:
            people.mark_specimen([application.delegate.person_id])
