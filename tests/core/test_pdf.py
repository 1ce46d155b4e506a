"""Faces, the setting of text, sheets and documents."""

import datetime
import io
import threading
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pypdf import PdfReader

from lms.core.letterhead import agency_block, national_heading, page_number, specimen_mark
from lms.core.pdf import A4_LANDSCAPE, A4_PORTRAIT, Document, Sheet, TextDoesNotFit, Typeface, fit
from lms.core.typefaces import face_for, load, text_width
from tests.printed import boxes, codes, drawn_or_refused, flat, overlapping, page_texts, paper_sizes, unembedded_faces

VOWELS = [
    unicodedata.normalize("NFC", vowel + tone)
    for vowel in "aăâeêioôơuưy"
    for tone in ("", "\u0300", "\u0301", "\u0303", "\u0309", "\u0323")
]
VIETNAMESE = "".join([*VOWELS, *(vowel.upper() for vowel in VOWELS), "đĐ"])
words = st.lists(
    st.text(alphabet=st.sampled_from(VIETNAMESE + "bcghklmnpqrstvx,"), min_size=1, max_size=9), max_size=30
)


def new_document(**changes: object) -> Document:
    settings = {"title": "Thử chữ", "author": "Cơ quan", "subject": "Đề tài", "paper": A4_PORTRAIT, **changes}
    return Document(**settings)


@pytest.mark.parametrize("face", Typeface)
def test_every_face_has_every_vietnamese_letter(face: Typeface) -> None:
    assert len(VIETNAMESE) == 146
    assert set(map(ord, VIETNAMESE)) <= set(load(face).face.charToGlyph)
    assert text_width(VIETNAMESE, face, 10) > 0


@given(words, st.floats(30, 250), st.integers(1, 4))
def test_fitted_text_keeps_every_word_within_the_width(text_words: list[str], width: float, most_lines: int) -> None:
    text = " ".join(text_words)
    setting = drawn_or_refused(lambda: fit(text, Typeface.SANS, width, (18, 8, most_lines), field="event"))
    if isinstance(setting, TextDoesNotFit):
        assert (setting.field, setting.text, setting.character) == ("event", text, None)
        assert text_width(text, Typeface.SANS, 8) > width
        return
    assert " ".join(setting.lines) == text
    assert len(setting.lines) <= most_lines
    assert 8 <= setting.size <= 18
    assert all(text_width(line, setting.face, setting.size) <= width + 1e-6 for line in setting.lines)


def test_lines_are_broken_where_a_reader_pauses() -> None:
    event = (
        "Hội nghị tập huấn truyền thông quảng bá hình ảnh Việt Nam, góp phần nâng cao chất lượng hiệu quả "
        "công tác thông tin đối ngoại trong tình hình mới"
    )
    for width in range(120, 230, 5):
        setting = fit(event, Typeface.SANS_BOLD, width, (17, 12, 3), field="event")
        assert len(setting.lines) in (2, 3)
        for line in setting.lines[:-1]:
            assert line.split()[-1] not in {"thông", "đối", "hình", "chất", "nâng", "Việt", "tập"}, setting.lines


def test_words_joined_by_a_no_break_space_stay_on_one_line() -> None:
    setting = fit("ngày 07 tháng 8 năm\u00a02024", Typeface.SERIF, 26, (12, 12, 4), field="when")
    assert setting.lines[-1].endswith("năm\u00a02024")


def test_text_without_words_takes_no_line() -> None:
    assert fit("  ", Typeface.SERIF, 50, (12, 10, 1), field="post").lines == ()


def test_a_letter_that_the_face_lacks_is_set_in_its_serif_companion() -> None:
    assert face_for("Y Ƀlô", Typeface.SANS_BOLD, "name") is Typeface.SERIF_BOLD
    assert face_for("Ykŏ Niê", Typeface.SANS, "name") is Typeface.SERIF
    assert face_for("H'Hen Niê", Typeface.SANS_BOLD, "name") is Typeface.SANS_BOLD


@pytest.mark.parametrize(
    ("text", "character"),
    [
        ("Nguyễn 王", "王"),
        ("Lê Thị 🌸", "🌸"),
        ("Phạm\nS", "\n"),
        ("Phạm\u202eS", "\u202e"),
        ("Phạm\u200bS", "\u200b"),
        ("H'Lơ\u0306", "\u0306"),
        ("Trần\ufffd", "\ufffd"),
    ],
)
@pytest.mark.parametrize("face", [Typeface.SANS_BOLD, Typeface.SERIF])
def test_what_cannot_be_seen_on_paper_is_refused_by_field_and_character(
    face: Typeface, text: str, character: str
) -> None:
    with pytest.raises(TextDoesNotFit) as refusal:
        fit(text, face, 200, (12, 10, 1), field="name")
    assert (refusal.value.field, refusal.value.character) == ("name", character)
    assert f"U+{ord(character):04X}" in str(refusal.value)
    assert "name" in str(refusal.value)


def test_decomposed_text_is_printed_composed() -> None:
    document = new_document()
    document.sheet().text(20, 30, unicodedata.normalize("NFD", "Nguyễn Thị Hường"), Typeface.SANS, 12, align="left")
    (text,) = page_texts(document.finish())
    assert text.strip() == "Nguyễn Thị Hường"
    assert unicodedata.is_normalized("NFC", text)


