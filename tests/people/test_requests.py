"""What is held about someone: their page, a copy, requests with a clock, answers, and erasing what may go."""

import io
import json
import zipfile
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import func, select

from lms.accounts import service as accounts
from lms.accounts.models import Account, SignInAttempt
from lms.certificates.models import Certificate
from lms.core import clock, mail
from lms.core.audit import AuditEntry
from lms.core.db import session
from lms.core.errors import RuleBroken
from lms.core.mail import OutboxMail
from lms.people import merging, privacy, private, requests, service
from lms.people.models import DataRequest, DataRequestKind, Person
from lms.registration.models import Application, ApplicationState, Delegate
from tests.samples import samples
from tests.world import World

Browser = Callable[[Account], FlaskClient]
TUESDAY = datetime(2026, 3, 10, 2, tzinfo=UTC)


@pytest.fixture
def held(world: World) -> Person:
    """The trainee with a row of every kind, the event over."""
    values = samples(world)
    person = world.trainee.person
    delegate = session().get_one(Delegate, values[(None, "delegate_id")])
    delegate.note, delegate.search = "Ăn chay", f"{delegate.search} 0912345678"
    details = {"born": "1985", "id_number": "", "ethnic_group": "Tày", "purpose": "Làm thẻ", "keep_until": None}
    private.record(person, **details, actor_id=None)
    accounts.record_attempt("trainee@example.vn", "192.0.2.1", succeeded=False)
    world.trainee.email = "duc@example.vn"
    for address in ("trainee@example.vn", "duc@example.vn"):
        mail.post(address, "Mời dự", "Nội dung riêng").sent_at = clock.now()
    session().add(
        Application(
            event=delegate.event, unit=delegate.unit, state=ApplicationState.REFUSED, full_name=person.full_name,
            email="trainee@example.vn", phone="0912345678",
        )
    )  # fmt: skip
    session().commit()
    return person


def test_the_clock_ends_with_the_second_working_day(world: World) -> None:
    with clock.stopped_at(TUESDAY):
        request = requests.ask(world.trainee.person, DataRequestKind.ERASURE, "", world.trainee.id)
        assert requests.clock_of(request) == requests.Clock("open", 2, date(2026, 3, 12))
        assert requests.ask(world.trainee.person, DataRequestKind.ERASURE, "", world.trainee.id) is request
        assert requests.count_open() == (1, 0)
    for hours, state, days in ((24, "open", 1), (48, "today", 0), (72, "late", 1), (24 * 6, "late", 2)):
        with clock.stopped_at(TUESDAY + timedelta(hours=hours)):
            found = requests.clock_of(request)
            assert (found.state, found.days) == (state, days)
    with clock.stopped_at(TUESDAY + timedelta(days=3)):
        assert requests.count_open() == (1, 1)


def test_a_correction_says_what_is_wrong(world: World) -> None:
    with pytest.raises(RuleBroken, match="Hãy ghi điều cần sửa"):
        requests.ask(world.trainee.person, DataRequestKind.CORRECTION, "  ", None)


def test_everyone_sees_what_is_held_about_them(
    world: World, client: FlaskClient, client_of: Browser, held: Person
) -> None:
    assert client.get("/account/privacy").status_code == 303
    page = client_of(world.trainee).get("/account/privacy").get_data(as_text=True)
    for words in ("Tên trong danh sách đại biểu", "Giấy chứng nhận", "Ăn chay", "Lâu dài", "trainee@example.vn"):
        assert words in page, words
    assert "Tày" not in page
    other = client_of(world.other_trainee).get("/account/privacy").get_data(as_text=True)
    assert "Ăn chay" not in other
    assert "trainee@example.vn" not in other.replace("other_trainee@example.vn", "")


def test_every_category_has_words_and_records_of_its_own_fields(held: Person) -> None:
    found = {holding.category.key: holding for holding in privacy.held(held)}
    empty = {key for key, holding in found.items() if not holding.records}
    assert empty == {"enrolments", "event-staff", "focal-points", "own-acts", "point-leaders", "speakers"}
    for holding in found.values():
        one = holding.category
        assert all((one.label, one.purpose, one.seen_by, one.kept)), one.key
        assert one.goes or one.stays, one.key
        assert bool(one.goes) == (one.erase is not None), one.key
        for record in holding.records:
            assert set(record) == set(one.fields), one.key


