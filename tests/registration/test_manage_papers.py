"""The pages of everything that prints: who may see them, what they offer, what they refuse."""

import io
from collections.abc import Callable

import pytest
from docx import Document
from flask.testing import FlaskClient
from sqlalchemy import select

from lms.accounts.models import Account
from lms.core.audit import AuditEntry
from lms.core.db import session
from lms.events.models import Event
from lms.registration import printing
from lms.registration.models import Delegate, Letter
from tests.printed import flat, page_texts, paper_sizes
from tests.registration.conftest import Register
from tests.world import World

ClientOf = Callable[[Account], FlaskClient]
EVENT = "/events/lam-khe-2024"
PAGES = (
    *(f"{EVENT}/papers", f"{EVENT}/precedence", f"{EVENT}/letters/call", f"{EVENT}/letters/invitation"),
    *(f"{EVENT}/letters/call.pdf", f"{EVENT}/letters/call.docx", f"{EVENT}/letters/invitation.pdf"),
    *(f"{EVENT}/letters/invitation-for-each.pdf", f"{EVENT}/papers/list.pdf", f"{EVENT}/papers/list.docx"),
    *(f"{EVENT}/papers/agenda.pdf", f"{EVENT}/papers/agenda.docx", f"{EVENT}/badges.docx"),
)
FILLED = {
    "superior": "",
    "agency": "Sở Ngoại vụ",
    "number": "7",
    "symbol": "SNgV-VP",
    "place": "Lam Khê",
    "issued_on": "2024-02-05",
    "summary": "cử đại biểu dự hội nghị",
    "addressees": "Sở A\n\nSở B",
    "body": "Đoạn một.\n\nĐoạn hai./.",
    "signer_authority": "",
    "signer_post": "Giám đốc",
    "signer_name": "Người Ký Mẫu",
    "copies": "Như trên\nLưu: VT",
}


@pytest.fixture
def organizer(client_of: ClientOf, world: World) -> FlaskClient:
    return client_of(world.organizer)


@pytest.fixture
def three(open_event: Event, register: Register) -> list[Delegate]:
    """Three of the province: by name A, Chứ, Đức; by post Đức, Chứ, A."""
    return [
        register("Đặng Văn Đức", "so-lam-khe", post="Giám đốc"),
        register("Vàng A Chứ", "so-lam-khe", post="Trưởng phòng"),
        register("A", "so-lam-khe", post="Chuyên viên"),
    ]


def word_text(file: bytes) -> str:
    document = Document(io.BytesIO(file))
    cells = [cell.text for table in document.tables for row in table.rows for cell in row.cells]
    return flat(" ".join([*(paragraph.text for paragraph in document.paragraphs), *cells]))


def test_only_those_who_run_the_event_come_in(
    client: FlaskClient, client_of: ClientOf, world: World, event: Event, register: Register
) -> None:
    register("Lý A Một")
    for method, paths in (("get", PAGES), ("post", (f"{EVENT}/precedence", f"{EVENT}/letters/call"))):
        for path in paths:
            signed_out = getattr(client, method)(path)
            assert signed_out.status_code == 303, path
            assert signed_out.location.startswith("/sign-in"), path
            assert getattr(client_of(world.stranger), method)(path).status_code == 404, path
            assert getattr(client_of(world.trainee), method)(path).status_code == 403, path
    for path in PAGES:
        assert client_of(world.organizer).get(path).status_code == 200, path
    assert client_of(world.organizer).get(f"{EVENT}/letters/other").status_code == 404


def test_the_page_offers_all_that_prints_and_says_where_it_stands(
    organizer: FlaskClient, event: Event, three: list[Delegate]
) -> None:
    page = organizer.get(f"{EVENT}/papers").get_data(as_text=True)
    for words in ("Công văn triệu tập", "Giấy mời", "Chương trình", "Chưa soạn", "mỗi đại biểu một giấy: 3 giấy"):
        assert words in page, words
    for address in (*PAGES[1:8], f"{EVENT}/papers/agenda.docx", f"{EVENT}/badges.docx", f"{EVENT}/badges.pdf"):
        assert f'href="{address}' in page, address
    assert f'{EVENT}/papers/list.docx?order=precedence"' in page
    organizer.post(f"{EVENT}/letters/call", data=FILLED)
    page = organizer.get(f"{EVENT}/papers").get_data(as_text=True)
    assert "Số 07/SNgV-VP" in page
    management = organizer.get(f"{EVENT}/management").get_data(as_text=True)
    assert f'href="{EVENT}/papers"' in management


