"""Official papers in PDF, measured: margins, sizes, faces, rules, page numbers, what stays together."""

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from lms.core import clock
from lms.core.letterhead import MOTTO, NATION, PARTY
from lms.core.pdf import TextDoesNotFit
from lms.paperwork import layout
from lms.paperwork.layout import Head, Paper, Row, Signature, Table
from lms.paperwork.layout_pdf import draw
from tests.paperwork.papers import CALL, HEAD, INVITATION, PARAGRAPH, PARTY_CALL, PARTY_INVITATION, SIGNATURE, quotas
from tests.printed import Box, boxes, drawn_or_refused, flat, overlapping, page_texts, paper_sizes, rules, set_in
from tests.printed import unembedded_faces as unembedded

REGULAR, BOLD, ITALIC = "Tinos-Regular", "Tinos-Bold", "Tinos-Italic"
LONGEST = (
    "Trung tâm Bồi dưỡng nghiệp vụ và Hợp tác quốc tế về Thông tin đối ngoại khu vực miền núi, biên giới và đồng bào "
    "dân tộc thiểu số phía Bắc"
)


def the(found: list[Box], words: str) -> Box:
    (one,) = [box for box in found if words in box.text]
    return one


def middle(box: Box) -> float:
    return (box.left + box.right) / 2


def test_paper_margins_and_faces() -> None:
    pdf = draw([CALL])
    assert set(paper_sizes(pdf)) == {(210, 297)}
    assert unembedded(pdf) == []
    for page in range(len(page_texts(pdf))):
        found = [box for box in boxes(pdf, page) if box.top < 297 - 19]
        assert min(box.left for box in found) >= 29.9
        assert max(box.right for box in found) <= 195.2
        assert min(box.bottom for box in found) >= 19.9
        assert max(box.top for box in found) <= 277.1


def test_the_head_is_set_as_the_decree_says() -> None:
    pdf = draw([CALL])
    assert set_in(pdf, NATION) == {(BOLD, 12.0)}
    assert set_in(pdf, MOTTO) == {(BOLD, 13.0)}
    assert set_in(pdf, "BỘ VĂN HÓA") == {(REGULAR, 12.0)}
    assert set_in(pdf, "CỤC THÔNG TIN") == {(BOLD, 12.0)}
    assert set_in(pdf, "Số: 07/TTCSTTĐN-TTĐN") == {(REGULAR, 13.0)}
    assert set_in(pdf, "Hòa Bình, ngày 05 tháng 02 năm 2024") == {(ITALIC, 13.0)}
    assert set_in(pdf, "V/v cử đại biểu") == {(REGULAR, 12.0)}
    assert set_in(pdf, "Thực hiện Kế hoạch") == {(REGULAR, 14.0)}
    found = boxes(pdf)
    nation, motto, day = the(found, NATION), the(found, MOTTO), the(found, "Hòa Bình, ngày")
    assert middle(nation) == pytest.approx(middle(motto), abs=0.3) == pytest.approx(middle(day), abs=0.5)
    assert nation.left > 105
    assert nation.bottom > motto.bottom > day.bottom


def test_the_rules_have_the_length_of_their_text() -> None:
    pdf = draw([CALL])
    found, (motto_rule, agency_rule) = boxes(pdf), rules(pdf)
    motto = the(found, MOTTO)
    assert motto_rule[2] - motto_rule[0] == pytest.approx(motto.right - motto.left, abs=1)
    assert (motto_rule[0] + motto_rule[2]) / 2 == pytest.approx(middle(motto), abs=0.3)
    agency = the(found, "VÀ THÔNG TIN ĐỐI NGOẠI")
    share = (agency_rule[2] - agency_rule[0]) / (agency.right - agency.left)
    assert 1 / 3 <= share <= 1 / 2
    assert (agency_rule[0] + agency_rule[2]) / 2 == pytest.approx(middle(agency), abs=0.3)
    assert agency_rule[3] < agency.bottom + 0.3


