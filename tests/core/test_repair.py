"""Repair of text in old encodings: what was right stays, what was wrong comes back letter by letter."""

import json
import unicodedata

import pytest
from click.testing import CliRunner
from flask import Flask
from hypothesis import given
from hypothesis import strategies as st

from lms.cli import main
from lms.core.old_fonts import TCVN3, VNI, from_tcvn3, from_vni
from lms.core.repair import encoding_of_column, repair, repair_column
from lms.core.syllables import is_syllable

VOWELS = "aăâeêioôơuưy"
TONES = ("", "\u0300", "\u0309", "\u0303", "\u0301", "\u0323")
SMALL = [unicodedata.normalize("NFC", vowel + tone) for vowel in VOWELS for tone in TONES] + ["đ"]
SMALL = [letter for letter in SMALL if not letter.isascii()]
LETTERS = SMALL + [letter.upper() for letter in SMALL]
"""The 134 letters of Vietnamese that ASCII has not."""

TO_TCVN3 = {letter: shown for shown, letter in TCVN3.items()}
TO_VNI = {letter: shown for shown, letter in VNI.items()}


def _words(text: str) -> list[str]:
    return text.split()


NAMES = _words("""
Nguyễn Trần Lê Phạm Hoàng Huỳnh Phan Vũ Võ Đặng Bùi Đỗ Hồ Ngô Dương Lý Văn Thị Hữu Đức Minh Quốc Thành Tuấn
Hải Nam Bình Hà Phương Thảo Hương Giang Ánh Tuyết Mỹ Linh Khánh Phượng Thủy Thuý Sơn Lâm Tùng Cường Dũng Hùng Hưng Vàng
Chứ Giàng Sùng Lò Quàng Tòng""")
WORDS = _words("""
chuyên viên phòng văn hóa thông tin trưởng phó giám đốc sở ủy ban nhân dân tỉnh huyện xã thành phố ban tuyên
giáo bộ ngoại giao cục đối ngoại thư ký thanh tra kế hoạch tổng hợp báo chí xuất bản truyền thông cán bộ công chức người
phát ngôn quyết định giấy chứng nhận nghiệp vụ đường lối quý nghĩa khuya""")


def tcvn3(text: str) -> str:
    return "".join(TO_TCVN3.get(letter) or TO_TCVN3.get(letter.lower()) or letter for letter in text)


def vni(text: str) -> str:
    return "".join(TO_VNI.get(letter, letter) for letter in text)


def mistaken(text: str, codec: str = "cp1252") -> str:
    """UTF-8 taken for another encoding; a byte that is no character there becomes a control character."""
    return "".join(bytes([byte]).decode(codec, "ignore") or chr(byte) for byte in text.encode())


def loosely(text: str) -> str:
    """As Windows-1258 writes it: ă â ê ô ơ ư whole, tones apart."""
    pieces = []
    for letter in text:
        base, *marks = list(unicodedata.normalize("NFD", letter))
        tones = [mark for mark in marks if mark in TONES]
        pieces.append(unicodedata.normalize("NFC", base + "".join(mark for mark in marks if mark not in TONES)))
        pieces += tones
    return "".join(pieces)


names = st.lists(st.sampled_from(NAMES), min_size=3, max_size=5).map(" ".join)
phrases = st.lists(st.sampled_from(WORDS), min_size=5, max_size=12).map(" ".join)
right = st.one_of(names, phrases, names.map(str.upper), st.lists(st.sampled_from(NAMES + WORDS)).map(" ".join))


def test_the_tables_are_whole() -> None:
    assert len(set(LETTERS)) == 134
    assert set(VNI.values()) == set(LETTERS)
    assert len(VNI) == 134
    assert set(TCVN3.values()) == set(SMALL) | set("ĂÂĐÊÔƠƯ")
    assert len(set(TCVN3.values())) == len(TCVN3) == 74


@pytest.mark.parametrize("letter", LETTERS)
def test_each_letter_comes_back(letter: str) -> None:
    assert from_vni(TO_VNI[letter]) == letter
    assert from_tcvn3(tcvn3(letter)).lower() == letter.lower()
    assert repair(tcvn3(letter), ".VnTimeH").text == letter.upper()
    assert repair(unicodedata.normalize("NFD", letter)).text == letter
    assert repair(f"x{mistaken(letter)}x").text == f"x{letter}x"


@given(right)
def test_right_vietnamese_stays(text: str) -> None:
    assert (repair(text).text, repair(text).source) == (text, "nfc")
    assert [one.text for one in repair_column([text, "Lê Bé", text.upper()])] == [text, "Lê Bé", text.upper()]


@given(st.text("ăđơưễậởữựệỗầ" + "".join(LETTERS) + "abcdghiklmnopqrstuvxy -,.", min_size=6))
def test_any_string_with_a_letter_of_unicode_alone_stays(text: str) -> None:
    assert repair(f"{text}ễ").text == f"{text}ễ"


