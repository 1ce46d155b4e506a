"""Sign-in sheets: sixteen rows a page, totals and signature once, at the end."""

import dataclasses

import pytest
from hypothesis import given
from hypothesis import settings as hypothesis_settings

from lms.attendance.sheets import SignInRow, SignInSheet, draw
from lms.core.pdf import TextDoesNotFit
from tests.printed import boxes, codes, flat, overlapping, page_texts, paper_sizes, texts_up_to, unembedded_faces

PEOPLE = [
    ("Đặng Văn Đức", "Phó Giám đốc", "Sở Ngoại vụ tỉnh Minh Họa"),
    ("Phạm S", "Phó Chủ tịch", "UBND tỉnh Minh Họa"),
    (
        "Công Tằng Tôn Nữ Nguyễn Thị Hoàng Phương Khánh",
        "Phó Trưởng phòng Thông tin đối ngoại",
        "Sở Văn hóa, Thể thao và Du lịch thành phố Hồ Chí Minh",
    ),
    ("Vàng A Chứ", "", "Văn phòng Ban Chỉ đạo công tác Thông tin đối ngoại tỉnh Minh Họa"),
]


def sheet(count: int, **changes: object) -> SignInSheet:
    rows = [SignInRow(f"HB24-7K4M9Q{number:03}", *PEOPLE[number % len(PEOPLE)]) for number in range(count)]
    settings = {
        "agency": "Cục Thông tin cơ sở và Thông tin đối ngoại",
        "superior": "Bộ Minh Họa",
        "event": "Hội nghị tập huấn công tác thông tin đối ngoại và nhân quyền năm 2024",
        "session": "Buổi sáng, ngày 07 tháng 8 năm 2024, hội trường tỉnh Hòa Bình",
        **changes,
    }
    return SignInSheet(rows=rows, **settings)


@pytest.mark.parametrize(
    ("count", "rows_on_pages"),
    [(1, [1]), (12, [12]), (16, [12, 4]), (17, [16, 1]), (61, [16, 16, 16, 13]), (64, [16, 16, 16, 16])],
)
def test_rows_fill_the_pages(count: int, rows_on_pages: list[int]) -> None:
    pdf = draw(sheet(count))
    texts = page_texts(pdf)
    assert paper_sizes(pdf) == [(210, 297)] * len(rows_on_pages)
    assert unembedded_faces(pdf) == []
    counted = []
    for page, text in enumerate(texts, start=1):
        assert f"tờ {page}/{len(texts)}" in text
        assert "Họ và tên" in text
        assert "Ký tên" in text
        assert "Buổi sáng, ngày 07 tháng 8 năm 2024" in flat(text)
        counted.append(sum(text.count(name) for name in ("Đặng Văn Đức", "Phạm S", "Hoàng Phương Khánh", "Vàng A Chứ")))
    assert counted == rows_on_pages
    assert [page for page, text in enumerate(texts) if "NGƯỜI PHỤ TRÁCH ĐIỂM DANH" in text] == [len(texts) - 1]
    assert f"Danh sách có {count} người." in texts[-1]


def test_pages_after_the_first_are_numbered_in_the_top_margin() -> None:
    pdf = draw(sheet(40))
    for page in (1, 2):
        top = max(boxes(pdf, page), key=lambda box: box.top)
        assert top.text == str(page + 1)
        assert abs((top.left + top.right) / 2 - 105) < 0.5
        assert 297 - top.top < 20
    assert max(box.top for box in boxes(pdf, 0)) < 297 - 20


@pytest.mark.parametrize("count", [0, 13, 16, 64])
def test_texts_stay_apart_within_the_margins(count: int) -> None:
    pdf = draw(sheet(count))
    for page in range(len(page_texts(pdf))):
        found = boxes(pdf, page)
        assert overlapping(found) == []
        assert all(box.left >= 29.9 and box.right <= 195.1 and box.bottom >= 20 for box in found)


@pytest.mark.parametrize("count", [9, 13, 15, 16, 30, 64])
def test_long_headings_take_rows_from_a_page_not_from_its_margin(count: int) -> None:
    pdf = draw(
        sheet(
            count,
            superior="Ban Chỉ đạo công tác thông tin đối ngoại tỉnh Minh Họa",
            event="Hội nghị tập huấn truyền thông quảng bá hình ảnh Việt Nam, góp phần nâng cao chất lượng, "
            "hiệu quả công tác thông tin đối ngoại trong tình hình mới",
        )
    )
    texts = page_texts(pdf)
    for page in range(len(texts)):
        found = boxes(pdf, page)
        assert overlapping(found) == []
        assert all(box.bottom >= 20 for box in found)
        assert sum(len(box.text) > 1 for box in found) > 4
    assert f"Danh sách có {count} người." in texts[-1]
    assert "Họ và tên" in texts[-1]