def test_a_party_body_writes_under_the_partys_head() -> None:
    pdf = draw([PARTY_INVITATION])
    words = flat(page_texts(pdf)[0])
    assert NATION not in words
    assert MOTTO not in words
    assert set_in(pdf, PARTY) == {(BOLD, 15.0)}
    assert set_in(pdf, "TỈNH ỦY LAM KHÊ") == {(REGULAR, 14.0)}
    assert set_in(pdf, "BAN TUYÊN GIÁO") == {(BOLD, 14.0)}
    assert set_in(pdf, "Số 12-GM/BTGTU") == {(REGULAR, 14.0)}
    assert set_in(pdf, "Lam Khê, ngày 07 tháng 8 năm 2026") == {(ITALIC, 14.0)}
    found = boxes(pdf)
    party, day, number = the(found, PARTY), the(found, "Lam Khê, ngày"), the(found, "Số 12-GM")
    superior, agency = the(found, "TỈNH ỦY LAM KHÊ"), the(found, "DÂN VẬN")
    (star,) = [box for box in found if box.text.strip() == "*"]
    (beside, *_title) = rules(pdf)
    assert beside[2] - beside[0] == pytest.approx(party.right - party.left, abs=1)
    assert (beside[0] + beside[2]) / 2 == pytest.approx(middle(party), abs=0.3) == pytest.approx(middle(day), abs=0.5)
    assert party.bottom > beside[1] > day.top
    assert not [line for line in rules(pdf) if line[0] < 100 and line[1] > number.top]
    assert superior.bottom > agency.bottom > star.bottom >= number.top - 0.5
    assert middle(star) == pytest.approx(middle(agency), abs=0.5) == pytest.approx(middle(superior), abs=0.5)
    assert middle(number) == pytest.approx(middle(star), abs=0.5)
    assert overlapping(found) == []
    assert "Số 07-CV/BTGTU" in flat(page_texts(draw([PARTY_CALL]))[0])


def test_text_is_justified_with_a_first_indent_and_space_between_paragraphs() -> None:
    pdf = draw([CALL])
    found = sorted((box for box in boxes(pdf) if box.bottom < 210), key=lambda box: -box.bottom)
    first = the(found, "Thực hiện Kế hoạch") if sum("Thực hiện" in box.text for box in found) == 1 else found[
        next(number for number, box in enumerate(found) if "Thực hiện" in box.text)
    ]  # fmt: skip
    second = found[found.index(first) + 1]
    assert first.left == pytest.approx(30 + 12.7, abs=0.4)
    assert second.left == pytest.approx(30, abs=0.4)
    assert first.right == pytest.approx(195, abs=0.6)
    assert second.right == pytest.approx(195, abs=0.6)
    time = the(found, "1. Thời gian")
    above = found[found.index(time) - 1]
    line = first.bottom - second.bottom
    assert above.bottom - time.bottom == pytest.approx(line + 6 / 72 * 25.4, abs=0.7)
    assert 14 * 1.15 <= line / 25.4 * 72 <= 14 * 1.15 * 1.5 + 1


def test_a_named_paper_bears_its_kind_and_summary_in_the_middle() -> None:
    pdf = draw([INVITATION])
    assert set_in(pdf, "GIẤY MỜI") == {(BOLD, 14.0)}
    assert set_in(pdf, "Dự Hội nghị") == {(BOLD, 14.0)}
    found = boxes(pdf)
    title, summary = the(found, "GIẤY MỜI"), the(found, "Dự Hội nghị tập huấn")
    assert middle(title) == pytest.approx(112.5, abs=0.5)
    assert middle(summary) == pytest.approx(112.5, abs=0.5)
    under = rules(pdf)[-1]
    assert 1 / 3 <= (under[2] - under[0]) / (summary.right - summary.left) <= 1 / 2
    text = page_texts(pdf)[0]
    assert "V/v" not in text
    assert "Kính gửi: đồng chí Phạm S" in flat(text)
    assert flat("Số:      /GM-SNgV") in flat(text)
    assert "Hòa Bình, ngày tháng năm" in flat(text)


