"""The first text of letters, what is saved, and what is printed of them."""

import io
from datetime import date, time

import pytest
from docx import Document
from sqlalchemy import select

from lms.core.audit import AuditEntry
from lms.core.db import session
from lms.core.errors import RuleBroken
from lms.events import service as events_service
from lms.events.models import (
    Event,
    EventHost,
    Half,
    HalfDay,
    HostRole,
    Point,
    PointQuota,
    Quota,
    Speaker,
    Topic,
    TrainingPlan,
)
from lms.paperwork import layout_docx, layout_pdf
from lms.paperwork.layout import Paper
from lms.registration import agenda_paper, first_letters, letters, queries
from lms.registration.models import DelegateRole, Letter, LetterKind
from lms.units.models import Unit, UnitKind
from tests.printed import flat, page_texts
from tests.registration.conftest import Register
from tests.world import World

CALL, INVITATION = LetterKind.CALL, LetterKind.INVITATION


@pytest.fixture
def full_event(event: Event, world: World) -> Event:
    """The event with half-days, topics, a plan, a deadline and a department as its host."""
    event.reply_by = date(2024, 7, 31)
    event.hosts = [EventHost(unit=world.units["so-lam-khe"], role=HostRole.HOST)]
    morning = HalfDay(on=date(2024, 8, 7), half=Half.MORNING, starts_at=time(7, 30), ends_at=time(11, 30))
    afternoon = HalfDay(on=date(2024, 8, 8), half=Half.AFTERNOON, starts_at=time(13, 30), ends_at=time(17, 0))
    topic = Topic(position=1, title="Thông tin đối ngoại trong tình hình mới", starts_at=time(8))
    topic.speakers.append(Speaker(person=world.instructor.person, position=1))
    morning.topics = [topic, Topic(position=2, title="Người phát ngôn")]
    event.sessions = [morning, afternoon]
    event.plan = TrainingPlan(
        unit=world.units["lam-khe"], number="90/KH-UBND", title="Kế hoạch", issuer=world.units["lam-khe"],
        issued_on=date(2024, 2, 5), starts_on=date(2024, 1, 1), ends_on=date(2024, 12, 31),
    )  # fmt: skip
    session().flush()
    return event


def printed(paper: Paper) -> str:
    """The whole paper as it reads."""
    return flat(" ".join(page_texts(layout_pdf.draw([paper]))))


def first(event: Event, kind: LetterKind, world: World) -> Letter:
    return letters.letter_or_first(event, kind, world.organizer)


def test_a_call_letter_says_everything_the_event_knows(full_event: Event, world: World) -> None:
    letter = first(full_event, CALL, world)
    assert letter.superior == "Ủy ban nhân dân tỉnh Lam Khê"
    assert letter.agency == "Sở Văn hóa, Thể thao và Du lịch tỉnh Lam Khê"
    assert (letter.place, letter.signer_post, letter.symbol) == ("Lam Khê", "Giám đốc", "SO-LAM-KHE")
    text = printed(letters.paper_of(full_event, letter))
    for words in (
        "V/v cử đại biểu tham dự Hội nghị tập huấn Lam Khê",
        "- Ủy ban nhân dân tỉnh Bình Sa; - Ủy ban nhân dân tỉnh Lam Khê.",
        "Thực hiện Kế hoạch số 90/KH-UBND ngày 05/02/2024 của Ủy ban nhân dân tỉnh Lam Khê,",
        "1. Thời gian: 02 buổi: sáng ngày 07/8/2024 (từ 07 giờ 30), chiều ngày 08/8/2024 (từ 13 giờ 30).",
        "2. Địa điểm: Hội trường tỉnh, Lam Khê; các điểm cầu: Nậm Khoang (UBND xã).",
        "3. Thành phần: 4 đại biểu, phân bổ theo Phụ lục kèm theo Công văn này.",
        "- Thông tin đối ngoại trong tình hình mới; - Người phát ngôn.",
        "chậm nhất ngày 31/7/2024",
        "thẻ hoặc mã QR đã nhận, giấy tờ tùy thân",
        "đồng chí Lò Thị Mẩy, Phó Trưởng phòng, điện thoại 0912345678, thư điện tử organizer@example.vn",
        "phối hợp thực hiện./.",
        "Phụ lục PHÂN BỔ CHỈ TIÊU ĐẠI BIỂU",
        "Tổng cộng 4",
    ):
        assert words in text, words
    assert session().scalars(select(Letter)).all() == []