def test_an_event_without_delegates_offers_its_letters_only(organizer: FlaskClient, event: Event) -> None:
    page = organizer.get(f"{EVENT}/papers").get_data(as_text=True)
    assert "Chưa có đại biểu. Nhập từ Excel hoặc thêm từng người." in page
    assert "badges.pdf" not in page
    assert organizer.get(f"{EVENT}/precedence").status_code == 200
    assert "Chưa có đại biểu nào" in word_text(organizer.get(f"{EVENT}/papers/list.docx").data)
    for path in ("letters/invitation-for-each.pdf", "badges.docx"):
        refused = organizer.get(f"{EVENT}/{path}")
        assert refused.status_code == 422
        assert "đại biểu nào để in" in refused.get_data(as_text=True)


def test_a_letter_begins_with_a_text_and_is_saved_as_changed(organizer: FlaskClient, event: Event) -> None:
    page = organizer.get(f"{EVENT}/letters/call").get_data(as_text=True)
    assert "Lời văn soạn sẵn từ sự kiện" in page
    assert "cử đại biểu tham dự Hội nghị tập huấn Lam Khê" in page
    assert session().scalars(select(Letter)).all() == []
    answer = organizer.post(f"{EVENT}/letters/call", data=FILLED)
    assert answer.status_code == 303
    assert answer.location == f"{EVENT}/papers"
    assert "Đã lưu. Hãy tải bản in" in organizer.get(answer.location).get_data(as_text=True)
    (letter,) = session().scalars(select(Letter))
    assert (letter.number, letter.recipients) == (7, "Sở A\nSở B\n\nNhư trên\nLưu: VT")
    page = organizer.get(f"{EVENT}/letters/call").get_data(as_text=True)
    assert "Đoạn hai./." in page
    assert "Lời văn soạn sẵn" not in page
    pdf = organizer.get(f"{EVENT}/letters/call.pdf")
    assert "lam-khe-2024-cong-van.pdf" in pdf.headers["Content-Disposition"]
    text = flat(page_texts(pdf.data)[0])
    assert "Số: 07/SNgV-VP" in text
    assert "Lam Khê, ngày 05 tháng 02 năm 2024" in text
    assert "- Sở A; - Sở B." in text
    word = organizer.get(f"{EVENT}/letters/call.docx")
    assert word.mimetype == "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
    assert "Số: 07/SNgV-VP" in word_text(word.data)
    assert organizer.post(f"{EVENT}/letters/call", data=FILLED | {"number": "", "issued_on": ""}).status_code == 303
    assert flat("Số:      /SNgV-VP") in flat(page_texts(organizer.get(f"{EVENT}/letters/call.pdf").data)[0])


@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        ({"agency": " "}, "Mục này còn trống"),
        ({"body": ""}, "Mục này còn trống"),
        ({"number": "0"}, "Cần một số từ 1 đến"),
        ({"number": "bảy"}, "Cần một số nguyên"),
        ({"issued_on": "31/02/2024"}, "Ngày này không có trong lịch"),
        ({"summary": "x" * 501}, "Dài quá 500 ký tự"),
        ({"signer_name": "Trần 王"}, "Không in được “Trần 王”"),
        ({"symbol": "X" * 60}, "Không in được"),
    ],
)
def test_what_cannot_be_printed_is_refused_by_its_field(
    organizer: FlaskClient, event: Event, wrong: dict[str, str], message: str
) -> None:
    answer = organizer.post(f"{EVENT}/letters/call", data=FILLED | wrong)
    assert answer.status_code == 422
    page = answer.get_data(as_text=True)
    assert message in page
    assert "<title>Lỗi:" in page
    assert f'href="#{next(iter(wrong))}"' in page
    assert session().scalars(select(Letter)).all() == []