def test_document_carries_its_faces_its_language_and_its_properties() -> None:
    document = new_document(
        title=unicodedata.normalize("NFD", "Giấy chứng nhận"), paper=A4_LANDSCAPE, day=datetime.date(2024, 8, 9)
    )
    document.sheet().text(20, 30, "Đã hoàn thành", Typeface.SANS, 12, align="left")
    document.sheet().text(20, 30, "Trang hai", Typeface.SERIF_ITALIC, 12, align="left")
    pdf = document.finish()
    assert paper_sizes(pdf) == [(297, 210)] * 2
    assert unembedded_faces(pdf) == []
    reader = PdfReader(io.BytesIO(pdf))
    assert reader.metadata is not None
    assert reader.metadata.title == "Giấy chứng nhận"
    assert reader.metadata.author == "Cơ quan"
    assert reader.metadata.subject == "Đề tài"
    assert reader.metadata.creation_date == datetime.datetime(
        2024, 8, 9, tzinfo=datetime.timezone(datetime.timedelta(hours=7))
    )
    assert reader.trailer["/Root"]["/Lang"] == "vi-VN"
    assert b"Helvetica" not in pdf


def test_a_document_without_sheets_is_refused() -> None:
    with pytest.raises(ValueError, match="at least one sheet"):
        new_document().finish()


def full_page() -> bytes:
    document = new_document()
    sheet = document.sheet()
    national_heading(sheet, 150, 25, 12)
    agency_block(sheet, 64, 25, "Bộ Minh Họa", "Cục Thông tin đối ngoại Minh Họa", width=68, size=12)
    specimen_mark(sheet, 105, 150, 180, 45)
    sheet.qr(30, 100, 25, "https://taphuan.example.vn/verify/12-2024")
    page_number(document.sheet(), 2)
    return document.finish()


def test_the_same_drawing_gives_the_same_bytes_in_every_thread() -> None:
    expected, drawn = full_page(), []
    threads = [
        threading.Thread(target=lambda: drawn.extend(full_page() for _ in range(5))) for _ in range(4)
    ]  # fmt: skip
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(drawn) == 20
    assert set(drawn) == {expected}


def test_headings_of_an_official_paper() -> None:
    first, second = page_texts(full_page())
    assert "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM" in first
    assert "Độc lập - Tự do - Hạnh phúc" in first
    assert "BỘ MINH HỌA" in first
    assert "CỤC THÔNG TIN ĐỐI NGOẠI MINH HỌA" in flat(first)
    assert "MẪU · SPECIMEN" in first
    assert second.strip() == "2"
    (number,) = boxes(full_page(), page=1)
    assert abs((number.left + number.right) / 2 - 105) < 0.5
    assert 297 - number.top < 20


def test_an_empty_sheet_is_a_page() -> None:
    document = new_document()
    document.sheet()
    document.sheet()
    assert page_texts(document.finish()) == ["", ""]


def test_overlapping_texts_are_seen() -> None:
    document = new_document()
    sheet = document.sheet()
    sheet.text(50, 50, "Nguyễn Thị Hường", Typeface.SERIF, 14)
    sheet.text(60, 53, "Đặng Văn Đức", Typeface.SERIF, 14)
    sheet.text(50, 60, "Phạm S", Typeface.SERIF, 14)
    assert len(overlapping(boxes(document.finish()))) == 1


def test_page_number_is_left_out_on_the_first_page() -> None:
    document = new_document()
    page_number(document.sheet(), 1)
    assert page_texts(document.finish()) == [""]


@pytest.mark.parametrize("superior", ["", "Bộ Văn hóa, Thể thao và Du lịch", "Ban Chỉ đạo công tác đối ngoại " * 2])
def test_agency_block_keeps_clear_of_the_national_heading(superior: str) -> None:
    document = new_document()
    sheet = document.sheet()
    national_heading(sheet, 150.5, 25, 12)
    agency = "Cục Thông tin cơ sở và Thông tin đối ngoại"
    lowest = agency_block(sheet, 63.5, 25, superior, agency, width=67, size=12)
    found = boxes(document.finish())
    assert overlapping(found) == []
    agency_lines = [box for box in found if box.right < 100]
    assert min(box.bottom for box in agency_lines) > 297 - lowest
    assert min(box.left for box in agency_lines) >= 30


def test_an_endless_agency_is_refused_by_name() -> None:
    with pytest.raises(TextDoesNotFit) as refusal:
        agency_block(new_document().sheet(), 84, 25, "", "Ban Chỉ đạo Thông tin đối ngoại " * 9)
    assert refusal.value.field == "agency"


def draw_code(sheet: Sheet) -> None:
    sheet.qr(20, 20, 22, "HB24-7K4M9QXZ", version=1)
    sheet.qr(120, 20, 25, "https://taphuan.example.vn/verify/1287-2024-GCN-TTDN-7QK2M9XW")


def test_codes_are_one_vector_path_and_read_back() -> None:
    document = new_document()
    draw_code(document.sheet())
    pdf = document.finish()
    assert codes(pdf) == ["HB24-7K4M9QXZ", "https://taphuan.example.vn/verify/1287-2024-GCN-TTDN-7QK2M9XW"]
    page = PdfReader(io.BytesIO(pdf)).pages[0]
    contents = page.get_contents()
    assert contents is not None
    assert contents.get_data().split().count(b"f") == 2
    assert len(page.images) == 0


def test_a_ticket_too_long_for_its_code_is_refused() -> None:
    with pytest.raises(TextDoesNotFit) as refusal:
        new_document().sheet().qr(0, 0, 22, "HB24-7K4M9QXZ-0123456789", version=1, field="ticket")
    assert refusal.value.field == "ticket"
