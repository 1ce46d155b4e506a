"""The delegate list on paper: by unit, numbered through, with its heads repeated."""

import pytest
from hypothesis import Phase, given
from hypothesis import settings as hypothesis_settings

from lms.registration.list_pdf import DelegateList, DelegateRow, UnitGroup, draw, roman
from tests.printed import boxes, flat, overlapping, page_texts, paper_sizes, texts_up_to, unembedded_faces


def delegate_list(groups: list[UnitGroup], **changes: object) -> DelegateList:
    settings = {
        "agency": "Cục Thông tin cơ sở và Thông tin đối ngoại",
        "superior": "Bộ Minh Họa",
        "event": "Hội nghị tập huấn công tác thông tin đối ngoại và nhân quyền năm 2024",
        "when": "ngày 07 tháng 8 năm 2024, tỉnh Hòa Bình",
        **changes,
    }
    return DelegateList(groups=groups, **settings)


def groups(units: int, people: int) -> list[UnitGroup]:
    rows = [DelegateRow(f"Nguyễn Văn {chr(65 + n)}", "Phó Trưởng phòng", "0912 345 678") for n in range(people)]
    return [UnitGroup(f"Sở Ngoại vụ tỉnh thứ {number}", rows) for number in range(1, units + 1)]


def test_units_follow_each_other_and_numbers_run_on() -> None:
    pdf = draw(delegate_list(groups(2, 3)))
    assert paper_sizes(pdf) == [(210, 297)]
    assert unembedded_faces(pdf) == []
    (text,) = page_texts(pdf)
    lines = [line.strip() for line in text.splitlines()]
    assert "DANH SÁCH ĐẠI BIỂU" in lines
    assert lines.index("Sở Ngoại vụ tỉnh thứ 1") < lines.index("Sở Ngoại vụ tỉnh thứ 2")
    assert [line for line in lines if line.isdecimal()] == ["1", "2", "3", "4", "5", "6"]
    assert lines.count("3 người") == 2
    assert "Danh sách có 6 đại biểu của 2 đơn vị." in lines
    for english in ("List of delegates", "Full name", "Delegates:", "No."):
        assert english not in text


def test_every_page_has_its_head_number_and_unit() -> None:
    pdf = draw(delegate_list(groups(4, 30), specimen=True))
    texts = page_texts(pdf)
    assert len(texts) > 3
    for number, text in enumerate(texts, start=1):
        assert "Họ và tên" in text
        assert "MẪU · SPECIMEN" in text
        assert (flat(text).split()[0] == str(number)) == (number > 1)
        found = [box for box in boxes(pdf, number - 1) if box.bottom < 297 - 19]
        assert all(box.left >= 29.9 and box.right <= 195.1 for box in found if "MẪU" not in box.text)
    assert sum("tiếp theo" in text for text in texts) >= 2
    assert "Danh sách có 120 đại biểu của 4 đơn vị." in texts[-1]


def test_texts_stay_apart_on_every_page() -> None:
    long = DelegateRow(
        "Công Tằng Tôn Nữ Nguyễn Thị Hoàng Phương Khánh",
        "Phó Chủ tịch Ủy ban nhân dân tỉnh, Trưởng Ban Chỉ đạo Thông tin đối ngoại",
        "0912 345 678",
    )
    unit = "Phòng Thông tin đối ngoại và Hợp tác quốc tế, Sở Văn hóa, Thể thao và Du lịch thành phố Hồ Chí Minh"
    pdf = draw(delegate_list([UnitGroup(unit, [long, DelegateRow("Phạm S", "")] * 9)] * 4))
    for page in range(len(page_texts(pdf))):
        assert overlapping(boxes(pdf, page)) == []


def test_a_list_without_delegates_says_so() -> None:
    (text,) = page_texts(draw(delegate_list([])))
    assert "Chưa có đại biểu nào" in text
    assert "Danh sách có 0 đại biểu của 0 đơn vị." in text


def test_the_same_list_is_the_same_file() -> None:
    assert draw(delegate_list(groups(3, 20))) == draw(delegate_list(groups(3, 20)))


def test_one_group_bears_no_numeral_and_several_do() -> None:
    lines = [line.strip() for line in page_texts(draw(delegate_list(groups(1, 2))))[0].splitlines()]
    assert "I" not in lines
    lines = [line.strip() for line in page_texts(draw(delegate_list(groups(2, 2))))[0].splitlines()]
    assert {"I", "II"} <= set(lines)


@given(name=texts_up_to(120, least=1), post=texts_up_to(400), unit=texts_up_to(300), event=texts_up_to(400, least=1))
@hypothesis_settings(deadline=None, max_examples=20, phases=[Phase.explicit, Phase.generate])
def test_whatever_is_said_prints_within_the_margins(name: str, post: str, unit: str, event: str) -> None:
    rows = [DelegateRow(name, post, "0912 345 678"), DelegateRow("Phạm S", "")]
    pdf = draw(delegate_list([UnitGroup(unit, rows)] * 2, event=event))
    for page in range(len(page_texts(pdf))):
        found = boxes(pdf, page)
        assert overlapping(found) == []
        assert all(box.left >= 29.9 and box.right <= 195.1 and box.bottom >= 19.5 for box in found)


def test_roman_numerals() -> None:
    assert [roman(number) for number in (1, 4, 9, 14, 34, 63, 1994)] == [
        *("I", "IV", "IX", "XIV", "XXXIV", "LXIII", "MCMXCIV")
    ]
    with pytest.raises(ValueError, match="begin at 1"):
        roman(0)
