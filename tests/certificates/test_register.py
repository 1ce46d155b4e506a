"""The register and a certificate in it: listed, searched, exported, proved; revoked and reissued on the page."""

import io
from collections.abc import Callable
from contextlib import AbstractContextManager

from flask.testing import FlaskClient
from openpyxl import load_workbook

from lms.accounts.models import Account
from lms.certificates import service
from lms.certificates.models import Certificate, CertificateProgramme
from tests.certificates.conftest import ISSUED_AT, Class, crowd
from tests.world import World

Browser = Callable[[Account], FlaskClient]
Counting = Callable[[], AbstractContextManager[list[str]]]


# One certificate: history, revocation, reissue


def test_revoking_on_the_page(certificate: Certificate, world: World, client_of: Browser) -> None:
    browser, address = client_of(world.organizer), f"/certificates/{certificate.id}"
    assert "Không khôi phục được" in browser.get(address).text
    refused = browser.post(f"{address}/revocation", data={"revocation-reason": ""})
    assert refused.status_code == 422
    assert "Mục này còn trống" in refused.text
    done = browser.post(f"{address}/revocation", data={"revocation-reason": "cấp nhầm người"})
    assert done.status_code == 303
    page = browser.get(address).text
    assert "Đã thu hồi ngày" in page
    assert "cấp nhầm người" in page
    assert "Lò Thị Mẩy" in page
    again = browser.post(f"{address}/revocation", data={"revocation-reason": "lần nữa"})
    assert again.status_code == 422
    assert "đã thu hồi từ trước" in again.text


def test_reissuing_on_the_page(certificate: Certificate, world: World, client_of: Browser) -> None:
    world.trainee.person.rename("Đặng Văn Đức Anh")
    browser, address = client_of(world.organizer), f"/certificates/{certificate.id}"
    assert 'value="Đặng Văn Đức Anh"' in browser.get(address).text
    unprintable = browser.post(f"{address}/replacement", data={"replacement-holder": "Ｗ" * 3})
    assert unprintable.status_code == 422
    assert "không có trong phông chữ" in unprintable.text
    done = browser.post(f"{address}/replacement", data={"replacement-holder": "Đặng Văn Đức Em"})
    assert done.status_code == 303
    newer = browser.get(done.location).text
    assert 'value="Đặng Văn Đức Em"' in newer, "a correction made on the paper is not undone by the next"
    assert "Thay cho giấy số" in newer
    assert certificate.register_number in newer
    again = browser.post(f"{address}/replacement", data={"replacement-holder": "Đặng Văn Đức Anh"})
    assert again.status_code == 422
    assert "thay cho giấy này" in again.text


# The register


def test_the_register_lists_searches_and_proves(certificate: Certificate, world: World, client_of: Browser) -> None:
    browser = client_of(world.organizer)
    page = browser.get("/certificate-register").text
    assert "01/2024/GCN-LAMKHÊ" in page
    assert "Sổ liền số từ 1 đến 1, không khuyết, không trùng" in page
    assert "Đặng Văn Đức" in browser.get("/certificate-register?q=dang+duc").text
    missing = browser.get("/certificate-register?q=khong+co+ai").text
    assert "Không thấy giấy nào khớp với “khong co ai”" in missing
    assert browser.get("/certificate-register?book=999999").status_code == 404


def test_the_register_shows_a_gap(certificate: Certificate, world: World, client_of: Browser) -> None:
    certificate.book.last_number = 3
    page = client_of(world.organizer).get("/certificate-register").text
    assert "Số đã lấy mà không có giấy: 2, 3" in page


def test_the_register_as_a_spreadsheet_is_what_the_screen_shows(
    certificate: Certificate, world: World, client_of: Browser
) -> None:
    newer = service.reissue(certificate, world.organizer, at=ISSUED_AT)
    browser = client_of(world.organizer)
    answer = browser.get("/certificate-register.xlsx?q=duc")
    rows = list(load_workbook(io.BytesIO(answer.data)).active.iter_rows(min_row=3, values_only=True))
    assert rows[0][:2] == ("Số vào sổ", "Họ và tên")
    assert [row[0] for row in rows[1:]] == [newer.register_number, certificate.register_number]
    assert rows[2][6] == "Đã thu hồi"
    nobody = browser.get("/certificate-register.xlsx?q=khongai")
    assert load_workbook(io.BytesIO(nobody.data)).active.max_row == 3


def test_the_register_costs_the_same_for_many(
    lesson: Class, programme: CertificateProgramme, world: World, client_of: Browser, count_statements: Counting
) -> None:
    service.issue_all(lesson.event, at=ISSUED_AT)
    browser = client_of(world.organizer)
    with count_statements() as few:
        browser.get("/certificate-register")
    crowd(lesson, world, 40)
    service.issue_all(lesson.event, at=ISSUED_AT)
    with count_statements() as many:
        browser.get("/certificate-register")
    assert len(many) == len(few)


def test_organizers_see_the_books_of_their_units_only(
    certificate: Certificate, world: World, client_of: Browser
) -> None:
    assert "01/2024/GCN-LAMKHÊ" in client_of(world.admin).get("/certificate-register").text
    strange = client_of(world.stranger)
    assert "Chưa có sổ nào" in strange.get("/certificate-register").text
    assert strange.get(f"/certificate-register?book={certificate.book_id}").status_code == 404
    assert strange.get("/certificate-register.xlsx").status_code == 404