def test_the_list_prints_in_three_orders_in_both_forms(organizer: FlaskClient, three: list[Delegate]) -> None:
    orders = {"unit": ["A", "Vàng A Chứ", "Đặng Văn Đức"], "precedence": ["Đặng Văn Đức", "Vàng A Chứ", "A"]}
    orders["whole"] = orders["precedence"]
    for order, names in orders.items():
        word = Document(io.BytesIO(organizer.get(f"{EVENT}/papers/list.docx?order={order}").data))
        assert [row.cells[1].text for row in word.tables[1].rows][2:] == names, order
        pdf = page_texts(organizer.get(f"{EVENT}/papers/list.pdf?order={order}").data)[0]
        lines = [line.strip() for line in pdf.splitlines()]
        assert sorted(names, key=lines.index) == names, order
        assert "Danh sách có 3 đại biểu của 1 đơn vị." in lines
        assert "Danh sách có 3 đại biểu của 1 đơn vị." in [paragraph.text for paragraph in word.paragraphs]
    assert word.tables[1].rows[1].cells[0].text == "Toàn thể đại biểu, theo thứ tự lễ tân (3 người)"
    whole = flat(page_texts(organizer.get(f"{EVENT}/papers/list.pdf?order=whole").data)[0])
    assert "Toàn thể đại biểu, theo thứ tự lễ tân" in whole
    assert " I Toàn thể" not in whole
    assert "Giám đốc, Sở Văn hóa, Thể thao và Du lịch tỉnh Lam Khê" in whole
    assert organizer.get(f"{EVENT}/papers/list.pdf?order=king").status_code == 200


def test_the_organizer_gives_a_place_and_takes_it_back(organizer: FlaskClient, three: list[Delegate]) -> None:
    page = organizer.get(f"{EVENT}/precedence").get_data(as_text=True)
    assert "Giám đốc" in page
    assert page.index("Đặng Văn Đức") < page.index("Vàng A Chứ")
    director, _head, clerk = three
    form = {f"place-{clerk.id}": "1", f"place-{director.id}": "", "place-99999": "5"}
    assert organizer.post(f"{EVENT}/precedence", data=form).status_code == 303
    assert session().get_one(Delegate, clerk.id).protocol_rank == 1
    page = organizer.get(f"{EVENT}/precedence").get_data(as_text=True)
    assert "Đã đổi chỗ 1 người." in page
    assert page.index(f"place-{clerk.id}") < page.index(f"place-{director.id}")
    told = organizer.get(f"{EVENT}/delegates/{clerk.id}").get_data(as_text=True)
    assert "Thứ tự lễ tân: – → 1" in told
    assert organizer.post(f"{EVENT}/precedence", data={f"place-{clerk.id}": ""}).status_code == 303
    assert session().get_one(Delegate, clerk.id).protocol_rank is None


@pytest.mark.parametrize("typed", ["0", "-1", "đầu", "1.5", "10000"])
def test_a_place_that_is_no_number_is_refused(organizer: FlaskClient, three: list[Delegate], typed: str) -> None:
    answer = organizer.post(f"{EVENT}/precedence", data={f"place-{three[0].id}": typed, f"place-{three[1].id}": "3"})
    assert answer.status_code == 422
    page = answer.get_data(as_text=True)
    assert "Chỗ của Đặng Văn Đức cần là số từ 1 đến 9999" in page
    assert f'value="{typed}"' in page
    assert session().get_one(Delegate, three[1].id).protocol_rank is None


def test_an_invitation_for_each_and_badges_of_some(organizer: FlaskClient, three: list[Delegate]) -> None:
    pdf = organizer.get(f"{EVENT}/letters/invitation-for-each.pdf").data
    assert set(paper_sizes(pdf)) == {(210, 297)}
    texts = [flat(text) for text in page_texts(pdf) if "GIẤY MỜI" in text]
    assert len(texts) == 3
    assert "Kính gửi: đồng chí A, Chuyên viên, Sở Văn hóa, Thể thao và Du lịch tỉnh Lam Khê" in texts[0]
    chosen = {"state": "all", "delegate": three[0].id}
    word = Document(io.BytesIO(organizer.get(f"{EVENT}/badges.docx", query_string=chosen).data))
    assert "Đặng Văn Đức" in word.tables[0].cell(0, 0).text
    assert word.tables[0].cell(0, 1).text == ""


