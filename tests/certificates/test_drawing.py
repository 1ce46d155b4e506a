"""The certificate as a stranger receives it: one page, every word, a code that reads, or a plain refusal."""

import dataclasses
import datetime
import io
import unicodedata

import pytest
from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st
from pypdf import PdfReader

from lms.certificates.designs import DESIGNS
from lms.certificates.drawing import CertificateFace, draw, draw_many
from lms.core.pdf import TextDoesNotFit
from tests.printed import boxes, codes, drawn_or_refused, flat, overlapping, page_texts, paper_sizes, unembedded_faces

USUAL = CertificateFace(
    kind="GIẤY CHỨNG NHẬN",
    kind_en="Certificate of Completion",
    superior="Bộ Minh Họa",
    agency="Cục Thông tin đối ngoại Minh Họa",
    certifier="Cục Thông tin đối ngoại Minh Họa chứng nhận đồng\u00a0chí",
    name="Nguyễn Thị Hường",
    post_unit="Phó Trưởng phòng, Sở Ngoại vụ tỉnh Minh Họa",
    done="đã hoàn thành",
    event="Hội nghị tập huấn công tác thông tin đối ngoại và nhân quyền năm\u00a02024",
    event_en="the 2024 Training Conference on External Information and Human Rights",
    when="ngày 07 tháng 8 năm 2024, tại tỉnh Hòa Bình, thời lượng 4 giờ",
    when_en="7 August 2024, Hòa Bình Province, 4 hours",
    place_date="Hà Nội, ngày 09 tháng 8 năm 2024",
    signer_post="KT. Cục trưởng\nPhó Cục trưởng",
    signer="Người Ký Mẫu",
    register_number="12/2024/GCN-TTĐN",
    code="7QK2-M9XW",
    url="https://taphuan.example.vn/verify/12-2024-GCN-TTDN-7QK2M9XW",
)
LONGEST = dataclasses.replace(
    USUAL,
    superior="Bộ Văn hóa, Thể thao và Du lịch",
    agency="Cục Thông tin cơ sở và Thông tin đối ngoại",
    name="Công Tằng Tôn Nữ Nguyễn Phúc Thị Hoàng Phương Khánh Huyền Trân",
    post_unit="Trưởng phòng, Phòng Thông tin đối ngoại và Hợp tác quốc tế, "
    "Sở Văn hóa, Thể thao và Du lịch thành phố Hồ Chí Minh",
    event="Hội nghị tập huấn truyền thông quảng bá hình ảnh Việt Nam, góp phần nâng cao chất lượng, "
    "hiệu quả công tác thông tin đối ngoại trong tình hình mới",
    event_en="the Training Conference on Promoting the Image of Viet Nam and Raising the Quality and Effect "
    "of External Information Work in the New Situation",
    when="từ ngày 06 đến ngày 08 tháng 6 năm 2024, tại thành phố Đà Lạt, tỉnh Lâm Đồng, thời lượng 24 giờ",
    register_number="1287/2024/GCN-TTĐN",
)
SHORTEST = dataclasses.replace(
    USUAL, superior="", name="Phạm S", post_unit="", event="Lớp người phát ngôn", signer_post="Giám đốc"
)
PRINTED = ("name", "event", "when", "certifier", "done", "place_date", "signer", "register_number", "code", "kind_en")
designs = pytest.mark.parametrize("design", DESIGNS)
faces = pytest.mark.parametrize("face", [USUAL, LONGEST, SHORTEST], ids=["usual", "longest", "shortest"])


@designs
@faces
def test_every_word_is_on_one_page_and_none_runs_into_another(face: CertificateFace, design: str) -> None:
    pdf = draw(dataclasses.replace(face, design=design))
    assert paper_sizes(pdf) == [(297, 210)]
    assert unembedded_faces(pdf) == []
    assert len(pdf) < 60_000
    (text,) = page_texts(pdf)
    assert unicodedata.is_normalized("NFC", text)
    for field in PRINTED:
        assert flat(getattr(face, field)) in flat(text), field
    assert face.event_en in flat(text)
    assert flat(face.agency.upper()) in flat(text)
    found = boxes(pdf)
    assert overlapping(found) == []
    assert all(box.left > 13 and box.right < 284 and box.bottom > 13 and box.top < 197 for box in found)


