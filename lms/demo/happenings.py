"""Plans and events: entered and published on the day their organizer prepared them."""

from datetime import date, time
from decimal import Decimal
from typing import Any

from sqlalchemy import select

from lms.core import clock
from lms.core.db import session
from lms.courses.models import Course
from lms.demo import papers
from lms.demo.people import Invented, of_unit
from lms.demo.quiz import office_quiz
from lms.demo.scene import Scene
from lms.demo.source import day, read
from lms.demo.speakers import Speakers
from lms.events import agenda, arrangements, planning, service
from lms.events.half_days import Span
from lms.events.models import Event, EventKind, Half, HostRole, TrainingPlan
from lms.quizzes.models import Quiz
from lms.units.models import Unit, UnitKind

_MORNING_OF_WORK = time(9)


def add(scene: Scene, source: dict[str, Any]) -> Event:
    """Enter one event with all that is arranged around it, and publish it."""
    plan = _plan(scene, source["plan"]) if "plan" in source else None
    prepared_on = day(source["prepared_on"], scene.today)
    with clock.stopped_at(clock.at_local(prepared_on, _MORNING_OF_WORK)):
        event = service.create_event(
            scene.organizer, scene.office, _details(scene, source, plan), _span(scene, source), key=source["key"]
        )
        event.specimen = True
        for host in source["hosts"]:
            arrangements.add_host(scene.organizer, event, scene.units[host["unit"]], HostRole(host["role"]))
        points = [(None, one["name"], one["place"], one.get("seats")) for one in source.get("points", ())]
        arrangements.set_points(scene.organizer, event, points)
        _write_agenda(scene, event, source["agenda"])
        arrangements.set_quotas(scene.organizer, event, quotas(scene, source, event.starts_on))
        _set_rule(scene, event, source["rule"])
        for upload, title in papers.documents_of(event):
            arrangements.add_document(scene.organizer, event, upload, title)
        service.publish(scene.organizer, event)
    return event


def quotas(scene: Scene, source: dict[str, Any], on: date) -> dict[Unit, int]:
    """Seats by unit; a group of units or all offices below a province ("ha-giang/*") stand for each of them."""
    seats: dict[Unit, int] = {}
    for name, number in source["quotas"].items():
        seats |= dict.fromkeys(_units_called(scene, name, on), number)
    return seats


def called_up(scene: Scene, source: dict[str, Any], event: Event) -> list[Invented]:
    """The invented people whom the units name for their seats, most seats filled."""
    percent = source.get("registered_percent", 94)
    people = []
    for place, (unit, seats) in enumerate(quotas(scene, source, event.starts_on).items()):
        count = max(1, (seats * percent + 50 * (place % 2)) // 100)
        people += of_unit(unit, min(count, seats), source["posts"])
    return people


def _units_called(scene: Scene, name: str, on: date) -> list[Unit]:
    if name == "all-provinces":
        provinces = (unit for unit in scene.units.values() if unit.kind == UnitKind.PROVINCE and not unit.specimen)
        return sorted((unit for unit in provinces if unit.existed_on(on)), key=lambda unit: unit.sort_key)
    if name.endswith("/*"):
        province = scene.units[name.removesuffix("/*")]
        return [
            unit
            for unit in scene.units.values()
            if unit.parent_id == province.id and unit.key.startswith(("ubnd-huyen-", "ubnd-tp-"))
        ]
    keys: list[str] = read("unit_groups").get(name, [name])
    return [scene.units[key] for key in keys]


def _details(scene: Scene, source: dict[str, Any], plan: TrainingPlan | None) -> service.Details:
    return service.Details(
        title=source["title"]["vi"],
        title_en=source["title"]["en"],
        kind=EventKind(source["kind"]),
        place=source["place"]["vi"],
        place_en=source["place"]["en"],
        summary=source["summary"]["vi"],
        summary_en=source["summary"]["en"],
        plan=plan,
        reply_by=day(source["reply_by"], scene.today),
    )


def _span(scene: Scene, source: dict[str, Any]) -> Span:
    first, last = source["from"], source["to"]
    return Span(day(first["day"], scene.today), Half(first["half"]), day(last["day"], scene.today), Half(last["half"]))


def _write_agenda(scene: Scene, event: Event, halves: list[list[dict[str, Any]]]) -> None:
    speakers = Speakers(scene)
    for half_day, topics in zip(event.sessions, halves, strict=True):
        for entry in topics:
            words = agenda.TopicWords(entry["vi"], entry["en"], time.fromisoformat(entry["at"]))
            topic = agenda.add_topic(scene.organizer, event, half_day, words)
            for key in entry.get("speakers", ()):
                agenda.add_speaker(scene.organizer, event, topic, speakers.get(key))


def _set_rule(scene: Scene, event: Event, rule: dict[str, Any]) -> None:
    test: Quiz | None = None
    if rule.get("test") == "office":
        test = office_quiz(scene)
    elif "test" in rule:
        test = session().scalars(select(Quiz).where(Quiz.key == rule["test"])).one()
    courses = session().scalars(select(Course).where(Course.slug.in_(rule.get("courses", ())))).all()
    arrangements.set_rule(
        scene.organizer, event, attendance_percent=rule["attendance_percent"], test=test, courses=courses
    )


def _plan(scene: Scene, name: str) -> TrainingPlan:
    source = read("plans")["plans"][name]
    words = planning.PlanWords(
        number=source["number"],
        title=source["title"]["vi"],
        title_en=source["title"]["en"],
        issuer=scene.units[source["issuer"]],
        issued_on=day(source["issued_on"], scene.today),
        starts_on=day(source["starts_on"], scene.today),
        ends_on=day(source["ends_on"], scene.today),
        aim=source["aim"].strip(),
        carries_out=source["carries_out"].strip(),
    )
    groups = [planning.Group(group["title"], group["detail"]) for group in source["groups"]]
    with clock.stopped_at(clock.at_local(words.issued_on, _MORNING_OF_WORK)):
        return planning.create_plan(
            scene.organizer, scene.office, words, groups, [_figure(one) for one in source["indicators"]]
        )


def _figure(source: dict[str, Any]) -> planning.Figure:
    numbers = {name: Decimal(source[name]) for name in ("baseline", "target") if name in source}
    return planning.Figure(name=source["name"], measure=source["measure"], source=source["source"], **numbers)
