"""Badges: eight to a page, the role in words, a code that a scanner reads."""

import dataclasses

import pytest
from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from lms.core.pdf import TextDoesNotFit
from lms.registration.badges import ROLES, Badge, draw
from tests.printed import boxes, codes, drawn_or_refused, flat, overlapping, page_texts, paper_sizes, unembedded_faces

USUAL = Badge(
    name="Đặng Văn Đức",
    post="Phó Giám đốc",
    unit="Sở Ngoại vụ tỉnh Minh Họa",
    role="delegate",
    ticket="hb24-7k4m9qxz",
    event="Hội nghị tập huấn TTĐN, 07/8/2024",
)
LONGEST = dataclasses.replace(
    USUAL,
    name="Công Tằng Tôn Nữ Nguyễn Thị Hoàng Phương Khánh",
    post="Phó Chủ tịch Ủy ban nhân dân tỉnh, Trưởng Ban Chỉ đạo Thông tin đối ngoại",
    unit="Sở Văn hóa, Thể thao và Du lịch thành phố Hồ Chí Minh",
    event="Hội nghị tập huấn truyền thông quảng bá hình ảnh Việt Nam, 06/6/2024",
)


LONG_TITLE = (
    "Hội nghị tập huấn truyền thông quảng bá hình ảnh Việt Nam, góp phần nâng cao chất lượng hiệu quả công tác "
    "thông tin đối ngoại trong tình hình mới"
)


def numbered(count: int, badge: Badge = USUAL) -> list[Badge]:
    return [dataclasses.replace(badge, ticket=f"HB24-7K4M9QX{number:02}") for number in range(count)]


def test_eight_badges_fill_a_page_and_the_ninth_begins_another() -> None:
    pdf = draw(numbered(9))
    assert paper_sizes(pdf) == [(210, 297)] * 2
    assert unembedded_faces(pdf) == []
    first, second = page_texts(pdf)
    assert first.count("Đặng Văn Đức") == 8
    assert second.count("Đặng Văn Đức") == 1
    assert codes(pdf) == [f"HB24-7K4M9QX{number:02}" for number in range(8)]
    assert codes(pdf, page=1) == ["HB24-7K4M9QX08"]


@pytest.mark.parametrize(
    "badge",
    [
        USUAL,
        LONGEST,
        dataclasses.replace(USUAL, name="Phạm S", post=""),
        dataclasses.replace(USUAL, event=LONG_TITLE),
        dataclasses.replace(LONGEST, event=LONG_TITLE),
    ],
)
def test_a_badge_says_everything_and_nothing_runs_into_another(badge: Badge) -> None:
    pdf = draw([badge])
    (text,) = page_texts(pdf)
    for words in (badge.name, badge.post, badge.unit, badge.event, badge.ticket.upper(), "ĐẠI BIỂU", "Delegate"):
        assert words in flat(text)
    found = boxes(pdf)
    assert overlapping(found) == []
    assert all(box.left > 10 and box.right < 105 and box.bottom > 297 - 80.5 for box in found)


def test_each_role_is_named_in_both_languages() -> None:
    assert set(ROLES) == {"delegate", "speaker", "guest", "press", "organizer"}
    text = page_texts(draw([dataclasses.replace(USUAL, role=role) for role in ROLES]))[0]
    for words, english, _ in ROLES.values():
        assert words in text
        assert english in text


def test_a_specimen_says_so_and_still_scans() -> None:
    pdf = draw(numbered(8, dataclasses.replace(LONGEST, specimen=True)))
    assert page_texts(pdf)[0].count("MẪU · SPECIMEN") == 8
    assert len(codes(pdf)) == 8
    assert "SPECIMEN" not in page_texts(draw([USUAL]))[0]


def test_the_same_badges_are_the_same_file() -> None:
    assert draw(numbered(3)) == draw(numbered(3))


@pytest.mark.parametrize(
    ("field", "text"),
    [("name", "Trần 王"), ("name", "Công Tằng Tôn Nữ " * 6), ("unit", "Sở Ngoại vụ " * 20), ("ticket", "A" * 21)],
)
def test_what_does_not_fit_is_refused_by_its_field(field: str, text: str) -> None:
    with pytest.raises(TextDoesNotFit) as refusal:
        draw([USUAL, dataclasses.replace(USUAL, **{field: text})])
    assert refusal.value.field == field


def test_no_badges_is_no_file() -> None:
    with pytest.raises(ValueError, match="no badge"):
        draw([])


texts = st.lists(st.sampled_from(["Sở", "Ngoại", "vụ", "Nguyễn", "Phương", "thông", "tin", "Ủy", "ban"]), max_size=18)


@given(name=texts.filter(bool), post=texts, unit=texts)
@hypothesis_settings(deadline=None, max_examples=40)
def test_whatever_is_drawn_stays_apart(**parts: list[str]) -> None:
    badge = dataclasses.replace(USUAL, **{field: " ".join(words) for field, words in parts.items()})
    pdf = drawn_or_refused(lambda: draw([badge]))
    if isinstance(pdf, TextDoesNotFit):
        assert pdf.field in parts
        return
    assert overlapping(boxes(pdf)) == []
    assert codes(pdf) == [USUAL.ticket.upper()]