@given(st.text(st.characters(max_codepoint=126, min_codepoint=32)))
def test_ascii_stays_whatever_the_font(text: str) -> None:
    assert repair(text).text == repair(text, ".VnTime").text == repair(text, "VNI-Times").text == text


@pytest.mark.parametrize(
    "text",
    [
        *(
            "Müller",
            "François Mitterrand",
            "Zoë Saldaña",
            "José Núñez",
            "São Paulo",
            "João",
            "Loïc",
            "Thaï",
            "Où",
            "naïve",
        ),
        *(
            "Søren Kierkegaard",
            "Ångström",
            "Göteborg",
            "Zürich",
            "Malmö",
            "Citroën",
            "café",
            "Curaçao",
            "El Niño",
            "Noël",
        ),
        *(
            "Straße",
            "Škoda",
            "Łódź",
            "Dvořák",
            "Москва",
            "東京",
            "10 µm",
            "5 µg",
            "½ ngày",
            "© 2024 Bộ",
            "© 2024",
            "«Nam»",
        ),
        *("a.b@sovhttdl.lamkhe.gov.vn", "https://example.vn/ô", "Mª Carmen", "25°C", "§ 5", "5 × 3", "Windows®", "m²"),
        *(
            "Lê",
            "Hà",
            "Bé",
            "Lý",
            "Phú",
            "Tâm",
            "Sôn",
            "Hôn",
            "Lê Bé",
            "Trà Vinh",
            "cà phê",
            "PHÊ\u00a0X",
            "MÃ…",
            "CHÚ…",
        ),
        *(
            "Nguyễn  Văn ",
            "Đắk Lắk",
            "H'Hen Niê",
            "",
            " ",
            "Guðmundur",
            "René Lévesque",
            "Thérèse",
            "Aéroport",
            "Haïti",
        ),
    ],
)
def test_what_is_right_in_any_language_stays(text: str) -> None:
    assert (repair(text).text, repair(text).source) == (text, "nfc")


@given(names)
def test_tcvn3_comes_back(text: str) -> None:
    shown = tcvn3(text)
    if shown != text:
        by_font = repair(shown, ".VnTime")
        assert by_font.text.lower() == text.lower()
        alone = repair(shown)
        assert alone.source in {"nfc", "tcvn3"}
        assert alone.source == "nfc" or alone.text.lower() == text.lower()
        assert alone.source == "nfc" or not text.startswith("Nguyễn") or alone.text == text
        assert repair(shown.lower() if shown.islower() else tcvn3(text.lower()), ".VnTimeH").text == text.upper()


@given(phrases)
def test_a_phrase_carries_enough_evidence(text: str) -> None:
    assert repair(f"{vni(text)} {vni('người')}") == (repair(vni(f"{text} người")))
    assert repair(vni(f"{text} người")).text == f"{text} người"
    assert repair(tcvn3(f"{text} trưởng")).text == f"{text} trưởng"
    assert repair(tcvn3(f"{text} trưởng")).source == "tcvn3"


@given(names)
def test_vni_comes_back(text: str) -> None:
    assert repair(vni(text), "VNI-Times").text == text
    assert repair(vni(f"Nguyễn {text}")).text == f"Nguyễn {text}"
    assert repair(vni(f"Nguyễn {text}".upper())).text == f"Nguyễn {text}".upper()


@given(right, st.sampled_from(["cp1252", "latin-1"]), st.integers(1, 3))
def test_utf_8_encoded_twice_or_more_comes_back(text: str, codec: str, times: int) -> None:
    shown = text
    for _time in range(times):
        shown = mistaken(shown, codec)
    assert repair(shown).text == text
    assert repair(shown).source == ("nfc" if shown == text else "utf8-twice")


@given(right)
def test_loose_marks_come_together(text: str) -> None:
    for shown in (unicodedata.normalize("NFD", text), loosely(text)):
        assert repair(shown).text == text
        assert repair(shown).source == ("nfc" if shown == text else "nfd")


@given(names)
def test_windows_1258_taken_for_windows_1252(text: str) -> None:
    shown = loosely(f"Nguyễn {text}").encode("cp1258").decode("cp1252")
    assert (repair(shown).text, repair(shown).source) == (f"Nguyễn {text}", "cp1258")


