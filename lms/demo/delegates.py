"""Filling an event's list: by a spreadsheet through the importer, or one person at a time."""

import io
import unicodedata
from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from typing import Any

import xlsxwriter
from sqlalchemy import select

from lms.core import clock
from lms.core.db import session
from lms.demo.people import Invented, dice
from lms.demo.scene import Scene
from lms.demo.source import day
from lms.events.models import Event
from lms.people import service as people
from lms.registration import importing, invitations, service
from lms.registration.models import Delegate, DelegateRole

_HEADINGS = ("TT", "Họ và tên", "Chức vụ", "Đơn vị", "Điện thoại", "Ghi chú")
_NOTES = {7: "Ăn chay", 23: "Nghỉ tại nhà khách", 41: "Đến từ tối hôm trước"}
_EVERY_WRITTEN_LOOSELY = 37
_EVERY_PHONE_FROM_ABROAD = 29


def add(scene: Scene, event: Event, source: dict[str, Any], invented: Sequence[Invented]) -> None:
    """Put the invented people on the list some days before the deadline, then the trainee; one withdraws."""
    last = min(day(source["reply_by"], scene.today), scene.today)
    if source["enter"] == "imported":
        with clock.stopped_at(_office_hour(last - timedelta(days=2), 600)):
            import_list(scene, event, invented)
    else:
        _one_by_one(
            scene, event, invented, first=day(source["prepared_on"], scene.today) + timedelta(days=2), last=last
        )
    people.mark_specimen(session().scalars(select(Delegate.person_id).where(Delegate.event_id == event.id)).all())
    with clock.stopped_at(_office_hour(last, 660)):
        _withdraw_one(scene, event)
        if "trainee" in source:
            _add_trainee(scene, event, source["trainee"])
        _invite(scene, event, source.get("invited", 0))


def import_list(scene: Scene, event: Event, invented: Sequence[Invented]) -> None:
    """Make a spreadsheet of them and let the importer write it."""
    content = spreadsheet(event.title, invented)
    imported = importing.upload(event, scene.organizer, content, f"danh-sach-dai-bieu-{event.key}.xlsx")
    importing.write(imported, scene.organizer)


def spreadsheet(title: str, invented: Sequence[Invented]) -> bytes:
    """A list as offices send it: title rows above the headings, here and there a loose mark or a +84."""
    buffer = io.BytesIO()
    with xlsxwriter.Workbook(buffer, {"in_memory": True, "strings_to_formulas": False}) as workbook:
        sheet = workbook.add_worksheet("Danh sách")
        sheet.write_string(0, 1, "DANH SÁCH ĐẠI BIỂU (MẪU · SPECIMEN)")
        sheet.write_string(1, 1, title)
        sheet.write_row(3, 0, _HEADINGS)
        for number, person in enumerate(invented, start=1):
            name, phone = person.full_name, person.phone
            if number % _EVERY_WRITTEN_LOOSELY == 0:
                name = unicodedata.normalize("NFD", name)
            if number % _EVERY_PHONE_FROM_ABROAD == 0:
                phone = f"+84 {phone[1:]}"
            cells = (number, name, person.post, person.unit.name, phone, _NOTES.get(number, ""))
            sheet.write_row(3 + number, 0, cells)
    return buffer.getvalue()


def _one_by_one(scene: Scene, event: Event, invented: Sequence[Invented], first: date, last: date) -> None:
    """Each on a day between the two, in the order they would have been sent."""
    points = {point.name: point for point in event.points}
    by_unit = {unit.short_name: unit for unit in scene.units.values()}
    days = (last - first).days + 1
    for number, person in enumerate(invented):
        moment = _office_hour(first + timedelta(days=number * days // len(invented)), number * 7 % 420)
        candidate = service.Candidate(
            full_name=person.full_name,
            unit=person.unit,
            post=person.post,
            phone=person.phone,
            point=next((point for name, point in points.items() if _sits_at(person, name, by_unit)), None),
        )
        with clock.stopped_at(moment):
            service.register(event, candidate, scene.organizer)


def _sits_at(person: Invented, point: str, by_unit: dict[str, Any]) -> bool:
    """A point named after a commune seats its people, the hall everyone else."""
    commune = point.removeprefix("Điểm cầu ")
    return person.unit.short_name == commune if commune in by_unit else person.unit.kind != "commune"


def _withdraw_one(scene: Scene, event: Event) -> None:
    delegates = session().scalars(select(Delegate).where(Delegate.event_id == event.id).order_by(Delegate.id)).all()
    chosen = dice(event.key, "withdraws").choice(delegates)
    service.withdraw(chosen, scene.organizer, "Đơn vị báo bận công tác đột xuất")


def _add_trainee(scene: Scene, event: Event, source: dict[str, Any]) -> None:
    person = scene.trainee.person
    post = person.posts[0]
    candidate = service.Candidate(
        full_name=person.full_name,
        unit=post.unit,
        post=post.name,
        email=person.email or "",
        role=DelegateRole.DELEGATE,
        point=next((point for point in event.points if post.unit.short_name in point.name), None),
    )
    delegate = service.register(
        event, candidate, scene.organizer, person=person, over_quota_reason=source.get("over_quota", "")
    )
    if source.get("invited"):
        invitations.invite(delegate, scene.organizer.id)


def _invite(scene: Scene, event: Event, count: int) -> None:
    """Give the first of the list an address and mail them their invitation."""
    if not count:
        return
    waiting = session().scalars(
        select(Delegate)
        .where(Delegate.event_id == event.id, Delegate.withdrawn_at.is_(None), Delegate.invited_at.is_(None))
        .order_by(Delegate.id)
        .limit(count)
    )
    for number, delegate in enumerate(waiting.all(), start=1):
        service.change(delegate, scene.organizer, email=f"dai-bieu-{number:02d}@example.vn")
        invitations.invite(delegate, scene.organizer.id)


def _office_hour(on: date, minutes: int) -> datetime:
    """A moment of that day, `minutes` after 8:00 within working hours."""
    return clock.at_local(on, time(8)) + timedelta(minutes=minutes % 480)