def test_recipients_stand_left_of_the_signature() -> None:
    pdf = draw([CALL])
    assert set_in(pdf, "Nơi nhận:") == {("Tinos-BoldItalic", 12.0)}
    assert set_in(pdf, "- Lưu: VT, TTĐN (05).") == {(REGULAR, 11.0)}
    assert set_in(pdf, "TL. BỘ TRƯỞNG") == {(BOLD, 14.0)}
    assert set_in(pdf, "Người Ký Mẫu") == {(BOLD, 14.0)}
    text = page_texts(pdf)[0]
    for line in ("- Như trên;", "- Bộ trưởng (để báo cáo);", "- Ủy ban nhân dân tỉnh Lam Khê;", "- Sở Ngoại vụ."):
        assert line in text
    found = boxes(pdf)
    label, authority = the(found, "Nơi nhận:"), the(found, "TL. BỘ TRƯỞNG")
    assert label.left == pytest.approx(30, abs=0.4)
    assert label.bottom == pytest.approx(authority.bottom, abs=1.5)
    assert authority.left > 112
    colon = the(found, "Kính gửi:")
    assert the(found, "- Sở Ngoại vụ.").left == pytest.approx(colon.right, abs=1.5)


def test_pages_are_numbered_in_the_top_margin_and_an_appendix_anew() -> None:
    pdf = draw([replace(CALL, blocks=(PARAGRAPH,) * 12)])
    texts = page_texts(pdf)
    first_words = [flat(text).split()[0] for text in texts]
    assert first_words == ["CỘNG", "2", "Phụ", "2", "3"]
    for page in (1, 3, 4):
        number = max(boxes(pdf, page), key=lambda box: box.top)
        assert number.text in {"2", "3"}
        assert middle(number) == pytest.approx(105, abs=0.3)
        assert 297 - 20 < number.bottom < number.top < 297 - 8
        assert set_in(pdf, number.text, page) == {(REGULAR, 13.0)}


def test_a_long_quota_table_repeats_its_head_and_ends_with_the_total() -> None:
    texts = page_texts(draw([CALL]))[1:]
    assert len(texts) == 3
    assert "PHÂN BỔ CHỈ TIÊU" in texts[0]
    assert "(Kèm theo Công văn số 07/TTCSTTĐN-TTĐN ngày 05 tháng 02 năm 2024 của Cục" in flat(texts[0])
    assert all("Cơ quan, đơn vị" in text and "Số đại biểu" in text for text in texts)
    assert "Tổng cộng" in texts[-1]
    assert "315" in texts[-1]
    assert [n for n in range(1, 64) if not any(f"tỉnh thứ {n}\n" in text for text in texts)] == []


def test_the_total_never_stands_alone_on_a_page() -> None:
    for units in range(24, 34):
        *_, last = page_texts(draw([replace(CALL, appendices=(replace(CALL.appendices[0], blocks=(quotas(units),)),))]))
        assert f"tỉnh thứ {units}" in last, units


def test_the_signature_never_stands_alone_on_a_page() -> None:
    for paragraphs in range(1, 14):
        texts = page_texts(draw([replace(CALL, blocks=(PARAGRAPH,) * paragraphs, appendices=())]))
        assert "Người Ký Mẫu" in texts[-1]
        assert "đúng thành phần." in flat(texts[-1]), paragraphs


def test_the_longest_names_are_broken_not_shrunk() -> None:
    head = replace(HEAD, agency=LONGEST, superior=LONGEST)
    paper = replace(INVITATION, head=head, addressees=(f"đồng chí Phạm S, {LONGEST}",), signature=replace(
        SIGNATURE, post="Phó Giám đốc phụ trách Trung tâm Bồi dưỡng nghiệp vụ và Hợp tác quốc tế"))  # fmt: skip
    pdf = draw([paper])
    assert set_in(pdf, "TRUNG TÂM BỒI DƯỠNG") == {(REGULAR, 12.0)}
    assert overlapping(boxes(pdf)) == []
    assert len(page_texts(pdf)) == 1


def test_a_specimen_says_so_on_every_page() -> None:
    pdf = draw([replace(CALL, specimen=True), INVITATION])
    assert ["MẪU · SPECIMEN" in text for text in page_texts(pdf)] == [True] * 4 + [False]


