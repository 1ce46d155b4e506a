"""The pages of holders and organizers: each works, and each tells others no."""

import io
from collections.abc import Callable
from contextlib import AbstractContextManager

import pytest
from flask.testing import FlaskClient
from pypdf import PdfReader

from lms.accounts.models import Account
from lms.certificates import service
from lms.certificates.models import Certificate, CertificateProgramme, Design
from lms.core import files, jobs
from lms.core.db import session
from lms.core.permissions import Permission
from lms.events import tasks
from lms.events.models import EventStaff, StaffRole
from tests.certificates.conftest import ISSUED_AT, KEY, Class, crowd
from tests.printed import flat, page_texts
from tests.world import World

Browser = Callable[[Account], FlaskClient]
Counting = Callable[[], AbstractContextManager[list[str]]]
PAGE = f"/events/{KEY}/certificates"
WORDS = {
    "agency": "Tỉnh Lam Khê", "agency_name": "Ủy ban nhân dân tỉnh Lam Khê", "kind": "giay-chung-nhan",
    "symbol": "GCN-LAMKHÊ", "title": "Lớp tập huấn", "title_en": "the Training Class", "place": "Lam Khê",
    "signer_post": "CHỦ TỊCH", "signer_name": "Người Ký Mẫu", "design": "hien-dai",
}  # fmt: skip


# The organizer's way from the wording to the issue


def test_the_issue_page_counts_and_says_who_is_not_entitled_and_why(
    lesson: Class, world: World, client_of: Browser
) -> None:
    page = flat(client_of(world.organizer).get(PAGE).text)
    assert "<dt>Đủ điều kiện</dt><dd>1</dd>" in page
    assert "<dt>Chưa đủ</dt><dd>1</dd>" in page
    assert "Vắng 1/2 buổi; Chưa xong khóa học “Khung chính sách”; Chưa đạt bài kiểm tra (1)" in page
    assert "Bùi Thị Ngọc Ánh" in page
    assert "4,5/5" in page
    assert page.index("Chưa đủ điều kiện (1)") < page.index("Nội dung giấy")
    assert "Lò Thị Mẩy" not in page.partition("<main")[2]


def test_the_wording_is_written_checked_and_issued_in_one_act(lesson: Class, world: World, client_of: Browser) -> None:
    browser = client_of(world.organizer)
    form = browser.get(f"{PAGE}/programme").text
    assert lesson.event.title in form
    saved = browser.post(f"{PAGE}/programme", data=WORDS)
    assert (saved.status_code, saved.location) == (303, PAGE)
    assert "Người Ký Mẫu, CHỦ TỊCH" in browser.get(PAGE).text
    check = flat(browser.get(f"{PAGE}/check").text)
    for words in ("từ 01 đến 01", "Người Ký Mẫu", "Sau khi cấp, nội dung không sửa được", "Cấp 1 giấy chứng nhận"):
        assert words in check
    started = browser.post(PAGE)
    assert started.status_code == 303
    assert started.location.startswith("/jobs/")
    again = browser.post(PAGE)
    assert again.location == started.location
    assert "Đang cấp: 0/1" in browser.get(PAGE).text
    jobs.run_here(session().get_one(jobs.Job, started.location.removeprefix("/jobs/")))
    page = browser.get(PAGE).text
    assert "/GCN-LAMKHÊ" in page
    assert "<dt>Đã cấp</dt><dd>1</dd>" in page
    assert browser.get(f"{PAGE}/check").status_code == 303
    refused = browser.post(PAGE)
    assert refused.status_code == 422
    assert "Không còn ai đủ điều kiện" in refused.text


def test_nothing_is_issued_without_a_wording(lesson: Class, world: World, client_of: Browser) -> None:
    refused = client_of(world.organizer).post(PAGE)
    assert refused.status_code == 422
    assert "Chưa soạn nội dung giấy" in refused.text


@pytest.mark.parametrize(
    ("field", "value", "message"),
    [
        ("signer_name", "", "Mục này còn trống"),
        ("symbol", "GCN/2024", "Ký hiệu gồm chữ in hoa"),
        ("agency", "Tỉnh Không Có", "Không có đơn vị nào tên"),
        ("agency", "Bộ Thử nghiệm", "Không lấy số từ sổ của đơn vị này"),
        ("title", "Hội nghị tập huấn công tác thông tin đối ngoại, " * 8, "Dài quá chỗ in trên giấy"),
        ("title", "x" * 401, "Dài quá 400 ký tự"),
    ],
)
def test_a_wording_that_cannot_stand_is_refused_on_its_field(
    lesson: Class, world: World, client_of: Browser, field: str, value: str, message: str
) -> None:
    answer = client_of(world.organizer).post(f"{PAGE}/programme", data=WORDS | {field: value})
    assert answer.status_code == 422
    assert message in answer.text
    assert f'id="{field}-error"' in answer.text