def test_a_copy_holds_everything_also_of_merged_records(
    world: World, client: FlaskClient, client_of: Browser, held: Person
) -> None:
    gone = service.create("Đặng Văn Đức", phone="0999888777")
    merging.merge(held, gone, None)
    browser = client_of(world.trainee)
    for address in ("/account/privacy/copy.json", "/account/privacy/copy.zip"):
        assert client.get(address).status_code == 303
    document = json.loads(browser.get("/account/privacy/copy.json").data)
    categories = {one["key"]: one["records"] for one in document["categories"]}
    assert categories["private"] == [
        {"born": "1985", "id_number": None, "ethnic_group": "Tày", "purpose": "Làm thẻ", "keep_until": None}
    ]
    assert [one["phone"] for one in categories["person"]] == ["0912345678", "0999888777"]
    archive = zipfile.ZipFile(io.BytesIO(browser.get("/account/privacy/copy.zip").data))
    assert archive.namelist() == ["du-lieu.json", "doc-tai-day.html"]
    assert "Tày" in archive.read("doc-tai-day.html").decode()
    assert browser.get("/account/privacy/copy.exe").status_code == 404


def test_someone_asks_on_their_page(world: World, client: FlaskClient, client_of: Browser) -> None:
    browser = client_of(world.trainee)
    assert client.post("/account/privacy/requests").status_code == 303
    refused = browser.post("/account/privacy/requests", data={"kind": "correction", "text": ""})
    assert refused.status_code == 422
    assert "Hãy ghi điều cần sửa và sửa thành gì." in refused.get_data(as_text=True)
    assert browser.post("/account/privacy/requests", data={"kind": "everything"}).status_code == 422
    for _twice in range(2):
        assert browser.post("/account/privacy/requests", data={"kind": "erasure"}).status_code == 303
    request = session().scalars(select(DataRequest)).one()
    assert (request.person_id, request.kind) == (world.trainee.person_id, "erasure")
    page = browser.get("/account/privacy").get_data(as_text=True)
    assert "ngày làm việc, đến hết" in page


def test_staff_pages(world: World, client: FlaskClient, client_of: Browser) -> None:
    request = requests.ask(world.trainee.person, DataRequestKind.CORRECTION, "Đức chứ không phải Đúc", None)
    person_id = world.trainee.person_id
    for path in ("/people/requests", f"/people/requests/{request.id}", f"/people/{person_id}/requests/new"):
        assert client.get(path).status_code == 303
        assert client_of(world.organizer).get(path).status_code == 403
        assert client_of(world.admin).get(path).status_code == 200
    assert client_of(world.admin).get("/people/requests/999999").status_code == 404
    late = clock.now() + timedelta(days=20)
    with clock.stopped_at(late):
        page = client_of(world.admin).get("/people/requests").get_data(as_text=True)
    assert "Quá hạn" in page
    assert "tag-bad" in page


def test_a_request_by_letter_is_entered_and_its_copy_handed_over(world: World, client_of: Browser) -> None:
    browser, person_id = client_of(world.admin), world.other_trainee.person_id
    path = f"/people/{person_id}/requests/new"
    assert browser.post(path, data={"kind": "correction"}).status_code == 422
    assert browser.post(path, data={}).status_code == 422
    answer = browser.post(path, data={"kind": "copy"})
    assert answer.status_code == 303
    copy = browser.post(f"{answer.location}/copy")
    assert copy.mimetype == "application/zip"
    assert (
        session().scalars(select(AuditEntry).where(AuditEntry.verb == "person.copy")).one().actor_id == world.admin.id
    )


def test_an_answer_goes_by_mail_and_only_once(world: World, client_of: Browser) -> None:
    request = requests.ask(world.trainee.person, DataRequestKind.CORRECTION, "Sửa tên", None)
    browser, path = client_of(world.admin), f"/people/requests/{request.id}"
    unsaid = browser.post(path, data={"granted": "no", "answer": ""})
    assert unsaid.status_code == 422
    assert "Hãy ghi lý do, hoặc điều đã làm." in unsaid.get_data(as_text=True)
    assert browser.post(path, data={"answer": "Gì đó"}).status_code == 422
    assert browser.post(path, data={"granted": "no", "answer": "Tên đúng như căn cước."}).status_code == 303
    letter = session().scalars(select(OutboxMail)).one()
    assert letter.recipient == "trainee@example.vn"
    assert "Tên đúng như căn cước." in letter.body
    assert "không được chấp nhận" in letter.body
    again = browser.post(path, data={"granted": "yes", "answer": "Đổi ý"})
    assert again.status_code == 422
    assert "Tên đúng như căn cước." in browser.get(path).get_data(as_text=True)
    assert "Đã từ chối" in browser.get("/people/requests?state=answered").get_data(as_text=True)