def test_several_papers_share_a_file_and_each_begins_at_its_first_page() -> None:
    papers = [replace(INVITATION, addressees=(f"đồng chí {name}",)) for name in ("Phạm S", "A", "Vàng A Chứ")]
    texts = page_texts(draw(papers))
    assert len(texts) == 3
    assert [flat(text).split()[0] for text in texts] == ["CỘNG"] * 3
    assert "Kính gửi: đồng chí A" in flat(texts[1])
    assert draw(papers) == draw(papers)
    with pytest.raises(ValueError, match="no paper"):
        draw([])


def test_an_empty_table_says_so() -> None:
    table = replace(quotas(1), rows=(), empty="Chưa phân bổ chỉ tiêu")
    assert "Chưa phân bổ chỉ tiêu" in page_texts(draw([replace(INVITATION, blocks=(table,))]))[0]


@pytest.mark.parametrize(
    ("field", "paper"),
    [
        ("symbol", replace(INVITATION, head=replace(HEAD, symbol="X" * 60))),
    ],
)
def test_what_does_not_fit_is_refused_by_its_field(field: str, paper: Paper) -> None:
    with pytest.raises(TextDoesNotFit) as refusal:
        draw([paper])
    assert refusal.value.field == field


def test_no_heading_and_no_row_stops_the_print() -> None:
    table = Table(quotas(1).columns, (Row(("1", "b" * 90, "5")), Row(("2", "Sở 王 🎉", "5"))))
    for title in ("", "Chương trình"):
        head = replace(HEAD, agency="Sở 王", superior="🎉")
        pdf = draw(
            [
                replace(
                    INVITATION, head=head, title=title, summary="Hội nghị 🎉 " * 300, blocks=("王" + "a" * 120, table)
                )
            ]
        )
        text = "".join("".join(page.split()) for page in page_texts(pdf))
        assert "b" * 90 in text
        assert "…" in text


def test_numbers_and_days_bear_their_leading_zeros() -> None:
    head = Head("Sở", number=7, symbol="GM-S", place="Lam Khê", issued_on=date(2024, 1, 9))
    assert layout.number_line(head) == "Số: 07/GM-S"
    assert layout.number_line(replace(head, number=10)) == "Số: 10/GM-S"
    assert layout.number_line(replace(head, number=None)).replace("\u00a0", " ") == "Số:      /GM-S"
    assert layout.place_and_date(head) == "Lam Khê, ngày 09 tháng 01 năm 2024"
    assert layout.long_day(date(2024, 2, 10)) == "ngày 10 tháng 02 năm 2024"
    assert layout.long_day(date(2024, 3, 9)) == "ngày 09 tháng 3 năm 2024"
    assert clock.short_day(date(2024, 12, 1)) == "01/12/2024"
    assert layout.regarding(" V/v họp ") == "V/v họp"
    assert layout.listed(("- Như trên;", "", "Lưu: VT.")) == ("- Như trên;", "- Lưu: VT.")
    assert layout.listed(()) == ()


texts = st.lists(
    st.sampled_from(["Sở", "Ngoại", "vụ", "ngày", "07/8/2024", "Phương", "Ủy", "ban", "y", "đơn vị"]),
    min_size=1,
    max_size=160,
).map(" ".join)


@given(
    body=st.lists(texts, min_size=1, max_size=12), agency=texts, summary=texts, title=st.sampled_from(["", "Giấy mời"])
)
@hypothesis_settings(deadline=None, max_examples=25)
def test_whatever_is_drawn_stays_apart_and_in_the_margins(
    body: list[str], agency: str, summary: str, title: str
) -> None:
    paper = Paper(
        replace(HEAD, agency=agency), summary, title, blocks=tuple(body), signature=Signature("Giám đốc", "A")
    )
    pdf = drawn_or_refused(lambda: draw([paper]))
    if isinstance(pdf, TextDoesNotFit):
        assert pdf.field in {"agency", "summary"}
        return
    for page in range(len(page_texts(pdf))):
        found = boxes(pdf, page)
        assert overlapping(found) == []
        assert all(box.left > 29.8 and box.right < 195.3 and box.bottom > 19.5 for box in found)