@pytest.mark.parametrize("design", list(Design))
@pytest.mark.parametrize(("name", "expected"), [("longest", "Người Thử 01"), ("shortest", "Phạm S")])
def test_every_design_is_previewed_with_the_longest_and_the_shortest_name(
    lesson: Class,
    programme: CertificateProgramme,
    world: World,
    client_of: Browser,
    design: str,
    name: str,
    expected: str,
) -> None:
    crowd(lesson, world, 2)
    lesson.fulfil(lesson.join(world.stranger.person, world.units["binh-sa"]))
    answer = client_of(world.organizer).get(f"{PAGE}/preview.pdf?design={design}&name={name}")
    assert answer.mimetype == "application/pdf"
    text = flat(page_texts(answer.data)[0])
    assert "MẪU" in text
    if name == "shortest":
        assert expected in text
    assert len(PdfReader(io.BytesIO(answer.data)).pages) == 1


def test_a_preview_needs_a_wording_and_a_known_design(lesson: Class, world: World, client_of: Browser) -> None:
    browser = client_of(world.organizer)
    assert browser.get(f"{PAGE}/preview.pdf").status_code == 404
    browser.post(f"{PAGE}/programme", data=WORDS)
    assert browser.get(f"{PAGE}/preview.pdf?design=khac").status_code == 404
    assert browser.get(f"{PAGE}/preview.pdf").status_code == 200


def test_a_large_group_has_a_page_of_its_own(lesson: Class, world: World, client_of: Browser) -> None:
    crowd(lesson, world, 80)
    browser = client_of(world.organizer)
    page = browser.get(PAGE).text
    group = f"attendance-2.course-{lesson.course.id}.test-none"
    assert f"?group={group}" in page
    assert "Xem cả 40 người" in page
    one = browser.get(f"{PAGE}?group={group}").text
    assert "1–40 trong 40 đại biểu" in one
    assert "Người Thử 78" in one


def test_the_issue_page_costs_the_same_for_many(
    lesson: Class, programme: CertificateProgramme, world: World, client_of: Browser, count_statements: Counting
) -> None:
    browser = client_of(world.organizer)
    with count_statements() as few:
        browser.get(PAGE)
    crowd(lesson, world, 60)
    service.issue_all(lesson.event, at=ISSUED_AT)
    with count_statements() as many:
        browser.get(PAGE)
    assert len(many) <= len(few) + 1


def test_the_grounds_of_a_delegate_are_shown_line_by_line(lesson: Class, world: World, client_of: Browser) -> None:
    delegate = lesson.delegates["Bùi Thị Ngọc Ánh"]
    page = flat(client_of(world.organizer).get(f"{PAGE}/delegates/{delegate.id}").text)
    assert "Căn cứ xét giấy chứng nhận: Bùi Thị Ngọc Ánh" in page
    for words in ("2 buổi", "1 buổi", "Chưa hoàn thành", "4,5 điểm", "5 điểm", "Chưa ghi nhận"):
        assert words in page


def test_the_tasks_of_the_event_say_how_far_issuing_is(
    lesson: Class, world: World, app: object, make_programme: Callable[..., CertificateProgramme]
) -> None:
    def states() -> list[tuple[str, str]]:
        with app.test_request_context():  # type: ignore[attr-defined]
            found = [one for one in tasks.of(lesson.event, world.organizer) if one.position in {140, 150}]
        return [(one.state, one.hint) for one in found]

    assert states() == [("todo", ""), ("waiting", "chờ nội dung giấy")]
    make_programme(lesson.event)
    assert states() == [("done", "Người Ký Mẫu"), ("todo", "")]
    service.issue_all(lesson.event, at=ISSUED_AT)
    assert states()[1] == ("done", "đã cấp 1")


# The holder