def test_a_correction_that_is_granted_says_field_by_field_what_changed(world: World, client_of: Browser) -> None:
    person = world.trainee.person
    with clock.stopped_at(clock.now() - timedelta(hours=3)):
        service.correct(person, full_name="Đặng Văn Đúc", title="", email=None, phone="", actor_id=None)
    with clock.stopped_at(clock.now() - timedelta(hours=1)):
        request = requests.ask(person, DataRequestKind.CORRECTION, "Đức chứ không phải Đúc; đã lên Trưởng phòng", None)
    browser, path = client_of(world.admin), f"/people/requests/{request.id}"
    assert "Hồ sơ chưa sửa gì từ khi nhận đề nghị" in browser.get(path).text
    for phone in ("0900000000", "0911222333"):
        data = {"full_name": "Đặng Văn Đức", "title": "", "email": "trainee@example.vn", "phone": phone}
        assert browser.post(f"/people/{person.id}/correction", data=data).status_code == 303
    post = person.posts[0]
    typed = {"name": "Trưởng phòng", "name_en": "", "unit": post.unit.name, "from_on": "", "to_on": "", "rank": "1"}
    assert browser.post(f"/people/{person.id}/posts/{post.id}", data=typed).status_code == 303
    assert "Hồ sơ chưa sửa gì" not in browser.get(path).text
    assert browser.post(path, data={"granted": "yes", "answer": "Đã sửa theo căn cước."}).status_code == 303
    told = {
        "Họ và tên": ("Đặng Văn Đúc", "Đặng Văn Đức"),
        "Thư điện tử": ("(trống)", "trainee@example.vn"),
        "Điện thoại": ("(trống)", "0911222333"),
        "Chức vụ": ("Công chức văn hóa – xã hội", "Trưởng phòng"),
    }
    letter, page = session().scalars(select(OutboxMail)).one().body, browser.get(path).text
    for label, (old, new) in told.items():
        assert f"- {label}: cũ “{old}”, mới “{new}”\n" in letter
        assert f'data-label="Cũ">{old}</td><td data-label="Mới">{new}</td>' in page
    assert "Điều đã sửa:\n- Họ và tên: cũ “Đặng Văn Đúc”, mới “Đặng Văn Đức”\n- Thư điện tử" in letter
    assert "0900000000" not in letter + page
    record = session().scalars(select(AuditEntry).where(AuditEntry.verb == "data-request.answer")).one().detail
    assert {one["field"]: (one["old"], one["new"]) for one in record["changes"]} == {
        "full_name": ("Đặng Văn Đúc", "Đặng Văn Đức"),
        "email": (None, "trainee@example.vn"),
        "phone": (None, "0911222333"),
        "name": ("Công chức văn hóa – xã hội", "Trưởng phòng"),
    }
    own = client_of(world.trainee).get("/account/privacy").text
    assert "Chức vụ: Công chức văn hóa – xã hội → Trưởng phòng" in own


def test_private_details_are_told_as_changed_and_not_shown(world: World, client_of: Browser) -> None:
    request = requests.ask(world.trainee.person, DataRequestKind.CORRECTION, "Sai ngày sinh", None)
    details = {"born": "1985", "id_number": "", "ethnic_group": "Tày", "purpose": "Làm thẻ", "keep_until": None}
    private.record(world.trainee.person, **details, actor_id=None)
    path = f"/people/requests/{request.id}"
    assert client_of(world.admin).post(path, data={"granted": "yes", "answer": "Đã sửa."}).status_code == 303
    letter, page = session().scalars(select(OutboxMail)).one().body, client_of(world.admin).get(path).text
    assert "- Thông tin riêng: đã ghi lại; nội dung không nêu ở đây" in letter
    assert "đã ghi lại; nội dung không nêu ở đây" in page
    assert "1985" not in letter + page
    assert "Tày" not in letter + page


def test_a_refused_correction_tells_of_no_change(world: World, client_of: Browser) -> None:
    request = requests.ask(world.trainee.person, DataRequestKind.CORRECTION, "Sửa tên", None)
    person = world.trainee.person
    service.correct(person, full_name="Đặng Đức", title="", email=person.email, phone=person.phone, actor_id=None)
    path = f"/people/requests/{request.id}"
    assert client_of(world.admin).post(path, data={"granted": "no", "answer": "Không."}).status_code == 303
    assert "Đặng Văn Đức”" not in session().scalars(select(OutboxMail)).one().body
    assert "Điều đã sửa" not in client_of(world.admin).get(path).text


