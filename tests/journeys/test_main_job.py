"""One story a role, from signing in to the certificate."""

import io
import re
from pathlib import Path

import openpyxl
import pypdf
import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from lms.core import clock, jobs
from lms.core.db import session
from lms.corpus import loading as corpus_loading
from lms.courses import loading as courses_loading
from lms.places import courses_folder
from lms.quizzes.attempt_models import Attempt
from lms.quizzes.models import Question, QuestionVersion, Quiz
from lms.units import loading as units_loading
from tests.journeys import stories
from tests.journeys.stories import AFTERNOON, EVENT, MORNING, post, signed_in, text
from tests.world import World

COURSE = "nguoi-phat-ngon"


@pytest.fixture
def organizer(app: Flask, world: World) -> FlaskClient:
    return signed_in(app, world.organizer)


@pytest.fixture
def courses(world: World) -> None:
    units_loading.load()
    corpus_loading.load(courses_folder())
    courses_loading.load(courses_folder())
    session().commit()


def pages(content: bytes) -> int:
    return len(pypdf.PdfReader(io.BytesIO(content)).pages)


def test_an_organizer_goes_from_the_plan_to_the_certificates(
    app: Flask, world: World, organizer: FlaskClient, client: FlaskClient
) -> None:
    stories.plan_and_publish(organizer)
    stories.import_people(organizer)
    page = text(organizer, f"/events/{EVENT}/delegates?sort=name")
    assert page.index("Vàng A Chứ") < page.index("Đặng Văn Đức") < page.index("Phạm S"), "in the order of given names"
    assert pages(organizer.get(f"/events/{EVENT}/badges.pdf").data) == 1

    first = stories.scan(organizer, MORNING, "Đặng Văn Đức")
    again = stories.scan(organizer, MORNING, "Đặng Văn Đức")
    assert (first["verdict"], again["verdict"]) == ("welcome", "already")
    stories.scan(organizer, AFTERNOON, "Đặng Văn Đức")
    stories.scan(organizer, MORNING, "Vàng A Chứ")
    assert pages(organizer.get(f"/events/{EVENT}/sessions/{MORNING}/sheet.pdf").data) == 1

    with clock.stopped_at(clock.now().replace(year=2026, month=3, day=12)):
        stories.set_programme(organizer)
        page = text(organizer, f"/events/{EVENT}/certificates")
        assert "Đủ điều kiện" in page
        assert "Vàng A Chứ" in page
        progress = post(organizer, f"/events/{EVENT}/certificates")
        jobs.work_off()
        assert "Đã xong" in text(organizer, progress)
    register = text(organizer, "/certificate-register")
    assert "01/2026/GCN-LK" in register
    assert "02/2026/GCN-LK" not in register, "only one was entitled"
    number = re.search(r"/verify/([A-Z0-9-]+)", text(organizer, _certificate_page(register)))
    assert number
    shown = text(client, f"/verify/{number[1]}")
    assert "Đặng Văn Đức" in shown
    assert "đang có hiệu lực" in shown


def _certificate_page(register: str) -> str:
    found = re.search(r'href="(/certificates/\d+)"', register)
    assert found
    return found[1]


def test_a_trainee_goes_from_the_invitation_to_the_certificate(
    app: Flask, world: World, organizer: FlaskClient, client: FlaskClient, courses: None
) -> None:
    stories.plan_and_publish(organizer)
    quiz = session().scalars(select(Quiz).where(Quiz.key == f"{COURSE}-kiem-tra")).one()
    stories.import_people(organizer)
    post(organizer, f"/events/{EVENT}/invitations")
    link = stories.link_in_mail("phams@example.vn", r"/password/\S+")
    assert "Phạm S" in text(client, link)
    post(client, link, password="một câu dễ nhớ")
    assert "Hội nghị tập huấn người phát ngôn 2026" in text(client, "/")
    assert "chưa học khóa nào" in text(client, "/")

    post(client, f"/courses/{COURSE}/enrolment")
    for number in range(1, 7):
        post(client, f"/courses/{COURSE}/lessons/{number}/progress", finished="1")
    assert "Xong 6 trên 7 bài" in text(client, f"/courses/{COURSE}")
    for key in (f"{COURSE}-tu-kiem", f"{COURSE}-kiem-tra"):
        take(client, session().scalars(select(Quiz.id).where(Quiz.key == key)).one())
    assert "Đã hoàn thành" in text(client, f"/courses/{COURSE}")
    assert "Đạt" in text(client, "/")
    attempt = session().scalars(select(Attempt).where(Attempt.quiz_id == quiz.id)).one()
    assert attempt.score == attempt.max_score

    for half_day in (MORNING, AFTERNOON):
        stories.scan(organizer, half_day, "Phạm S")
    with clock.stopped_at(clock.now().replace(year=2026, month=3, day=12)):
        assert "Đủ điều kiện" in text(client, f"/events/{EVENT}/entitlement")
        stories.set_programme(organizer)
        post(organizer, f"/events/{EVENT}/certificates")
        jobs.work_off()
    mine = text(client, "/certificates/")
    assert "01/2026/GCN-LK" in mine
    paper = re.search(r'href="(/certificates/\d+\.pdf)"', mine)
    assert paper
    content = client.get(paper[1]).data
    assert "Phạm S" in pypdf.PdfReader(io.BytesIO(content)).pages[0].extract_text()