def test_a_holder_finds_and_downloads_their_certificate(
    certificate: Certificate, world: World, client_of: Browser
) -> None:
    browser = client_of(world.trainee)
    page = browser.get("/certificates/").text
    assert "01/2024/GCN-LAMKHÊ" in page
    assert "Có hiệu lực" in page
    assert f"/verify/{certificate.public_number}" in page
    answer = browser.get(f"/certificates/{certificate.id}.pdf")
    assert answer.data == files.read(certificate.file)
    assert f"{certificate.public_number}.pdf" in answer.headers["Content-Disposition"]


def test_someone_without_certificates_is_told_how_they_come(world: World, client_of: Browser) -> None:
    assert "Chưa có giấy nào" in client_of(world.trainee).get("/certificates/").text


def test_a_trainee_sees_what_is_needed_and_how_to_make_it_up(lesson: Class, world: World, client_of: Browser) -> None:
    page = flat(client_of(world.other_trainee).get(f"/events/{KEY}/entitlement").text)
    for words in (
        "Chưa đủ điều kiện",
        "2 buổi",
        "đã diễn ra 2/2 buổi",
        "4,5 điểm",
        "Còn làm được gì",
        "báo ban tổ chức",
    ):
        assert words in page
    assert f"/courses/{lesson.course.slug}" in page
    assert f"/quizzes/{lesson.quiz.id}" in page
    full = client_of(world.trainee).get(f"/events/{KEY}/entitlement").text
    assert "Đã đủ điều kiện" in full


def test_a_trainee_sees_that_it_was_issued(certificate: Certificate, world: World, client_of: Browser) -> None:
    assert certificate.register_number in client_of(world.trainee).get(f"/events/{KEY}/entitlement").text


def test_who_is_no_delegate_has_no_entitlement_page(lesson: Class, world: World, client_of: Browser) -> None:
    assert client_of(world.instructor).get(f"/events/{KEY}/entitlement").status_code == 404
    assert client_of(world.organizer).get(f"/events/{KEY}/entitlement").status_code == 404


# Who is told no


GETS = (PAGE, f"{PAGE}/check", f"{PAGE}/programme", f"{PAGE}/preview.pdf", "/certificates/{id}")
POSTS = (PAGE, f"{PAGE}/programme", "/certificates/{id}/revocation", "/certificates/{id}/replacement")


@pytest.mark.parametrize("address", GETS)
def test_a_page_is_closed_to_others(
    certificate: Certificate, world: World, client: FlaskClient, client_of: Browser, address: str
) -> None:
    address = address.format(id=certificate.id)
    visitor = client.get(address)
    assert visitor.status_code == 303
    assert visitor.location.startswith("/sign-in")
    assert client_of(world.stranger).get(address).status_code == 404
    assert client_of(world.trainee).get(address).status_code == 403


@pytest.mark.parametrize("address", POSTS)
def test_an_act_is_closed_to_others(
    certificate: Certificate, world: World, client: FlaskClient, client_of: Browser, address: str
) -> None:
    address = address.format(id=certificate.id)
    data = {"revocation-reason": "x", "replacement-holder": "x"} | WORDS
    assert client.post(address, data=data).location.startswith("/sign-in")
    assert client_of(world.stranger).post(address, data=data).status_code == 404
    assert client_of(world.trainee).post(address, data=data).status_code == 403
    assert session().get_one(Certificate, certificate.id).state == "valid"


def test_a_pdf_is_for_its_holder_and_its_issuers(
    certificate: Certificate, world: World, client: FlaskClient, client_of: Browser
) -> None:
    address = f"/certificates/{certificate.id}.pdf"
    assert client.get(address).status_code == 303
    for account, status in (
        (world.organizer, 200),
        (world.admin, 200),
        (world.stranger, 404),
        (world.other_trainee, 404),
    ):
        assert client_of(account).get(address).status_code == status


def test_staff_of_the_event_issue_and_the_door_does_not(
    certificate: Certificate, lesson: Class, world: World, client_of: Browser
) -> None:
    lesson.event.staff += [
        EventStaff(account=world.instructor, role=StaffRole.ORGANIZER),
        EventStaff(account=world.trainee, role=StaffRole.DOOR),
    ]
    session().flush()
    assert world.instructor.has_permission(Permission.CERTIFICATES)
    assert client_of(world.instructor).get(PAGE).status_code == 200
    assert client_of(world.instructor).get(f"/certificates/{certificate.id}").status_code == 200
    assert client_of(world.trainee).get(PAGE).status_code == 403
