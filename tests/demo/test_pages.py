"""Every role finds life on its pages, and whatever is printed says that it is a specimen."""

import io
from collections.abc import Callable

import pytest
from flask import Flask
from flask.testing import FlaskClient
from pypdf import PdfReader
from sqlalchemy import select

from lms.certificates.models import Certificate
from lms.core import clock, files
from lms.core.db import session
from lms.demo.scene import get_event
from tests.demo.conftest import TEN_O_CLOCK

BrowserOf = Callable[[str], FlaskClient]


@pytest.mark.parametrize(
    ("login", "address", "words"),
    [
        ("trainee", "/", "Hội nghị tập huấn phát ngôn cấp xã"),
        ("trainee", "/", "GCN-TTBDM"),
        ("trainee", "/", "Nghiệp vụ người phát ngôn"),
        ("trainee", "/certificates/", "GCN-TTBDM"),
        ("trainee", "/courses/nguoi-phat-ngon", "Ủy quyền và công bố đầu mối"),
        ("organizer", "/", "Lớp bồi dưỡng kể chuyện địa phương"),
        ("organizer", "/events/da-lat-2024/delegates?q=vang+a+sinh", "Vàng A Sình"),
        ("organizer", "/events/lam-khe-hom-nay/check-in", "Sáng"),
        ("organizer", "/certificate-register", "GCN-TTBDM"),
        ("organizer", "/", "1 việc chờ trả lời"),
        ("organizer", "/events/lam-khe-sap-toi/waiting-list", "cần dự cùng đợt này"),
        ("trainee", "/", "Điền danh sách của đơn vị"),
        ("trainee", "/events/lam-khe-sap-toi/units/nam-khoang", "Được cử đi công tác khác"),
        ("instructor", "/", "kể chuyện địa phương"),
        ("admin", "/people/?q=vang+a", "Vàng A"),
    ],
)
def test_pages_show_life(browser_of: BrowserOf, login: str, address: str, words: str) -> None:
    with clock.stopped_at(TEN_O_CLOCK):
        page = browser_of(login).get(address)
    assert page.status_code == 200
    assert words in page.text


@pytest.mark.parametrize("key", ["ha-giang-2023", "da-lat-2024", "hoa-binh-2024", "nam-dinh-2024", "tp-hcm-2025"])
def test_a_stranger_reads_about_each_event(demo: Flask, key: str) -> None:
    title = get_event(key).title
    page = demo.test_client().get(f"/events/{key}")
    assert page.status_code == 200
    assert title in page.text
    assert "MẪU · SPECIMEN" in page.text


def test_documents_and_certificates_bear_the_mark(demo: Flask) -> None:
    certificate = session().scalars(select(Certificate).order_by(Certificate.id).limit(1)).one()
    for file in (get_event("hoa-binh-2024").documents[0].file, certificate.file):
        printed = "".join(page.extract_text() for page in PdfReader(io.BytesIO(files.read(file))).pages)
        assert "MẪU · SPECIMEN" in printed