def test_an_event_that_knows_little_still_has_a_whole_letter(open_event: Event, world: World) -> None:
    open_event.points.clear()
    letter = first(open_event, CALL, world)
    assert letter.agency == "Ủy ban nhân dân tỉnh Lam Khê"
    assert (letter.superior, letter.signer_authority, letter.signer_post) == ("", "TM. Ủy ban nhân dân", "Chủ tịch")
    text = printed(letters.paper_of(open_event, letter))
    assert "1. Thời gian: từ ngày 07/8/2024 đến ngày 08/8/2024." in text
    assert "Kính gửi: Các cơ quan, đơn vị liên quan" in text
    assert "Nội dung: theo chương trình gửi kèm." in text
    assert "Phụ lục" not in text
    assert "điểm cầu" not in text


def test_the_quota_table_is_in_list_order_with_its_total_and_shares(full_event: Event, world: World) -> None:
    quota = next(one for one in full_event.quotas if one.unit_id == world.units["lam-khe"].id)
    quota.at_points = [PointQuota(point=full_event.points[0], seats=2)]
    for number in range(60):
        unit = Unit(key=f"u{number}", code="u", kind=UnitKind.DEPARTMENT, name=f"Sở Ngoại vụ tỉnh thứ {number}",
                    name_en="", short_name=f"Sở {number:02d}", path=f"/9{number}/")  # fmt: skip
        unit.index_names()
        full_event.quotas.append(Quota(unit=unit, seats=2))
    session().flush()
    letter = first(full_event, CALL, world)
    assert "theo Phụ lục" not in letter.recipients
    assert letter.recipients.startswith("Các cơ quan, đơn vị có tên tại Phụ lục\n\n")
    paper = letters.paper_of(full_event, letter)
    pages = page_texts(layout_pdf.draw([paper]))
    tables = [page for page in pages if "Cơ quan, đơn vị" in page and "Số đại biểu" in page]
    assert len(tables) == 3
    assert "Nậm Khoang: 2" in flat(tables[0])
    assert "Tổng cộng 124" in flat(tables[-1])
    rows = Document(io.BytesIO(layout_docx.draw(paper))).tables[-1].rows
    names = [row.cells[1].text for row in rows]
    assert len(names) == 64
    assert names[1:4] == ["Ủy ban nhân dân tỉnh Bình Sa", "Ủy ban nhân dân tỉnh Lam Khê", "Sở Ngoại vụ tỉnh thứ 0"]
    assert [cell.text for cell in rows[-1].cells] == ["", "Tổng cộng", "124", ""]


def test_an_invitation_is_for_anyone_or_for_each(full_event: Event, world: World, register: Register) -> None:
    register("Đặng Văn Đức", "nam-khoang", post="Chủ tịch UBND xã Nậm Khoang")
    register("A", "binh-sa", role=DelegateRole.PRESS)
    letter = first(full_event, INVITATION, world)
    assert letter.symbol == "GM-SO-LAM-KHE"
    alone = printed(letters.paper_of(full_event, letter))
    assert "GIẤY MỜI Dự Hội nghị tập huấn Lam Khê" in alone
    assert "Kính gửi: ......" in alone
    assert "trân trọng kính mời đại biểu tới dự" in alone
    assert "Phụ lục" not in alone
    each = letters.invitations_of(full_event, letter, queries.delegates_of(full_event))
    pages = [flat(page) for page in page_texts(layout_pdf.draw(each))]
    assert len(pages) == 2
    assert "Kính gửi: ông (bà) A, tỉnh Bình Sa" in pages[0]
    assert "Kính gửi: đồng chí Đặng Văn Đức, Chủ tịch UBND xã Nậm Khoang" in pages[1]
    with pytest.raises(RuleBroken, match="Chưa có đại biểu nào"):
        letters.invitations_of(full_event, letter, [])