@pytest.mark.parametrize(
    ("shown", "font", "text", "source"),
    [
        ("NguyÔn V¨n §øc", None, "Nguyễn Văn Đức", "tcvn3"),
        ("TrÇn ThÞ ¸nh", None, "Trần Thị Ánh", "tcvn3"),
        ("NGUYÔN THÞ HOµ", None, "NGUYỄN THỊ HOÀ", "tcvn3"),
        ("H¶i D­¬ng", None, "Hải Dương", "tcvn3"),
        ("A¸nh NguyÖt", None, "Ánh Nguyệt", "tcvn3"),
        ("tr­ëng phßng", ".VnArialH", "TRƯỞNG PHÒNG", "tcvn3"),
        ("a@b.vn tØnh", ".VnTimeH", "a@b.vn TỈNH", "tcvn3"),
        ("Bé", ".VnTime", "Bộ", "tcvn3"),
        ("Nguyễn", ".VnTime", "Nguyễn", "nfc"),
        ("Lê", "Times New Roman", "Lê", "nfc"),
        ("Sôn", "VNI-Helve", "Sơn", "vni"),
        ("Hoaøng Thò Höông", None, "Hoàng Thị Hương", "vni"),
        ("ÑAËNG VAÊN ÑÖÙC", None, "ĐẶNG VĂN ĐỨC", "vni"),
        ("Ðặng Văn Ðức", None, "Đặng Văn Đức", "cp1258"),
        ("HÃ  Ná»™i", None, "Hà Nội", "utf8-twice"),
        ("FranÃ§ois", None, "François", "utf8-twice"),
        ("BÃ©", None, "Bé", "utf8-twice"),
        ("LÃ’", None, "LÒ", "utf8-twice"),
        ("BÃ™I", None, "BÙI", "utf8-twice"),
        ("VÃ\u00a0ng", None, "Vàng", "utf8-twice"),
        ("SÆ\u00a0N", None, "SƠN", "utf8-twice"),
        ("XÃ BAN XÃ", None, "XÃ BAN XÃ", "nfc"),
    ],
)
def test_examples(shown: str, font: str | None, text: str, source: str) -> None:
    assert (repair(shown, font).text, repair(shown, font).source) == (text, source)


def test_a_column_decides_where_a_cell_cannot() -> None:
    cells = ["NguyÔn", "Bé", "Lª", "Müller", "Hoa", "Phóc", "a@b.vn", ""]
    assert [one.text for one in repair_column(cells)] == ["Nguyễn", "Bộ", "Lê", "Müller", "Hoa", "Phúc", "a@b.vn", ""]
    assert [one.text for one in repair_column(["Bé", "Phóc", "Lê"])] == ["Bé", "Phóc", "Lê"]
    assert [one.text for one in repair_column(["Bé", "Phóc"], leaning="tcvn3")] == ["Bộ", "Phúc"]
    assert [one.text for one in repair_column(["Nguyễn Bé", "NguyÔn Bé", "Bé"])] == ["Nguyễn Bé", "Nguyễn Bộ", "Bé"]
    assert encoding_of_column(["Hà", "Trà", "Müller", "Loïc"]) is None


@given(st.text())
def test_no_text_breaks_it_and_what_is_repaired_is_right(text: str) -> None:
    once = repair(text)
    assert (once.text == text) is (once.source == "nfc")
    assert repair(repair(once.text).text).text == repair(once.text).text


@pytest.mark.parametrize("word", [*NAMES, *WORDS, "quýt", "qúy", "giếng", "gì", "giữa", "hoà", "hòa", "khuỷu", "Kạn"])
def test_syllables(word: str) -> None:
    assert word.isascii() or is_syllable(word)


@pytest.mark.parametrize(
    "word", ["nguyôn", "traàn", "càu" + "ù", "müller", "hoïc", "òu", "các" + "h" * 9, "học" + "k", "ê" * 9]
)
def test_no_syllables(word: str) -> None:
    assert not is_syllable(word)


def test_the_command_reads_a_line_and_writes_a_line(app: Flask) -> None:
    lines = [{"text": "TrÇn"}, {"text": "Bé", "font": ".VnTime"}, {"text": "Müller"}, {"text": "tØnh", "font": None}]
    given = "\n".join(json.dumps(line) for line in lines) + "\n\n"
    result = CliRunner().invoke(main, ["text", "repair"], input=given, obj=lambda: app)
    assert result.exit_code == 0
    assert [json.loads(line) for line in result.stdout.splitlines()] == [
        {"text": "Trần", "from": "tcvn3", "changed": True},
        {"text": "Bộ", "from": "tcvn3", "changed": True},
        {"text": "Müller", "from": "nfc", "changed": False},
        {"text": "tỉnh", "from": "tcvn3", "changed": True},
    ]


@pytest.mark.parametrize("line", ["x", "[]", '{"text": 1}', '{"text": "a", "font": 2}', "{}"])
def test_a_line_that_is_none_is_refused_with_its_number(app: Flask, line: str) -> None:
    result = CliRunner().invoke(main, ["text", "repair", "--json"], input=f'{{"text": "a"}}\n{line}\n', obj=lambda: app)
    assert result.exit_code == 1
    (error,) = json.loads(result.stdout)["errors"]
    assert (error["code"], error["where"]) == ("line", "line 2")
