"""Door devices: opened for an event by whoever keeps its door, or with a pairing code; revoked by an organizer."""

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from lms.accounts.models import Account
from lms.attendance import policy, queries
from lms.attendance.doors import digest
from lms.attendance.models import DoorDevice
from lms.core import audit, clock, text, tokens
from lms.core.db import session
from lms.core.errors import N_, NotFound, RuleBroken
from lms.core.paging import Page, paginate
from lms.core.permissions import Permission
from lms.events import queries as events
from lms.events.models import Event, Point

PAIRING_LIFE = timedelta(minutes=10)
KEPT_AFTER = timedelta(days=2)
"""How long after its last day an event's devices keep their list: for those who come back late."""
_PAIRING = "door-pairing"
_MOST_TO_OPEN = 50


@dataclass(frozen=True)
class Opened:
    """A device that was opened, and the token that only it knows from now on."""

    device: DoorDevice
    token: str


def open_device(event: Event, by: Account, key: str, name: str, point: Point | None = None, held: str = "") -> Opened:
    """Open a device; the same one again, as long as it was not revoked, gets a new token and keeps its name in batches.

    Its key is known to every device of the event, so one that is opened again shows the token it held. Raises
    RuleBroken: the event is cancelled or has closed, no name, the device was revoked or serves another event, or the
    key is another device's.
    """
    policy.refuse_cancelled(event)
    if closes_at(event) <= clock.now():
        message = N_("Sự kiện đã khép lại nên không mở máy điểm danh được. Hãy nhập từ danh sách ký, hoặc từ tệp.")
        raise RuleBroken(message, code="event-closed")
    name = text.tidy(name)[:60]
    if not name:
        raise RuleBroken(N_("Chưa đặt tên máy, ví dụ “Cửa chính”."), field="name", code="name-missing")
    device = session().scalar(select(DoorDevice).where(DoorDevice.key == key))
    if device is not None and (device.event_id != event.id or device.revoked_at is not None):
        raise RuleBroken(
            N_("Máy này đã bị thu hồi hoặc thuộc sự kiện khác. Hãy xóa rồi mở lại."), code="device-revoked"
        )
    if device is not None and device.token != digest(held):
        message = N_("Mã máy này đang do một máy khác giữ. Hãy tải lại trang rồi mở lại.")
        raise RuleBroken(message, code="device-held")
    token = secrets.token_urlsafe(32)
    if device is None:
        device = DoorDevice(key=key, event=event, opened_by_id=by.id)
        session().add(device)
    device.point, device.name, device.token, device.heard_at = point, name, digest(token), clock.now()
    session().flush()
    audit.record("door-device.open", f"event:{event.id}", actor_id=by.id, device=device.id, name=name)
    return Opened(device, token)


def pairing_code(event: Event, by: Account, point: Point | None = None) -> str:
    """A code with which another phone is opened within ten minutes, as if `by` had opened it."""
    until = int((clock.now() + PAIRING_LIFE).timestamp())
    return tokens.signed(_PAIRING, [event.id, point.id if point is not None else None, by.id, until])


def good_until(code: str) -> datetime:
    """The last moment (UTC) of a pairing code; raises NotFound for a forged one."""
    return datetime.fromtimestamp(tokens.opened(_PAIRING, code)[-1], UTC)


def pair(code: str, key: str, name: str, held: str = "") -> Opened:
    """Open a device with a pairing code.

    Raises RuleBroken: what `read_pairing` and `open_device` refuse; NotFound for a forged code.
    """
    event, by, point = read_pairing(code)
    return open_device(event, by, key, name, point, held)


def read_pairing(code: str) -> tuple[Event, Account, Point | None]:
    """Of a pairing code: the event, who showed it, the point.

    Raises RuleBroken: the code is too old, or whoever showed it keeps the door no longer; NotFound for a forged one.
    """
    event_id, point_id, account_id, until = tokens.opened(_PAIRING, code)
    event, by = session().get(Event, event_id), session().get(Account, account_id)
    if event is None or by is None:
        raise NotFound
    if until < clock.now().timestamp() or not policy.may_keep_door(by, event):
        message = N_("Mã ghép máy đã hết hạn. Hãy nhờ ban tổ chức mở mã mới.")
        raise RuleBroken(message, field="code", code="pairing-expired")
    return event, by, queries.get_point(event, point_id)


def of_event(event: Event, page: int = 1) -> Page[DoorDevice]:
    """The event's devices with who opened them: those in use first, of these the one heard of last."""
    statement = (
        select(DoorDevice)
        .where(DoorDevice.event_id == event.id)
        .options(joinedload(DoorDevice.point), joinedload(DoorDevice.opened_by).joinedload(Account.person))
        .order_by(DoorDevice.revoked_at.is_not(None), DoorDevice.heard_at.desc(), DoorDevice.id)
    )
    return paginate(session(), statement, page)


def events_to_open(by: Account) -> Sequence[Event]:
    """The events whose door the account keeps and which have not closed, the nearest first; fifty at most."""
    since = clock.local(clock.now() - KEPT_AFTER).date()
    statement = events.managed_events(by, Permission.DOOR).where(Event.ends_on >= since, Event.cancelled_at.is_(None))
    return session().scalars(statement.order_by(Event.starts_on, Event.id).limit(_MOST_TO_OPEN)).all()


def get_device(event: Event, device_id: int) -> DoorDevice:
    """A device of the event; raises NotFound."""
    device = session().scalar(select(DoorDevice).where(DoorDevice.event_id == event.id, DoorDevice.id == device_id))
    if device is None:
        raise NotFound
    return device


def revoke(device: DoorDevice, by: Account) -> None:
    """Let the device serve no more: it wipes its list when it next asks. Twice is once."""
    if device.revoked_at is not None:
        return
    device.revoked_at, device.revoked_by_id = clock.now(), by.id
    session().flush()
    audit.record("door-device.revoke", f"event:{device.event_id}", actor_id=by.id, device=device.id, name=device.name)


def close(key: str) -> None:
    """The device closes by itself, everything sent: as if revoked, but by nobody. Twice is once; unknown is nothing."""
    device = session().scalar(select(DoorDevice).where(DoorDevice.key == key))
    if device is None or device.revoked_at is not None:
        return
    device.revoked_at, device.heard_at, device.waiting = clock.now(), clock.now(), 0
    session().flush()
    audit.record(
        "door-device.close",
        f"event:{device.event_id}",
        actor_id=device.opened_by_id,
        device=device.id,
        name=device.name,
    )


def closes_at(event: Event) -> datetime:
    """From when on no device keeps the event's list (UTC)."""
    return clock.at_local(event.ends_on, time.max) + KEPT_AFTER
