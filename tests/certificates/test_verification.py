"""The public page: what anyone sees of a certificate, and what a guesser does not."""

from collections.abc import Iterator

import pytest
from flask.testing import FlaskClient

from lms.certificates import service, verification
from lms.certificates.limiting import FailureBrake
from lms.certificates.models import Certificate, CertificateProgramme
from tests.certificates.conftest import ISSUED_AT, Class
from tests.pages import check_page
from tests.world import World

UNKNOWN = "Không phải giấy do hệ thống này cấp"


@pytest.fixture(autouse=True)
def _forgiving_brake() -> Iterator[None]:
    verification.brake.forget()
    yield
    verification.brake.forget()


def heading(page: str) -> str:
    return "".join(check_page(page).find(".//h1").itertext())  # type: ignore[union-attr]


def test_a_valid_certificate_is_shown_to_anyone_in_both_languages(
    client: FlaskClient, certificate: Certificate
) -> None:
    page = client.get(f"/verify/{certificate.public_number}").text
    assert heading(page) == "Giấy chứng nhận này có thật và đang có hiệu lực"
    assert '<p lang="en">This certificate is genuine and valid</p>' in page
    for words in (
        "Đặng Văn Đức",
        certificate.register_number,
        "Ủy ban nhân dân tỉnh Lam Khê",
        "07/8/2024",
        "09/8/2024",
    ):
        assert words in page
    assert "SPECIMEN" not in page


def test_the_page_may_be_kept_by_a_cache_and_holds_nothing_of_its_reader(
    client: FlaskClient, certificate: Certificate
) -> None:
    address = f"/verify/{certificate.public_number}"
    first = client.get(address)
    assert first.headers["Cache-Control"] == "public, max-age=60"
    assert "Set-Cookie" not in first.headers
    assert "csrf" not in first.text
    assert first.headers["X-Robots-Tag"] == "noindex"
    again = client.get(address, headers={"If-None-Match": first.headers["ETag"]})
    assert again.status_code == 304
    assert client.get(address).data == first.data


def test_the_page_speaks_english_too(client: FlaskClient, certificate: Certificate) -> None:
    page = client.get(f"/verify/{certificate.public_number}?lang=en").text
    assert '<html lang="en"' in page
    assert "the 2024 Training Class on External Information" in page
    assert "9 August 2024" in page


def test_a_revoked_one_says_so_with_the_day_but_not_why(
    client: FlaskClient, certificate: Certificate, world: World
) -> None:
    service.revoke(certificate, "gian lận khi kiểm tra", world.organizer)
    page = client.get(f"/verify/{certificate.public_number}").text
    assert "đã bị thu hồi ngày" in heading(page)
    assert "was revoked on" in page
    assert "gian lận" not in page
    assert "Đặng Văn Đức" in page


def test_a_replaced_one_leads_to_the_new_one(client: FlaskClient, certificate: Certificate, world: World) -> None:
    newer = service.reissue(certificate, world.organizer, at=ISSUED_AT)
    old_page = client.get(f"/verify/{certificate.public_number}").text
    assert f"/verify/{newer.public_number}" in old_page
    assert f"Thay bằng giấy số {newer.register_number}" in old_page
    assert f"Cấp thay cho giấy số {certificate.register_number}" in client.get(f"/verify/{newer.public_number}").text


def test_a_change_changes_the_tag(client: FlaskClient, certificate: Certificate, world: World) -> None:
    address = f"/verify/{certificate.public_number}"
    tag = client.get(address).headers["ETag"]
    service.revoke(certificate, "nhầm", world.organizer)
    assert client.get(address, headers={"If-None-Match": tag}).status_code == 200


def test_whatever_people_type_leads_to_the_one_address(client: FlaskClient, certificate: Certificate) -> None:
    target = f"/verify/{certificate.public_number}"
    code = certificate.code
    for typed in (code, code.lower(), f"{code[:4]} {code[4:]}", f"{certificate.register_number} {code.lower()}"):
        answer = client.get("/verify", query_string={"number": typed})
        assert (answer.status_code, answer.location) == (303, target)
    assert client.get(f"/verify/{certificate.public_number.lower()}").location == target
    assert client.get(f"/verify/{certificate.register_number}/{code}?lang=en").location == f"{target}?lang=en"


def test_a_number_without_its_code_only_asks_for_the_code(client: FlaskClient, certificate: Certificate) -> None:
    for number in (certificate.register_number, "999/2024/GCN-LAMKHÊ"):
        answer = client.get("/verify", query_string={"number": number})
        assert answer.status_code == 200
        assert "Cần thêm mã kiểm tra" in answer.text
        assert "Đặng Văn Đức" not in answer.text
    asked = client.get("/verify", query_string={"number": certificate.register_number, "code": certificate.code})
    assert asked.location == f"/verify/{certificate.public_number}"
    assert "Cần thêm mã kiểm tra" in client.get("/verify/01-2024-GCN-LAMKHE").text


@pytest.mark.parametrize("change", ["number", "code", "nonsense"])
def test_a_forged_number_is_not_ours(client: FlaskClient, certificate: Certificate, change: str) -> None:
    other_code = "0" * 8 if certificate.code != "0" * 8 else "1" * 8
    address = {
        "number": certificate.public_number.replace("01-2024", "02-2024"),
        "code": certificate.public_number.replace(certificate.code, other_code),
        "nonsense": "giấy-của-tôi-đâu",
    }[change]
    answer = client.get(f"/verify/{address}")
    assert answer.status_code == 404
    assert heading(answer.text) == UNKNOWN
    assert "This certificate was not issued by this system" in answer.text
    assert "Chữ O hay số 0" in answer.text
    assert answer.headers["Cache-Control"] == "no-store"


def test_the_empty_form_asks(client: FlaskClient) -> None:
    assert "Số trên giấy kèm mã kiểm tra" in client.get("/verify").text


def test_a_guesser_soon_waits_and_a_reader_does_not(client: FlaskClient, certificate: Certificate) -> None:
    for _number in range(20):
        assert client.get("/verify/00000000").status_code == 404
    assert client.get("/verify/00000000").status_code == 429
    assert (
        client.get(f"/verify/{certificate.public_number}", environ_base={"REMOTE_ADDR": "192.0.2.7"}).status_code == 200
    )


def test_a_specimen_says_what_it_is(client: FlaskClient, lesson: Class, programme: CertificateProgramme) -> None:
    lesson.event.specimen = True
    programme.specimen = True
    (made,) = service.issue_all(lesson.event, at=ISSUED_AT).certificates
    assert "MẪU · SPECIMEN" in client.get(f"/verify/{made.public_number}").text


def test_the_brake_lets_go_with_time_and_forgets_the_quietest() -> None:
    brake = FailureBrake(burst=2, per_second=0.5, remembered=2)
    for _number in range(2):
        brake.note_failure("a", 100.0)
    assert brake.blocks("a", 100.0)
    assert not brake.blocks("b", 100.0)
    assert brake.blocks("a", 101.0)
    assert not brake.blocks("a", 102.0)
    for address in ("b", "c"):
        brake.note_failure(address, 103.0)
    for _number in range(3):
        brake.note_failure("a", 103.0)
    assert brake.blocks("a", 103.0)
    assert not brake.blocks("b", 103.0)
