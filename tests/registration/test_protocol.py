"""The order of precedence proposed from posts, and the organizer's own places."""

from types import SimpleNamespace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lms.registration import protocol
from lms.registration.protocol import in_order, label_of, rank_of

FROM_THE_HIGHEST = [
    ("Ủy viên Bộ Chính trị, Bí thư Thành ủy", ""),
    ("Bộ trưởng", "Bộ Minh Họa"),
    ("Trưởng Ban Tuyên giáo và Dân vận Trung ương", ""),
    ("Bí thư Tỉnh ủy", "Tỉnh Lam Khê"),
    ("Thứ trưởng Thường trực", "Bộ Minh Họa"),
    ("Phó Trưởng Ban Tuyên giáo Trung ương", ""),
    ("Trưởng ban", ""),
    ("Phó Trưởng ban", ""),
    ("Chủ tịch UBND tỉnh", "Tỉnh Lam Khê"),
    ("Phó Chủ tịch HĐND", "Tỉnh Lam Khê"),
    ("Bí thư Đảng ủy", "Bộ Minh Họa"),
    ("Giám đốc", "Sở Ngoại vụ tỉnh Lam Khê"),
    ("Phó Giám đốc", "Sở Ngoại vụ tỉnh Lam Khê"),
    ("Cục trưởng", "Cục Minh Họa"),
    ("Phó Vụ trưởng", "Vụ Minh Họa"),
    ("Chủ tịch UBND", "Xã Nậm Khoang"),
    ("Phó Chủ tịch UBND xã", "Xã Nậm Khoang"),
    ("Trưởng phòng", "Sở Ngoại vụ"),
    ("Phó Trưởng phòng", "Sở Ngoại vụ"),
    ("Chuyên viên cao cấp", ""),
    ("Chuyên viên chính", ""),
    ("Chuyên viên", ""),
    ("Lái xe", ""),
]


def line(number: int, name: str, post: str, unit: str = "") -> SimpleNamespace:
    return SimpleNamespace(id=number, full_name=name, post=post, unit_name=unit)


def test_posts_follow_each_other_from_the_highest() -> None:
    ranks = [rank_of(post, unit) for post, unit in FROM_THE_HIGHEST]
    assert ranks == sorted(set(ranks))


@pytest.mark.parametrize(
    ("post", "same"),
    [
        ("PGĐ Sở", "Phó Giám đốc"),
        ("P. Trưởng phòng", "Phó Trưởng phòng"),
        ("Vụ phó", "Phó Vụ trưởng"),
        ("Phó Trưởng Vụ trưởng", "Phó Vụ trưởng"),
        ("Quyền Giám đốc", "Giám đốc"),
        ("PGS.TS. Thứ trưởng", "Thứ trưởng"),
        ("uỷ viên Bộ Chính trị", "Ủy viên Bộ Chính trị"),
        ("Phó Bí thư Thường trực Tỉnh ủy, Chủ tịch HĐND tỉnh, Trưởng BCĐ TTĐN tỉnh", "Chủ tịch UBND tỉnh"),
        ("Trưởng Ban Tuyên giáo Tỉnh ủy", "Giám đốc Sở"),
        ("Chuyên viên kiêm Phó Trưởng phòng", "Phó Trưởng phòng"),
        ("Thư ký Bộ trưởng", "Lái xe"),
        ("Công chức văn hóa – xã hội", "Chuyên viên"),
        ("", "Lái xe"),
    ],
)
def test_a_post_counts_by_its_highest_part_however_it_is_written(post: str, same: str) -> None:
    assert rank_of(post) == rank_of(same)


def test_the_level_is_taken_from_the_post_or_else_from_the_unit() -> None:
    assert rank_of("Chủ tịch UBND xã") == rank_of("Chủ tịch", "Phường Minh Họa") > rank_of("Chủ tịch", "Tỉnh Lam Khê")
    assert rank_of("Phó Giám đốc Thông tấn xã") == rank_of("Phó Giám đốc")


def test_ties_go_by_name_and_the_organizer_has_the_last_word() -> None:
    lines = [
        line(1, "Phạm S", "Chuyên viên"),
        line(2, "Vàng A Chứ", "Chuyên viên"),
        line(3, "Đặng Văn Đức", "Giám đốc", "Sở Ngoại vụ"),
        line(4, "A", ""),
    ]
    assert [one.id for one in in_order(lines, {})] == [3, 2, 1, 4]
    assert [one.id for one in in_order(lines, {4: 1})] == [4, 3, 2, 1]
    director = rank_of("Giám đốc", "Sở Ngoại vụ")
    assert [one.id for one in in_order(lines, {1: director})] == [1, 3, 2, 4]
    assert [one.id for one in in_order(lines, {1: director + 1})] == [3, 1, 2, 4]


def test_every_place_has_a_name() -> None:
    assert label_of(rank_of("Giám đốc")) == "Giám đốc"
    assert label_of(1) == "Ủy viên Bộ Chính trị"
    assert label_of(999) == "Chức vụ khác"
    assert len({step.label for step in protocol.STEPS}) == len(protocol.STEPS)


@given(st.text(max_size=60), st.text(max_size=30))
def test_any_text_has_a_place(post: str, unit: str) -> None:
    assert 10 <= rank_of(post, unit) <= 10 * len(protocol.STEPS)


def test_heads_of_mass_bodies_and_service_units_of_a_commune_stand_below_its_deputy_chairs() -> None:
    unit = "Xã Nậm Khoang"
    deputy = protocol.rank_of("Phó Chủ tịch UBND", unit)
    for post in ("Bí thư Đoàn Thanh niên", "Giám đốc Trung tâm Phục vụ hành chính công", "Chủ tịch Hội Nông dân"):
        assert protocol.rank_of(post, unit) > deputy, post
    for post in ("Bí thư Đảng ủy", "Chủ tịch Hội đồng nhân dân", "Chủ tịch UBND"):
        assert protocol.rank_of(post, unit) < deputy, post