def test_erasing_takes_old_and_new_values_out_of_the_record(world: World) -> None:
    person = world.other_trainee.person
    asked = requests.ask(person, DataRequestKind.CORRECTION, "Sửa", None)
    service.correct(person, full_name="Bùi Ánh", title="", email=None, phone="0977000111", actor_id=None)
    requests.answer(asked, granted=True, words="Đã sửa.", actor_id=world.admin.id)
    privacy.erase(person, world.admin.id)
    left = session().scalars(select(AuditEntry).where(AuditEntry.subject == f"person:{person.id}")).all()
    assert {"person.correct", "data-request.answer"} <= {one.verb for one in left}
    told = json.dumps([one.detail for one in left], ensure_ascii=False)
    assert not [one for one in ("Bùi", "0977000111", "other_trainee@") if one in told]


def test_erasing_takes_what_may_go_and_keeps_what_the_law_asks(world: World, client_of: Browser, held: Person) -> None:
    request = requests.ask(held, DataRequestKind.ERASURE, "", None)
    browser, path = client_of(world.admin), f"/people/requests/{request.id}"
    preview = browser.get(path).get_data(as_text=True)
    assert "Họ tên còn giữ" in preview
    assert "Sổ cấp và giấy đã cấp" in preview
    kept = [one.category for one in privacy.erasure(held).holdings if one.category.stays]
    certificate = session().scalars(select(Certificate)).one()
    frozen = (certificate.holder_name, certificate.facts, certificate.file)
    assert browser.post(path, data={"granted": "yes", "answer": ""}).status_code == 303
    assert (held.full_name, held.email, held.phone) == ("Đặng Văn Đức", None, None)
    assert private.find(held.id) is None
    assert session().scalar(select(func.count()).where(SignInAttempt.email == "trainee@example.vn")) == 0
    account = session().scalars(select(Account).where(Account.person_id == held.id)).one()
    assert (account.email, account.password_hash, account.is_active) == (
        f"da-xoa-{account.id}@xoa.invalid",
        None,
        False,
    )
    delegate = session().scalars(select(Delegate).where(Delegate.person_id == held.id)).one()
    assert (delegate.note, delegate.full_name) == ("", "Đặng Văn Đức")
    assert "0912345678" not in delegate.search
    assert (certificate.holder_name, certificate.facts, certificate.file) == frozen
    application = session().scalars(select(Application).where(Application.full_name == held.full_name)).one()
    assert (application.email, application.phone) == ("", "")
    mails = session().scalars(select(OutboxMail).order_by(OutboxMail.id)).all()
    assert [(one.recipient, one.body) for one in mails if one.sent_at is not None] == [("", "")] * 2
    assert mails[-1].recipient == "duc@example.vn"
    assert "Đề nghị được chấp nhận" in mails[-1].body
    assert len(kept) > 3
    assert all(f"- {one.label}: {one.stays}" in mails[-1].body for one in kept), "the answer says what stays"


def test_the_name_goes_where_nothing_that_stays_bears_it(world: World) -> None:
    person = service.create("Lê Thị A", phone="0911222333")
    service.add_post(person, world.units["binh-sa"], "Chuyên viên")
    erased = privacy.erase(person, None)
    assert erased.name_goes
    assert (person.full_name, person.phone, person.posts) == (privacy.NAMELESS, None, [])


@pytest.mark.parametrize("who", ["organizer", "trainee"])
def test_what_hinders_erasing_is_said_and_nothing_is_erased(
    world: World, client_of: Browser, held: Person, who: str
) -> None:
    if who == "trainee":
        event = session().scalars(select(Delegate)).first().event
        event.starts_on = event.ends_on = clock.today() + timedelta(days=3)
    person = world.accounts[who].person
    request = requests.ask(person, DataRequestKind.ERASURE, "", None)
    browser, path = client_of(world.admin), f"/people/requests/{request.id}"
    hindrance = "đang giữ vai trò" if who == "organizer" else "Hãy rút khỏi danh sách"
    assert hindrance in browser.get(path).get_data(as_text=True)
    answer = browser.post(path, data={"granted": "yes", "answer": ""})
    assert answer.status_code == 422
    assert request.answered_at is None
    assert person.email == f"{who}@example.vn"


def test_lists_cost_the_same_for_many(world: World, client_of: Browser, count_statements: Callable[[], Any]) -> None:
    browser, counts = client_of(world.admin), []
    for number in (2, 20):
        for _one in range(number):
            requests.ask(service.create("Lê Thị A"), DataRequestKind.ERASURE, "", None)
        session().commit()
        with count_statements() as statements:
            browser.get("/people/requests")
        counts.append(len(statements))
    assert counts[1] <= counts[0] + 1
