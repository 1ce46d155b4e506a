"""Front pages by role, language and look, a job's progress, the system page, health."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from flask.testing import FlaskClient

from lms.accounts.models import Account
from lms.core import clock, jobs, mail
from lms.core.db import session
from lms.core.jobs import Job
from tests.samples import samples
from tests.world import World

Browser = Callable[[Account], FlaskClient]


def test_a_visitor_reads_what_this_is_and_can_verify(world: World, client: FlaskClient) -> None:
    page = client.get("/").get_data(as_text=True)
    assert "Kiểm tra giấy chứng nhận" in page
    assert "Hiện chưa có sự kiện nào được công bố" in page


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("trainee", "Đồng chí chưa học khóa nào"),
        ("organizer", "Chưa có sự kiện nào sắp tới"),
        ("instructor", "Chưa có bài kiểm tra nào"),
        ("admin", "Thư chưa gửi được"),
    ],
)
def test_each_role_has_its_own_front_page_with_its_empty_state(
    world: World, client_of: Browser, name: str, words: str
) -> None:
    assert words in client_of(world.accounts[name]).get("/").get_data(as_text=True)


def test_front_pages_show_life(world: World, client_of: Browser) -> None:
    samples(world)
    trainee = client_of(world.trainee).get("/").get_data(as_text=True)
    assert "Hội nghị thử" in trainee
    assert "Bài kiểm tra đang làm dở" in trainee
    assert "1 đại biểu" in client_of(world.organizer).get("/").get_data(as_text=True)
    assert "Hội nghị thử" not in client_of(world.stranger).get("/").get_data(as_text=True)
    assert "1 lượt đã nộp, 1 lượt đang làm" in client_of(world.instructor).get("/").get_data(as_text=True)
    assert "Bài thử" not in client_of(world.other_instructor).get("/").get_data(as_text=True)


def test_todays_doors_are_one_press_away(world: World, client_of: Browser) -> None:
    samples(world)
    with clock.stopped_at(clock.now().replace(year=2026, month=3, day=10, hour=2)):
        page = client_of(world.organizer).get("/").get_data(as_text=True)
    assert "/events/hoi-nghi-thu/sessions/2026-03-10-sang/check-in" in page


def test_the_language_is_switched_and_remembered(world: World, client_of: Browser) -> None:
    browser = client_of(world.trainee)
    response = browser.post("/preferences", data={"language": "en", "next": "/account"})
    assert response.location == "/account"
    page = browser.get("/account").get_data(as_text=True)
    assert '<html lang="en"' in page
    assert "Change the password" in page
    assert '<html lang="en"' in client_of(world.trainee).get("/account").get_data(as_text=True), "kept with the account"


def test_the_look_comes_from_the_server(client: FlaskClient, world: World) -> None:
    client.post("/preferences", data={"theme": "dark"})
    assert 'data-bs-theme="dark"' in client.get("/sign-in").get_data(as_text=True)
    client.post("/preferences", data={"theme": "system"})
    assert "data-bs-theme" not in client.get("/sign-in").get_data(as_text=True)


def test_nonsense_preferences_change_nothing(client: FlaskClient, world: World) -> None:
    response = client.post("/preferences", data={"language": "fr", "theme": "pink", "next": "//elsewhere.example"})
    assert response.location == "/"
    assert "Set-Cookie" not in response.headers or "lms_" not in response.headers["Set-Cookie"].replace(
        "lms_session", ""
    )


@pytest.mark.parametrize("name", ["accessibility", "privacy", "help"])
def test_the_footers_pages(world: World, client: FlaskClient, name: str) -> None:
    assert client.get(f"/about/{name}").status_code == 200
    assert client.get("/about/nothing").status_code == 404


def test_a_job_is_shown_to_its_owner_only(world: World, client_of: Browser) -> None:
    job = jobs.enqueue("test.shown", {"back": "/events/"}, key="shown", owner_id=world.organizer.id)
    session().commit()
    page = client_of(world.organizer).get(f"/jobs/{job.id}").get_data(as_text=True)
    assert "Đang chờ đến lượt" in page
    assert 'href="/events/"' in page
    assert client_of(world.stranger).get(f"/jobs/{job.id}").status_code == 404
    assert client_of(world.admin).get(f"/jobs/{job.id}").status_code == 200
    assert client_of(world.admin).get("/jobs/nothing").status_code == 404


def test_a_finished_job_reloads_the_page(world: World, client_of: Browser) -> None:
    moment = clock.now()
    session().add(
        Job(id="done", kind="x", key="x", payload={}, owner_id=world.organizer.id, created_at=moment, run_at=moment,
            started_at=moment, finished_at=moment, done=3, total=3, result={})
    )  # fmt: skip
    session().flush()
    response = client_of(world.organizer).get("/jobs/done", headers={"HX-Request": "true"})
    assert response.headers["HX-Refresh"] == "true"


def test_the_system_page_shows_mail_jobs_and_acts(world: World, client_of: Browser) -> None:
    sent = mail.post("a@example.vn", "Mời dự hội nghị", "Xem http://lms.test/password/abc")
    session().commit()
    browser = client_of(world.admin)
    assert "Mời dự hội nghị" in browser.get("/system").get_data(as_text=True)
    page = browser.get(f"/system/mail/{sent.id}").get_data(as_text=True)
    assert 'href="http://lms.test/password/abc"' in page
    assert browser.get("/system/mail/424242").status_code == 404


def test_trouble_is_counted_for_administrators(world: World, client_of: Browser) -> None:
    with clock.stopped_at(clock.now() - timedelta(hours=1)):
        mail.post("a@example.vn", "Thư", "Nội dung")
    session().commit()
    page = client_of(world.admin).get("/").get_data(as_text=True)
    assert page.count("tag-warn") == 2, "one late job, one mail not sent"


def test_health(world: World, client: FlaskClient) -> None:
    assert client.get("/healthz").json == {"status": "ok"}
    assert client.get("/readyz").json == {"status": "ok", "database": "ok", "late_jobs": 0}


def test_refusals_are_pages_in_the_readers_language(world: World, client_of: Browser, client: FlaskClient) -> None:
    assert "Mã 404" in client.get("/nowhere").get_data(as_text=True)
    assert client_of(world.trainee).get("/accounts/").status_code == 403
    assert client.delete("/sign-in").status_code == 405
    client.post("/preferences", data={"language": "en"})
    assert '<html lang="en"' in client.get("/nowhere").get_data(as_text=True)