def take(browser: FlaskClient, quiz_id: int) -> None:
    """Take a quiz, answering everything right, without a script."""
    assert browser.get(f"/quizzes/{quiz_id}").status_code == 200
    address = post(browser, f"/quizzes/{quiz_id}/attempts").partition("?")[0]
    attempt = session().get_one(Attempt, int(address.rpartition("/")[2]))
    right = {item.position: _right_answer(item.question_version) for item in attempt.items}
    for position, answer in right.items():
        post(browser, address, position=str(position), go="next", **answer)
    post(browser, f"{address}/submission")
    assert "Đạt" in text(browser, f"{address}/result")
    post(browser, f"{address}/submission")


def _right_answer(version: QuestionVersion) -> dict[str, object]:
    key = version.content.key()
    return {"text": key["text"]} if version.kind == "short" else {"answer": key["chosen"]}


def test_an_instructor_writes_a_quiz_and_reads_its_results(app: Flask, world: World, tmp_path: Path) -> None:
    browser = signed_in(app, world.instructor)
    unit = str(world.units["lam-khe"].id)
    bank = post(browser, "/question-banks/new", title="Câu hỏi của tôi", unit_id=unit)
    write = f"{bank}/questions/new"
    options = {"options-0-text": "Chờ đủ số liệu", "options-1-text": "Nói điều đã biết", "options-1-right": "y"}
    post(browser, f"{write}?kind=single", stem="Làm gì trước?", difficulty="easy", act="save", **options)
    more = options | {"options-2-text": "Hẹn giờ cập nhật", "options-2-right": "y"}
    post(browser, f"{write}?kind=multiple", stem="Hai việc đúng?", difficulty="medium", act="save", **more)
    post(browser, f"{write}?kind=truefalse", stem="Đúng không?", difficulty="easy", truth="true", act="save")
    forms = {"accepted-0-text": "24 giờ", "accepted-1-text": "24h"}
    post(browser, f"{write}?kind=short", stem="Bao nhiêu giờ?", difficulty="hard", act="save", **forms)
    ids = [str(one) for one in session().scalars(select(Question.id).order_by(Question.id))]
    assert len(ids) == 4

    rules = {"title": "Bài của tôi", "pass_percent": "50", "show": "full", "grade_policy": "best", "unit_id": unit}
    items = post(browser, "/quizzes/new", **rules)
    post(browser, items, act="add", question=ids)
    quiz_id = int(re.search(r"/quizzes/(\d+)", items)[1])  # type: ignore[index]
    post(browser, f"/quizzes/{quiz_id}/publication")

    preview = post(browser, f"/quizzes/{quiz_id}/preview").partition("?")[0]
    post(browser, preview, position="1", go="next", answer=["a"])
    post(browser, f"{preview}/submission")
    assert session().scalars(select(Attempt.preview)).all() == [True]
    sheet = browser.get(f"/quizzes/{quiz_id}/results.xlsx")
    file = tmp_path / "results.xlsx"
    file.write_bytes(sheet.data)
    rows = list(openpyxl.load_workbook(file).active.iter_rows(values_only=True))  # type: ignore[union-attr]
    assert not any("Nguyễn Thị Hường" in str(row) for row in rows), "a preview does not count"
    assert "Chưa có" in text(browser, f"/quizzes/{quiz_id}/results")


def test_an_administrator_gives_a_role_and_reads_what_happened(app: Flask, world: World) -> None:
    browser = signed_in(app, world.admin)
    post(browser, f"/accounts/{world.trainee.id}/grants", role="organizer", unit="Lam Khê")
    trainee = signed_in(app, world.trainee)
    stories.plan_and_publish(trainee)
    acts = text(browser, "/system")
    assert "role.grant" in acts
    assert f"/events/{EVENT}" in text(browser, "/events/?q=phat+ngon")
