"""The parts of the demo in order, each entered once and in a transaction of its own.

A part leaves an entry in the audit record, by which the next run knows that it stands, whatever was done to it since;
a run that was interrupted goes on with the parts that are missing.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from functools import partial

from sqlalchemy import select

from lms.core import audit, clock
from lms.core.audit import AuditEntry
from lms.core.db import session, transaction
from lms.demo import (
    certifying,
    claims,
    crowd,
    delegates,
    happenings,
    logins,
    places,
    presence,
    quiz,
    studying,
)
from lms.demo.scene import Scene
from lms.demo.source import read

EVENTS = (
    "ha-giang-2023",
    "da-lat-2024",
    "hoa-binh-2024",
    "nam-dinh-2024",
    "tp-hcm-2025",
    "lam-khe-hom-nay",
    "lam-khe-sap-toi",
)
"""The five real events, and two invented ones: on the day of loading and three weeks later."""

_VERB = "demo.load"


@dataclass(frozen=True)
class Part:
    """Something entered as a whole."""

    name: str
    add: Callable[[Scene], None]


def parts(people: int | None = None) -> list[Part]:
    """All parts in the order in which they need each other; with `people` also an event of that many delegates."""
    found = [Part("units", places.add), Part("logins", logins.add), Part("quiz", quiz.add)]
    found += [Part(key, partial(_add_event, f"events/{key}")) for key in EVENTS]
    found += [
        Part("class", studying.add_class),
        Part("trainee", studying.add_trainee),
        Part("office-test", studying.add_office_test),
        Part("course-certificates", partial(certifying.add_course, slug=studying.COURSE)),
    ]
    if people is not None:
        found.append(Part(crowd.key_of(people), partial(crowd.add, number=people)))
    return found


def load(people: int | None = None) -> list[str]:
    """Enter the parts that are missing; their names. Days of the invented events count from today."""
    standing = _standing()
    missing = [part for part in parts(people) if part.name not in standing]
    for part in missing:
        _enter(part, clock.today())
    return [part.name for part in missing]


def _enter(part: Part, today: date) -> None:
    with transaction():
        part.add(Scene.on(today))
        audit.record(_VERB, f"demo:{part.name}", actor_id=None)
    session().expunge_all()


def _standing() -> set[str]:
    """The names of the parts entered before."""
    subjects = session().scalars(select(AuditEntry.subject).where(AuditEntry.verb == _VERB)).all()
    session().rollback()
    return {subject.removeprefix("demo:") for subject in subjects}


def _add_event(name: str, scene: Scene) -> None:
    source = read(name)
    event = happenings.add(scene, source)
    delegates.add(scene, event, source, happenings.called_up(scene, source, event))
    if "seats" in source:
        claims.add(scene, event, source["seats"])
    if "attendance" in source:
        presence.add(scene, event, source)
    certifying.add(scene, event, source)