@designs
def test_the_code_beside_the_number_reads_back(design: str) -> None:
    for specimen in (False, True):
        assert codes(draw(dataclasses.replace(USUAL, design=design, specimen=specimen))) == [USUAL.url]
    (text,) = page_texts(draw(dataclasses.replace(USUAL, design=design)))
    assert "Mã kiểm tra / Code\n7QK2-M9XW" in text
    assert "Số vào sổ / Register No.\n12/2024/GCN-TTĐN" in text
    assert "taphuan.example.vn/verify" in text


def test_the_code_can_be_opened_on_a_screen() -> None:
    (page,) = PdfReader(io.BytesIO(draw(USUAL))).pages
    (link,) = page["/Annots"]
    assert link.get_object()["/A"]["/URI"] == USUAL.url


@designs
def test_only_a_specimen_says_so(design: str) -> None:
    real = dataclasses.replace(USUAL, design=design)
    assert "SPECIMEN" not in page_texts(draw(real))[0]
    assert "MẪU · SPECIMEN" in page_texts(draw(dataclasses.replace(real, specimen=True)))[0]


@designs
def test_drawn_again_it_is_the_same_file(design: str) -> None:
    face = dataclasses.replace(LONGEST, design=design)
    assert draw(face) == draw(dataclasses.replace(face))
    decomposed = dataclasses.replace(face, name=unicodedata.normalize("NFD", face.name))
    assert draw(decomposed) == draw(face)


def test_properties_name_the_paper() -> None:
    metadata = PdfReader(io.BytesIO(draw(dataclasses.replace(USUAL, issued_on=datetime.date(2024, 8, 9))))).metadata
    assert metadata is not None
    assert metadata.title == "Giấy chứng nhận 12/2024/GCN-TTĐN"
    assert metadata.author == USUAL.agency
    assert metadata.creation_date is not None
    assert metadata.creation_date.date() == datetime.date(2024, 8, 9)


def test_many_certificates_are_pages_of_one_file() -> None:
    faces = [dataclasses.replace(USUAL, name=name, register_number=f"{number}/2024/GCN-TTĐN")
             for number, name in enumerate(("Đặng Văn Đức", "Vàng A Chứ", "H'Hen Niê"), start=1)]  # fmt: skip
    pdf = draw_many(faces)
    texts = page_texts(pdf)
    assert len(texts) == 3
    for face, text in zip(faces, texts, strict=True):
        assert face.name in text
        assert face.register_number in text
    assert len(pdf) < 2 * len(draw(USUAL))
    with pytest.raises(ValueError, match="no certificate"):
        draw_many([])


@designs
@pytest.mark.parametrize(
    ("field", "text", "character"),
    [
        ("name", "Nguyễn 王", "王"),
        ("event", "Hội nghị\u200b", "\u200b"),
        ("signer", "Người 🌸 Mẫu", "🌸"),
        ("agency", "Cục 例", "例"),
        ("post_unit", "Chuyên viên\tphòng", "\t"),
    ],
)
def test_a_letter_without_a_face_is_refused(design: str, field: str, text: str, character: str) -> None:
    with pytest.raises(TextDoesNotFit) as refusal:
        draw(dataclasses.replace(USUAL, design=design, **{field: text}))
    assert refusal.value.field == field
    assert refusal.value.character == character


@designs
@pytest.mark.parametrize("field", ["name", "event", "post_unit", "agency", "superior", "when", "signer", "signer_post"])
def test_an_endless_text_is_refused_by_its_field(design: str, field: str) -> None:
    with pytest.raises(TextDoesNotFit) as refusal:
        draw(dataclasses.replace(USUAL, design=design, **{field: "Thông tin đối ngoại " * 30}))
    assert refusal.value.field == field
    assert refusal.value.character is None


