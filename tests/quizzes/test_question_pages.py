"""Every kind of question in the browser: written, changed, shown, its faults at their boxes, its images."""

import io
from collections.abc import Callable

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from lms.accounts.models import Account
from lms.core.db import session
from lms.quizzes.models import QuestionBank, QuestionFigure
from tests.quizzes.conftest import questions_of
from tests.quizzes.test_figures import drawing
from tests.world import World

SignIn = Callable[[Account], FlaskClient]

FORMS: dict[str, dict[str, str]] = {
    "numeric": {
        "values-0-number": "12,5",
        "values-0-tolerance": "5%",
        "unit_rule": "required",
        "units-0-name": "km",
        "units-1-name": "m",
        "units-1-factor": "0,001",
    },
    "matching": {
        "pairs-0-prompt": "Lào Cai",
        "pairs-0-choice": "Tỉnh",
        "pairs-1-prompt": "Huế",
        "pairs-1-choice": "Thành phố",
        "extras-0-text": "Huyện",
    },
    "ordering": {"items-0-text": "Soạn", "items-1-text": "Trình", "items-2-text": "Ký", "credit": "places"},
    "cloze": {
        "stem": "Thủ đô là [[1]], có [[2]] chữ.",
        "gaps-0-kind": "single",
        "gaps-0-answers-0-text": "Hà Nội",
        "gaps-0-answers-0-share": "100",
        "gaps-0-answers-1-text": "Huế",
        "gaps-1-kind": "numeric",
        "gaps-1-weight": "2",
        "gaps-1-answers-0-text": "2",
    },
    "essay": {
        "rubric-0-name": "Rõ ràng",
        "rubric-0-levels-0-points": "2",
        "rubric-0-levels-0-text": "Đủ",
        "rubric-0-levels-1-points": "0",
        "most_words": "300",
        "guide": "Xem điều 6",
    },
}


@pytest.mark.parametrize("kind", FORMS)
def test_write_change_and_show_every_kind(world: World, bank: QuestionBank, client_of: SignIn, kind: str) -> None:
    browser = client_of(world.instructor)
    address = f"/question-banks/{bank.id}/questions/new?kind={kind}"
    assert browser.get(address).status_code == 200
    form = {"stem": "Hỏi gì?", "difficulty": "hard", "tags": "một, hai", "category": "A / B"} | FORMS[kind]
    saved = browser.post(address, data=form)
    assert saved.status_code == 303
    question = questions_of(bank)[-1]
    assert (question.kind, question.category, [tag.tag for tag in question.tags]) == (kind, "A/B", ["hai", "một"])
    assert "Người học thấy" in browser.get(saved.location).get_data(as_text=True)
    again = browser.get(f"/questions/{question.id}/words").get_data(as_text=True)
    assert all(f'value="{value}"' in again or f">{value}<" in again.replace("\r\n", "") for value in ("hard", "A/B"))
    preview = browser.post(f"/question-banks/{bank.id}/questions/preview?kind={kind}", data=form)
    assert preview.status_code == 200
    assert "Hỏi gì?" in preview.get_data(as_text=True) or kind == "cloze"


@pytest.mark.parametrize(
    ("kind", "change", "message"),
    [
        ("numeric", {"values-0-number": "mười"}, "Cần một số."),
        ("numeric", {"values-0-tolerance": "ít"}, "Sai số là một số như 0,5"),
        ("numeric", {"values-0-share": "nửa"}, "Phần điểm là một số phần trăm"),
        ("numeric", {"units-0-name": "", "units-1-name": "", "units-1-factor": ""}, "Chưa ghi đơn vị đo nào."),
        ("matching", {"pairs-1-choice": ""}, "Cặp 2 còn trống một vế."),
        ("matching", {"extras-0-text": "tỉnh"}, "Ý được ghép này trùng với ý 1."),
        ("ordering", {"items-2-text": "ký", "items-3-text": "Ký"}, "Mục này trùng với mục 3."),
        ("cloze", {"stem": "Thủ đô là [[1]]."}, "mỗi chỗ trống từ [[1]] đến [[2]] đúng một lần"),
        ("cloze", {"gaps-1-weight": "0"}, "Chỗ trống 2: trọng số từ 1 đến 100."),
        ("essay", {"rubric-0-name": ""}, "Tiêu chí 1 chưa có tên."),
        ("essay", {"fewest_words": "400"}, "Số chữ ít nhất lớn hơn số chữ nhiều nhất."),
    ],
)
def test_faults_of_every_kind_stand_at_their_box(
    world: World, bank: QuestionBank, client_of: SignIn, kind: str, change: dict[str, str], message: str
) -> None:
    form = {"stem": "Hỏi gì?", "difficulty": "hard"} | FORMS[kind] | change
    answer = client_of(world.instructor).post(f"/question-banks/{bank.id}/questions/new?kind={kind}", data=form)
    page = answer.get_data(as_text=True)
    assert (answer.status_code, message in page) == (422, True)
    assert page.split(message)[0].rstrip().count('<li><a href="#') >= 1, "the summary leads to no box"
    assert len(questions_of(bank)) == 4


def test_a_hotspot_keeps_its_image_while_it_is_written(world: World, bank: QuestionBank, client_of: SignIn) -> None:
    browser = client_of(world.instructor)
    address = f"/question-banks/{bank.id}/questions/new?kind=hotspot"
    form = {"stem": "Chỉ huy ngồi đâu?", "difficulty": "easy", "act": "upload"}
    sent = browser.post(address, data=form | {"figure_file": (io.BytesIO(drawing()), "a.png")})
    assert sent.status_code == 422
    [digest] = session().scalars(select(QuestionFigure.digest))
    assert f'value="{digest}"' in sent.get_data(as_text=True)
    form |= {"act": "save", "figure": digest, "alternative": "Phòng họp", "zones-0-coordinates": "5, 5, 20, 99"}
    refused = browser.post(address, data=form)
    assert "Vùng 1 chưa khép kín hoặc nằm ngoài hình." in refused.get_data(as_text=True)
    saved = browser.post(address, data=form | {"zones-0-coordinates": "5 5 20 20"})
    assert saved.status_code == 303
    body = questions_of(bank)[-1].current_version.body
    assert (body["figure"], body["width"], body["zones"][0]["coordinates"]) == (digest, 40, [5, 5, 20, 20])
    broken = browser.post(address, data=form | {"figure_file": (io.BytesIO(b"no"), "a.png")})
    assert "không phải hình PNG hoặc JPEG" in broken.get_data(as_text=True)


def test_an_image_is_put_into_the_question(world: World, bank: QuestionBank, client_of: SignIn) -> None:
    address = f"/question-banks/{bank.id}/questions/new?kind=short"
    form = {"stem": "Đây là đâu?", "act": "figure", "picture_words": "Cổng [chính]"}
    sent = client_of(world.instructor).post(address, data=form | {"picture": (io.BytesIO(drawing()), "a.png")})
    [digest] = session().scalars(select(QuestionFigure.digest))
    assert f"![Cổng (chính)](figure:{digest})" in sent.get_data(as_text=True)
    nothing = client_of(world.instructor).post(address, data=form)
    assert "không phải hình" in nothing.get_data(as_text=True)
