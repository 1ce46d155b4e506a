"""Files of questions at a bank, in the browser: handed in, looked at, written once; and the bank as a file."""

import io
from collections.abc import Callable

from flask.testing import FlaskClient
from sqlalchemy import select

from lms.accounts.models import Account
from lms.core.db import session
from lms.quizzes import loading
from lms.quizzes.models import QuestionBank, QuestionImport
from tests.quizzes.conftest import questions_of
from tests.quizzes.test_loading import FILE
from tests.world import World

SignIn = Callable[[Account], FlaskClient]
GIFT = """
Thủ đô là gì? {=Hà Nội ~Huế ~Vinh}

Nước sôi ở 100 độ. {T}

Câu hỏng {=Một =

Nước sôi ở 100 độ. {TRUE}
"""


def hand_in(browser: FlaskClient, bank: QuestionBank, content: str | bytes, name: str = "câu.txt") -> str:
    """The address of the file's page."""
    data = content.encode() if isinstance(content, str) else content
    answer = browser.post(
        f"/question-banks/{bank.id}/imports/new", data={"file": (io.BytesIO(data), name), "format": "auto"}
    )
    assert answer.status_code == 303, answer.get_data(as_text=True)
    return answer.location


def test_a_file_is_looked_at_then_written_once(world: World, bank: QuestionBank, client_of: SignIn) -> None:
    browser = client_of(world.instructor)
    address = hand_in(browser, bank, GIFT)
    page = browser.get(address).get_data(as_text=True)
    assert "Thủ đô là gì?" in page
    assert "Không đọc được" in page
    assert "dòng 6" in page
    assert "line " not in page.partition("<main")[2]
    assert "1 câu đã có trong ngân hàng hoặc lặp lại trong tệp" in page
    assert len(questions_of(bank)) == 4
    written = browser.post(address, data={"place": ["0"]})
    assert written.status_code == 303
    assert [question.kind for question in questions_of(bank)][4:] == ["single"]
    again = browser.post(address, data={"place": ["1"]})
    assert (again.status_code, "Tệp này đã được nhập rồi." in again.get_data(as_text=True)) == (422, True)
    assert "Đã ghi 1 câu lúc" in browser.get(address).get_data(as_text=True)
    assert "câu.txt" in browser.get(f"/question-banks/{bank.id}/imports/new").get_data(as_text=True)


def test_what_is_no_file_of_questions_is_refused(world: World, bank: QuestionBank, client_of: SignIn) -> None:
    browser = client_of(world.instructor)
    address = f"/question-banks/{bank.id}/imports/new"
    for content, name in ((b"", "a.txt"), (b"\x00\x01\x02\xff", "a.bin"), (b"<?xml version='1.0'?><a/>", "a.xml")):
        refused = browser.post(address, data={"file": (io.BytesIO(content), name), "format": "auto"})
        assert refused.status_code == 422, name
        assert "cần xem lại" in refused.get_data(as_text=True)
    assert "Chưa chọn tệp, hoặc tệp trống." in browser.post(address, data={"format": "auto"}).get_data(as_text=True)
    assert session().scalars(select(QuestionImport)).all() == []


def test_a_bank_is_exported_what_is_lost_first(world: World, bank: QuestionBank, client_of: SignIn) -> None:
    browser = client_of(world.instructor)
    address = f"/question-banks/{bank.id}/export"
    assert "GIFT" in browser.get(address).get_data(as_text=True)
    told = browser.get(f"{address}?format=gift").get_data(as_text=True)
    assert "điều sẽ không có trong tệp" in told
    assert "Ai phát ngôn cho tỉnh?" in told
    file = browser.get(f"{address}/file?format=gift")
    assert "attachment" in file.headers["Content-Disposition"]
    assert "Ai phát ngôn cho tỉnh?" in file.get_data(as_text=True)
    assert browser.get(f"{address}/file?format=aiken").status_code == 404
    assert browser.get(f"{address}?format=nothing").status_code == 200


def test_who_may_import_and_export(world: World, bank: QuestionBank, client: FlaskClient, client_of: SignIn) -> None:
    file = hand_in(client_of(world.instructor), bank, GIFT)
    for address in (file, *(f"/question-banks/{bank.id}/{path}" for path in ("imports/new", "export"))):
        assert client.get(address).status_code == 303, address
        assert client_of(world.trainee).get(address).status_code == 403, address
        assert client_of(world.other_instructor).get(address).status_code == 404, address
    assert client_of(world.other_instructor).post(file).status_code == 404
    assert (
        client_of(world.other_instructor).get(f"/question-banks/{bank.id}/export/file?format=gift").status_code == 404
    )
    other = loading.load_bank(FILE, world.units["so-lam-khe"]).bank
    moved = file.replace(f"/{bank.id}/", f"/{other.id}/")
    assert client_of(world.instructor).get(moved).status_code == 404
    assert client_of(world.instructor).get(f"/question-banks/{other.id}/imports/new").status_code == 404
    assert client_of(world.instructor).get(f"/question-banks/{other.id}/export?format=moodle-xml").status_code == 200