CROWDED = dataclasses.replace(
    LONGEST,
    post_unit="Phó Trưởng phòng phụ trách, Phòng Thông tin đối ngoại, Biên giới lãnh thổ và Hợp tác quốc tế, "
    "Sở Văn hóa, Thể thao và Du lịch thành phố Hồ Chí Minh, kiêm Thư ký Ban Chỉ đạo",
    event=f"{LONGEST.event} tại các tỉnh khu vực miền núi, biên giới và vùng đồng bào dân tộc thiểu số phía Bắc",
)


@designs
def test_a_crowded_body_is_drawn_together(design: str) -> None:
    pdf = draw(dataclasses.replace(CROWDED, design=design))
    assert overlapping(boxes(pdf)) == []
    assert CROWDED.event in flat(page_texts(pdf)[0])


@pytest.mark.parametrize("design", ["trang-trong", "hien-dai"])
def test_a_body_that_would_touch_is_refused(design: str) -> None:
    when = "các ngày 03, 04, 05, 06, 10, 11, 12 và 13 tháng 6 năm 2024, tại thành phố Đà Lạt, tỉnh Lâm Đồng"
    too_much = dataclasses.replace(
        CROWDED, design=design, when=f"{when} và thành phố Hà Nội, thời lượng 24 giờ", when_en="June " * 40
    )
    with pytest.raises(TextDoesNotFit) as refusal:
        draw(too_much)
    assert refusal.value.field == "event"


ONSETS = ["", "b", "ch", "đ", "gi", "h", "kh", "l", "ng", "ngh", "ph", "qu", "th", "tr", "v", "x"]
RIMES = [
    "a",
    "ăm",
    "ân",
    "en",
    "ê",
    "iêm",
    "ô",
    "ơi",
    "ung",
    "ươn",
    "uyên",
    "ương",
    "y",
    "oàng",
    "ễn",
    "ặng",
    "ự",
    "ủy",
]
syllables = st.builds(lambda onset, rime: (onset + rime).capitalize(), st.sampled_from(ONSETS), st.sampled_from(RIMES))


def phrases(most: int) -> st.SearchStrategy[str]:
    """Vietnamese-looking text of whole syllables, of any length up to `most` characters and as often long as short."""

    def cut(parts: list[str]) -> str:
        while len(" ".join(parts)) > most:
            parts = parts[:-1]
        return " ".join(parts)

    counts = st.integers(1, most // 4)
    return counts.flatmap(lambda count: st.lists(syllables, min_size=count, max_size=count)).map(cut)


@given(name=phrases(60), design=st.sampled_from(list(DESIGNS)))
@hypothesis_settings(deadline=None, max_examples=40)
def test_any_vietnamese_name_of_up_to_sixty_letters_is_whole_or_refused(name: str, design: str) -> None:
    pdf = drawn_or_refused(lambda: draw(dataclasses.replace(USUAL, name=name, design=design)))
    if isinstance(pdf, TextDoesNotFit):
        assert pdf.field == "name"
        assert len(name) > 40
        return
    (text,) = page_texts(pdf)
    assert name in flat(text)
    assert overlapping(boxes(pdf)) == []


@given(
    name=phrases(60),
    post_unit=phrases(160),
    event=phrases(250),
    event_en=phrases(220),
    agency=phrases(80),
    superior=phrases(80),
    design=st.sampled_from(list(DESIGNS)),
)
@hypothesis_settings(deadline=None, max_examples=40)
def test_whatever_is_drawn_stays_apart(design: str, **texts: str) -> None:
    face = dataclasses.replace(USUAL, design=design, **texts)
    pdf = drawn_or_refused(lambda: draw(face))
    if isinstance(pdf, TextDoesNotFit):
        assert pdf.field in texts
        return
    assert overlapping(boxes(pdf)) == []
    text = flat(page_texts(pdf)[0])
    assert all(part in text for part in (face.name, face.post_unit, face.event))
