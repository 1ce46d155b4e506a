"""The steps people take, as a browser takes them: forms filled in, links from mails followed."""

import io
import re
from typing import Any

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from lms.accounts import passwords
from lms.accounts.models import Account
from lms.core import jobs
from lms.core.db import session
from lms.core.mail import OutboxMail
from lms.registration.models import Delegate
from lms.units import queries as units
from tests.registration.sheets import delegates
from tests.world import PASSWORD

EVENT = "hoi-nghi-tap-huan-nguoi-phat-ngon-2026"
MORNING, AFTERNOON = "2026-03-10-sang", "2026-03-10-chieu"
PEOPLE = (
    ("Đặng Văn Đức", "Xã Nậm Khoang", "Công chức văn hóa – xã hội", "0912345678", "trainee@example.vn", ""),
    ("Vàng A Chứ", "Xã Nậm Khoang", "Phó Chủ tịch UBND xã", "0987654321", "", ""),
    ("Phạm S", "Xã Nậm Khoang", "Chuyên viên", "0901234567", "phams@example.vn", ""),
)


def signed_in(app: Flask, account: Account) -> FlaskClient:
    """A browser whose person signed in by the form."""
    account.password_hash = passwords.hashed(PASSWORD)
    session().commit()
    browser = app.test_client()
    answer = browser.post("/sign-in", data={"email": account.email, "password": PASSWORD})
    assert answer.status_code == 303, answer.get_data(as_text=True)
    return browser


def post(browser: FlaskClient, path: str, **data: Any) -> str:
    """Do an act that must succeed; where it leads."""
    answer = browser.post(path, data=data)
    assert answer.status_code == 303, f"{path}: {answer.status_code} {words_of(answer.get_data(as_text=True))}"
    return str(answer.location)


def words_of(page: str) -> str:
    """The words of a page's error messages, for a failing test."""
    return " ".join(re.findall(r"<li><a href=\"#[^>]*>(.*?)</a>", page))[:500]


def text(browser: FlaskClient, path: str) -> str:
    """A page that must be there."""
    answer = browser.get(path)
    assert answer.status_code == 200, f"{path}: {answer.status_code}"
    return str(answer.get_data(as_text=True))


def plan_and_publish(organizer: FlaskClient) -> None:
    """A plan, an event under it with quota, topic and rule, published."""
    plan = post(
        organizer,
        "/plans/new",
        **{
            "number": "90/KH-UBND", "title": "Kế hoạch tập huấn 2026", "unit": "Lam Khê", "issuer": "Lam Khê",
            "issued_on": "2026-01-05", "starts_on": "2026-01-10", "ends_on": "2026-12-31",
            "groups-0-title": "Nguồn lực, chất lượng đội ngũ", "groups-0-detail": "Mỗi xã một người",
            "figures-0-name": "Xã có người được tập huấn", "figures-0-measure": "xã", "figures-0-target": "1",
        },
    )  # fmt: skip
    plan_id = plan.rpartition("/")[2]
    made = post(
        organizer,
        "/events/new",
        title="Hội nghị tập huấn người phát ngôn 2026", kind="conference", first="sang", starts_on="2026-03-10",
        last="chieu", ends_on="2026-03-10", place="Hội trường tỉnh Lam Khê", unit="Lam Khê", host="", plan=plan_id,
    )  # fmt: skip
    assert made == f"/events/{EVENT}/management", made
    commune = units.get("nam-khoang").id
    post(organizer, f"/events/{EVENT}/quotas/units", unit_id=str(commune), seats="5")
    post(
        organizer, f"/events/{EVENT}/sessions/{MORNING}/topics", half_day=MORNING, title="Mốc 24 giờ", starts_at="08:30"
    )
    post(organizer, f"/events/{EVENT}/publication")


def import_people(organizer: FlaskClient) -> None:
    """The delegates from a spreadsheet: looked at, then written."""
    file = (io.BytesIO(delegates(*PEOPLE)), "danh sách.xlsx")
    shown = post(organizer, f"/events/{EVENT}/imports", file=file)
    assert "Đặng Văn Đức" in text(organizer, shown)
    post(organizer, f"{shown}/writing")


def ticket_of(name: str) -> str:
    """The ticket on someone's badge."""
    return session().scalars(select(Delegate.ticket).where(Delegate.full_name == name)).one()


def scan(door: FlaskClient, half_day: str, name: str) -> dict[str, Any]:
    """Scan someone's badge at the door of a half-day."""
    post(door, f"/events/{EVENT}/sessions/{half_day}/check-in", entry=ticket_of(name))
    with door.session_transaction() as cookie:
        return dict(cookie["door_plate"])


def link_in_mail(recipient: str, pattern: str) -> str:
    """The path of a link in the last mail to someone; jobs are worked off first, as the worker does."""
    jobs.work_off()
    session().expire_all()
    statement = select(OutboxMail.body).where(OutboxMail.recipient == recipient).order_by(OutboxMail.id.desc())
    body = session().scalars(statement).first()
    assert body, f"no mail to {recipient}"
    found = re.search(rf"http://lms\.test({pattern})", body)
    assert found, body
    return found[1]


def set_programme(organizer: FlaskClient) -> None:
    """What the certificates say and who signs."""
    post(
        organizer,
        f"/events/{EVENT}/certificates/programme",
        agency="Lam Khê", superior_name="CƠ QUAN CHỦ QUẢN MẪU", agency_name="TRUNG TÂM BỒI DƯỠNG MẪU",
        agency_name_en="Specimen Training Centre", kind="giay-chung-nhan", symbol="GCN-LK",
        title="Hội nghị tập huấn người phát ngôn 2026", title_en="the Spokesperson Training Conference 2026",
        place="Lam Khê", signer_post="GIÁM ĐỐC", signer_name="Người Ký Mẫu", design="trang-trong", specimen="y",
    )  # fmt: skip
