"""The mail to whoever answers for a remote point from now on."""

from flask import current_app

from lms.attendance.models import PointLeader
from lms.core import mail
from lms.core.web import whole_address
from lms.registration.printing import english_days, vietnamese_days


def leader_named(leader: PointLeader, token: str | None) -> None:
    """What the point is, what there is to do, and where; with a token, where to set a password first."""
    point, event = leader.point, leader.point.event
    days = (event.starts_on, event.ends_on)
    body = current_app.jinja_env.get_template("attendance/mail_point_leader.txt").render(
        event=event,
        point=point,
        name=leader.account.name,
        days=vietnamese_days(*days),
        days_en=english_days(*days),
        page=whole_address("attendance.point", key=event.key, point_id=point.id),
        password_url=whole_address("accounts.password", token=token) if token else None,
    )
    subject = f"[Điểm cầu] {point.name}: {event.title}"
    mail.post(leader.account.email, subject[:300], body, about=f"event:{event.id}")