def test_the_hall_is_named_once_though_it_is_a_point_too(full_event: Event, world: World) -> None:
    full_event.points.append(Point(position=2, name="Hội trường", place="Hội trường tỉnh"))
    session().flush()
    text = printed(letters.paper_of(full_event, first(full_event, CALL, world)))
    assert "2. Địa điểm: Hội trường tỉnh, Lam Khê; các điểm cầu: Nậm Khoang (UBND xã)." in text
    assert text.count("Hội trường") == 1


def test_each_invitation_names_the_delegates_own_point(full_event: Event, world: World, register: Register) -> None:
    there = register("Đặng Văn Đức", "nam-khoang")
    register("Vàng A Chứ", "so-lam-khe")
    there.point_id = full_event.points[0].id
    session().flush()
    letter = first(full_event, INVITATION, world)
    lines = queries.delegates_of(full_event)
    pages = {
        line.full_name: flat(text)
        for line, text in zip(
            lines, page_texts(layout_pdf.draw(letters.invitations_of(full_event, letter, lines))), strict=True
        )
    }
    seat = "Đồng chí dự tại điểm cầu Nậm Khoang (UBND xã)."
    assert f"{seat} 3. Nội dung" in pages["Đặng Văn Đức"]
    assert "Đồng chí dự tại" not in pages["Vàng A Chứ"]
    letter.body = "Một.\nHai.\nBa."
    blocks = letters.invitations_of(full_event, letter, [line for line in lines if line.point_id])[0].blocks
    assert blocks == ("Một.", "Hai.", seat, "Ba.")


def test_a_saved_letter_is_what_is_printed(full_event: Event, world: World) -> None:
    said = {
        "superior": "", "agency": "Sở Ngoại vụ", "number": 7, "symbol": "SNgV-VP", "place": "Lam Khê",
        "issued_on": date(2024, 1, 9), "summary": "dự lớp", "body": "Một.\nHai.", "recipients": "A\nB\n\nNhư trên",
        "signer_authority": "KT. Giám đốc", "signer_post": "Phó Giám đốc", "signer_name": "A",
    }  # fmt: skip
    letter = letters.save(full_event, CALL, world.organizer, **said)
    letters.save(full_event, CALL, world.organizer, **said)
    assert letters.written_letters(full_event) == {CALL: letter}
    text = printed(letters.paper_of(full_event, letter))
    assert "Số: 07/SNgV-VP" in text
    assert "Lam Khê, ngày 09 tháng 01 năm 2024" in text
    assert "KT. GIÁM ĐỐC PHÓ GIÁM ĐỐC" in text
    assert "(Kèm theo Công văn số 07/SNgV-VP ngày 09 tháng 01 năm 2024 của Sở Ngoại vụ)" in text
    changed = letters.save(full_event, CALL, world.organizer, **{**said, "number": 12})
    assert changed is letter
    verbs = session().scalars(select(AuditEntry.verb).where(AuditEntry.verb == "letter.save"))
    assert len(verbs.all()) == 2


def test_a_deleted_draft_takes_its_letter_along(full_event: Event, world: World) -> None:
    full_event.published_at = None
    made = first(full_event, CALL, world)
    session().add(made)
    session().flush()
    events_service.delete(world.organizer, full_event)
    assert session().scalars(select(Letter)).all() == []


def test_a_specimen_event_prints_specimens(full_event: Event, world: World) -> None:
    full_event.specimen = True
    for paper in (
        letters.paper_of(full_event, first(full_event, CALL, world)),
        letters.paper_of(full_event, first(full_event, INVITATION, world)),
        agenda_paper.paper_of(full_event),
    ):
        assert all("MẪU · SPECIMEN" in page for page in page_texts(layout_pdf.draw([paper])))
        word = Document(io.BytesIO(layout_docx.draw(paper)))
        assert word.sections[0].first_page_footer.paragraphs[0].text == "MẪU · SPECIMEN"


