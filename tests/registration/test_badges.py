"""Badges: eight to a page, the role in words, a code that a scanner reads."""

import dataclasses

import pytest
from hypothesis import given
from hypothesis import settings as hypothesis_settings

from lms.core.pdf import TextDoesNotFit
from lms.registration.badges import LEAST, ROLES, Badge, draw, words_of
from tests.printed import boxes, codes, flat, overlapping, page_texts, paper_sizes, texts_up_to, unembedded_faces

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


def test_a_ticket_longer_than_its_code_is_refused() -> None:
    with pytest.raises(TextDoesNotFit) as refusal:
        draw([USUAL, dataclasses.replace(USUAL, ticket="A" * 21)])
    assert refusal.value.field == "ticket"


def test_what_is_long_shrinks_before_it_is_cut() -> None:
    name = "Công Tằng Tôn Nữ Nguyễn Thị Hoàng Phương Khánh Công Tằng Tôn Nữ Nguyễn Thị Hoàng Phương"
    post = f"{LONGEST.post}, {LONGEST.post}, {LONGEST.post}"
    assert (len(name), len(post)) == (87, 223)
    text = flat(page_texts(draw([dataclasses.replace(USUAL, name=name, post=post)]))[0])
    assert name in text
    assert post in text
    assert "…" not in text


def test_what_no_size_can_hold_ends_in_an_ellipsis_and_no_smaller_than_the_least() -> None:
    badge = dataclasses.replace(USUAL, name="Hoàng " * 60, post="Trưởng " * 60, unit="Sở " * 90, event="Nghị " * 90)
    words = words_of(badge)
    for field, least in LEAST.items():
        setting = getattr(words, field)
        assert setting.size == least, field
        assert setting.lines[-1].endswith("…"), field


def test_a_letter_without_a_face_is_a_box_and_an_emoji_is_left_out() -> None:
    pdf = draw([dataclasses.replace(USUAL, name="Trần 王 🎉\ufe0f Văn", post="🎉", event="Hội nghị 👩‍🏫 tập huấn")])
    words = words_of(dataclasses.replace(USUAL, name="Trần 王 🎉\ufe0f Văn", post="🎉", event="Hội nghị 👩‍🏫 tập huấn"))
    assert words.name.lines == ("Trần □ Văn",)
    assert words.post.lines == ("□",)
    assert words.event.lines == ("Hội nghị tập huấn",)
    assert "Hội nghị tập huấn" in page_texts(pdf)[0]


def test_no_badges_is_no_file() -> None:
    with pytest.raises(ValueError, match="no badge"):
        draw([])


@given(name=texts_up_to(120, least=1), post=texts_up_to(400), unit=texts_up_to(300), event=texts_up_to(400))
@hypothesis_settings(deadline=None, max_examples=40)
def test_whatever_is_said_prints_and_nothing_leaves_its_badge(**parts: str) -> None:
    badge = dataclasses.replace(USUAL, **parts)
    pdf = draw([badge, USUAL])
    found = boxes(pdf)
    assert overlapping(found) == []
    assert all(box.left > 15.5 and box.right < 200 and 297 - 80.5 < box.bottom < box.top < 297 - 12.5 for box in found)
    own = [box for box in found if box.left < 105]
    assert all(box.right < 101 for box in own)
    beside = [box for box in own if box.left < 70 and box.top < 297 - 12.5 - 38.5]
    assert all(box.right < 70.5 for box in beside)  # clear of the code
    assert codes(pdf) == [USUAL.ticket.upper()] * 2