def test_every_row_can_be_scanned() -> None:
    pdf = draw(sheet(17, specimen=True))
    assert codes(pdf, scale=4) == [f"HB24-7K4M9Q{number:03}" for number in range(16)]
    assert all("MẪU · SPECIMEN" in text for text in page_texts(pdf))


def test_an_empty_sheet_is_still_a_sheet() -> None:
    (text,) = page_texts(draw(sheet(0)))
    assert "DANH SÁCH ĐIỂM DANH" in text
    assert "Chưa có người nào trong danh sách · No one is on the list yet" in text
    assert "tờ 1/1" in text
    assert "NGƯỜI PHỤ TRÁCH ĐIỂM DANH" in text
    assert "SPECIMEN" not in text


def test_the_same_sheet_is_the_same_file() -> None:
    assert draw(sheet(20)) == draw(sheet(20))


def test_a_ticket_longer_than_its_code_is_refused() -> None:
    usual = sheet(1)
    with pytest.raises(TextDoesNotFit) as refusal:
        draw(dataclasses.replace(usual, rows=[dataclasses.replace(usual.rows[0], ticket="A" * 21)]))
    assert refusal.value.field == "ticket"


def test_a_long_post_prints_whole_and_an_endless_one_ends_in_an_ellipsis() -> None:
    post = "Phó Chủ tịch Ủy ban nhân dân tỉnh, Trưởng Ban Chỉ đạo Thông tin đối ngoại, kiêm Trưởng Ban Đối ngoại tỉnh"
    name = "Công Tằng Tôn Nữ Nguyễn Thị Hoàng Phương Khánh Công Tằng Tôn Nữ Nguyễn Thị Hoàng Phương"
    usual = sheet(2)
    row = dataclasses.replace(usual.rows[0], name=name, post=post)
    text = flat(page_texts(draw(dataclasses.replace(usual, rows=[row, usual.rows[1]])))[0])
    assert name in text
    assert post in text
    row = dataclasses.replace(row, post="Trưởng phòng " * 31, unit="Sở Ngoại vụ " * 25)
    text = flat(page_texts(draw(dataclasses.replace(usual, rows=[row, usual.rows[1]])))[0])
    assert text.count("…,") == 0
    assert text.count("…") - text.count("………") * 3 == 2
    assert "Phạm S" in text


@given(
    name=texts_up_to(120, least=1), post=texts_up_to(400), unit=texts_up_to(300), event=texts_up_to(400),
    place=texts_up_to(300), agency=texts_up_to(200), superior=texts_up_to(200),
)  # fmt: skip
@hypothesis_settings(deadline=None, max_examples=30)
def test_whatever_is_said_prints_and_nothing_leaves_its_box(
    name: str, post: str, unit: str, event: str, place: str, agency: str, superior: str
) -> None:
    rows = [SignInRow(f"HB24-7K4M9Q{number:03}", name, post, unit) for number in range(17)]
    pdf = draw(SignInSheet(agency, event, f"Buổi sáng, tại {place}", rows, superior))
    for page, text in enumerate(page_texts(pdf)):
        found = boxes(pdf, page)
        assert overlapping(found) == []
        assert all(box.left >= 29.9 and box.right <= 195.1 and box.bottom >= 20 for box in found)
        head = max(box.bottom for box in found if box.text == "Họ và tên")
        numbers = [box for box in found if box.right < 40 and box.top < head and box.text.isdecimal()]
        rows_at = [(box.bottom + box.top) / 2 for box in numbers]
        for box in found:
            if 56 < box.left < 161 and rows_at and min(rows_at) - 6.3 < box.bottom and box.top < max(rows_at) + 6.3:
                assert box.right < (101 if box.left < 101 else 161)
                assert any(y - 6.4 < box.bottom and box.top < y + 6.4 for y in rows_at), box
        assert "Họ và tên" in text
    assert "Danh sách có 17 người." in page_texts(pdf)[-1]