def test_the_agenda_names_halves_hours_and_posts(full_event: Event, world: World) -> None:
    paper = agenda_paper.paper_of(full_event)
    text = printed(paper)
    for words in (
        "CHƯƠNG TRÌNH Hội nghị tập huấn Lam Khê",
        "Từ ngày 07/8/2024 đến ngày 08/8/2024, tại Hội trường tỉnh, Lam Khê",
        "Buổi sáng, Thứ Tư, ngày 07/8/2024 (07:30–11:30)",
        "08:00",
        "Buổi chiều, Thứ Năm, ngày 08/8/2024 (13:30–17:00)",
    ):
        assert words in text, words
    assert "Nguyễn Thị Hường, Báo cáo viên" in text
    assert "Số:" not in text
    table = Document(io.BytesIO(layout_docx.draw(paper))).tables[1]
    assert [cell.text for cell in table.rows[2].cells][:2] == ["08:00", "Thông tin đối ngoại trong tình hình mới"]
    full_event.sessions = []
    assert "Chưa có chương trình" in printed(agenda_paper.paper_of(full_event))


def test_agencies_are_named_as_they_write(world: World) -> None:
    ministry, department, commune = (world.units[key] for key in ("bo-thu", "so-lam-khe", "nam-khoang"))
    assert first_letters.agency_name(ministry) == "Bộ Thử nghiệm"
    assert first_letters.superior_name(ministry) == ""
    assert first_letters.superior_name(department) == "Ủy ban nhân dân tỉnh Lam Khê"
    assert first_letters.agency_name(commune) == "Ủy ban nhân dân xã Nậm Khoang"
    assert first_letters.superior_name(commune) == ""
    committee = Unit(kind=UnitKind.OFFICE, name="Ủy ban nhân dân tỉnh Lam Khê", parent=world.units["lam-khe"])
    assert first_letters.agency_name(committee) == "Ủy ban nhân dân tỉnh Lam Khê"
    assert first_letters.superior_name(committee) == ""


def test_party_bodies_write_by_the_partys_own_form(open_event: Event, world: World) -> None:
    province = world.units["lam-khe"]
    board = Unit(
        key="btg", code="btg", kind=UnitKind.PARTY, name="Ban Tuyên giáo và Dân vận", name_en="x",
        short_name="Ban TG&DV", symbol="BTGTU", parent=province, path=f"{province.path}x/",
    )  # fmt: skip
    committee = Unit(kind=UnitKind.PARTY, name="Tỉnh uỷ Lam Khê", parent=province)
    local = Unit(kind=UnitKind.PARTY, name="Ban Xây dựng Đảng", parent=world.units["nam-khoang"])
    assert first_letters.superior_name(board) == "Tỉnh ủy Lam Khê"
    assert first_letters.superior_name(committee) == ""
    assert first_letters.superior_name(local) == "Đảng ủy xã Nậm Khoang"
    session().add(board)
    open_event.hosts = [EventHost(unit=board, role=HostRole.HOST)]
    session().flush()
    call, invitation = first(open_event, CALL, world), first(open_event, INVITATION, world)
    assert (call.symbol, invitation.symbol) == ("CV/BTGTU", "GM/BTGTU")
    assert letters.paper_of(open_event, call).head.party
    assert agenda_paper.paper_of(open_event).head.party


def test_the_two_parts_of_recipients_come_apart_as_they_went_together() -> None:
    for addressees, copies in (("A\nB", "Như trên\nLưu: VT"), ("", "Lưu"), ("A", ""), ("", "")):
        assert first_letters.parted(first_letters.joined(addressees, copies)) == (addressees, copies)


def test_a_symbol_is_suggested_without_accents(open_event: Event, world: World) -> None:
    world.units["lam-khe"].symbol = ""
    assert first(open_event, CALL, world).symbol == "UBND"
    assert first(open_event, INVITATION, world).symbol == "GM-UBND"
    assert first_letters._initials("Ủy ban Đối ngoại") == "UBĐN"