def test_too_many_badges_for_word_are_refused_in_words(
    organizer: FlaskClient, three: list[Delegate], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(printing, "MOST_IN_WORD", 2)
    answer = organizer.get(f"{EVENT}/badges.docx")
    assert answer.status_code == 422
    assert "Tệp Word chứa đến 2 thẻ." in answer.get_data(as_text=True)


def test_in_english(organizer: FlaskClient, three: list[Delegate]) -> None:
    organizer.set_cookie("lms_language", "en")
    for path in (f"{EVENT}/papers", f"{EVENT}/precedence", f"{EVENT}/letters/call", f"{EVENT}/letters/invitation"):
        page = organizer.get(path).get_data(as_text=True)
        assert '<html lang="en"' in page
        assert "Lam Khê training conference" in page
    assert "Call letter" in organizer.get(f"{EVENT}/papers").get_data(as_text=True)


def test_a_page_of_papers_takes_few_statements(
    organizer: FlaskClient, three: list[Delegate], count_statements: Callable[..., object]
) -> None:
    with count_statements() as told:  # type: ignore[attr-defined]
        organizer.get(f"{EVENT}/papers")
    assert len(told) <= 12


def test_a_title_as_long_as_a_title_may_be_prints_on_every_official_paper(
    organizer: FlaskClient, open_event: Event, three: list[Delegate]
) -> None:
    open_event.title = ("Hội nghị tập huấn công tác thông tin đối ngoại " * 9)[:400].strip()
    session().flush()
    for paper in ("letters/call", "letters/invitation", "papers/agenda"):
        for suffix in ("pdf", "docx"):
            assert organizer.get(f"{EVENT}/{paper}.{suffix}").status_code == 200, (paper, suffix)
    assert organizer.get(f"{EVENT}/papers/list.docx").status_code == 200


def test_a_saved_letter_says_what_changed_in_the_event_since_and_is_written_anew(
    organizer: FlaskClient, open_event: Event
) -> None:
    page = f"{EVENT}/letters/invitation"
    assert organizer.post(page, data=FILLED).status_code == 303
    said = "Sự kiện đã đổi sau khi soạn"
    assert said not in organizer.get(page).text + organizer.get(f"{EVENT}/papers").text
    open_event.place = "Nhà văn hóa mới"
    session().flush()
    for address in (page, f"{EVENT}/papers"):
        assert f"{said}: nơi tổ chức." in organizer.get(address).text
    anew = organizer.get(f"{page}?anew=1").text
    assert "Nhà văn hóa mới" in anew
    assert "Người Ký Mẫu" in anew
    assert organizer.post(page, data=FILLED).status_code == 303
    assert said not in organizer.get(page).text


def test_a_letter_saved_before_the_facts_of_the_event_were_kept_says_so_until_it_is_saved_again(
    organizer: FlaskClient, open_event: Event
) -> None:
    page = f"{EVENT}/letters/invitation"
    assert organizer.post(page, data=FILLED).status_code == 303
    said = "Chưa rõ sự kiện có đổi sau khi soạn: hãy xem lại ngày giờ trước khi gửi."
    addresses = (page, f"{EVENT}/papers")
    assert not [one for one in addresses if said in organizer.get(one).text]
    entry = session().scalars(select(AuditEntry).where(AuditEntry.verb == "letter.save")).one()
    entry.detail = {key: value for key, value in entry.detail.items() if key != "facts"}
    session().flush()
    assert [one for one in addresses if said in organizer.get(one).text] == list(addresses)
    assert said not in organizer.get(f"{EVENT}/letters/call").text
    assert organizer.post(page, data=FILLED).status_code == 303
    assert not [one for one in addresses if said in organizer.get(one).text]
