"""Whatever the bytes, a reader answers with a reading: no exception, and every refusal has its words and its place."""

import zipfile
from io import BytesIO
from xml.sax.saxutils import escape

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lms.quizzes import exchange
from lms.quizzes.exchange.entries import Reading
from tests.quizzes.contents import SPECIAL
from tests.quizzes.exchange.entries import SLOW, entries

FORMATS = sorted(exchange.READERS)
WRITTEN = sorted(exchange.WRITERS)
AIKEN = "Ai phát ngôn?\nA. Người được giao\nB) Bất kỳ ai\nANSWER: A\n\nCâu hai\nA. x\nB. y\nANSWER: B\n"
MARKS = (
    "{ } = ~ # #### -> % %50% :: // \\ {#1:2} {T} $CATEGORY: [html] [markdown] <p> <b> &#60; & < </text> ]]> <![CDATA["
)
WORDS = "1e99 {1:MC:=a~b} {1:NM:=1:2} @@PLUGINFILE@@/x.png <img> 1..5 * =* [[1]]"
PIECES = st.sampled_from([*MARKS.split(), *WORDS.split(), "\n", "\n\n", "ANSWER: A", "A. x", "\x00", "\ue000"])


def judged(reading: Reading) -> Reading:
    """A reading whose refusals can be shown."""
    for one in reading.refused:
        assert one.message % one.params
        assert one.code
        assert one.where or not reading.entries
    return reading


@pytest.mark.parametrize("form", [*FORMATS, "auto"])
@settings(SLOW, max_examples=50)
@given(content=st.binary(max_size=200) | st.text(max_size=200).map(str.encode), name=st.sampled_from(["a", "b.xlsx"]))
def test_any_bytes_give_a_reading(form: str, content: bytes, name: str) -> None:
    judged(exchange.read(name, content, form))


@pytest.mark.parametrize("form", ["gift", "aiken"])
@settings(SLOW, max_examples=80)
@given(pieces=st.lists(PIECES | st.text(SPECIAL, max_size=6), max_size=20))
def test_any_marks_of_text_formats_give_a_reading(form: str, pieces: list[str]) -> None:
    judged(exchange.read("a", "".join(pieces).encode(), form))


@settings(SLOW, max_examples=80)
@given(
    kind=st.sampled_from(
        ["multichoice", "truefalse", "shortanswer", "numerical", "matching", "ordering", "essay", "cloze", "gapselect",
         "ddmarker", "calculated", "description"]
    ),
    parts=st.lists(
        st.tuples(
            st.sampled_from(
                ["name", "questiontext", "answer", "subquestion", "single", "units", "drop", "drag", "file", "tags",
                 "generalfeedback", "selectoption", "gradingtype", "usecase"]
            ),
            st.lists(PIECES | st.text(SPECIAL, max_size=5), max_size=4).map("".join),
            st.sampled_from(["html", "markdown", "plain_text", "x"]),
            st.sampled_from(["100", "0", "-50", "x", "33.33333", "1e5"]),
        ),
        max_size=8,
    ),
)  # fmt: skip
def test_any_elements_of_moodle_give_a_reading(kind: str, parts: list[tuple[str, str, str, str]]) -> None:
    def words(text: str) -> str:
        return escape(text.replace("\x00", ""))

    inner = "".join(
        f'<{tag} format="{form}" fraction="{share}" name="x.png"><text>{words(text)}</text>'
        f"<answer><text>{words(text)}</text></answer><tolerance>{words(text)}</tolerance>"
        f"<shape>circle</shape><coords>1,2;3</coords></{tag}>{words(text)}"
        for tag, text, form, share in parts
    )
    reading = judged(exchange.read("a", f'<quiz><question type="{kind}">{inner}</question></quiz>'.encode()))
    assert reading.format == "moodle-xml"


@pytest.mark.parametrize("form", [*WRITTEN, "aiken"])
@settings(SLOW, max_examples=12)
@given(data=st.data())
def test_a_damaged_file_gives_a_reading(form: str, data: st.DataObject) -> None:
    if form == "aiken":
        content = AIKEN.encode()
    else:
        content = exchange.write(data.draw(st.lists(entries(), min_size=1, max_size=2)), form)
    for _turn in range(data.draw(st.integers(1, 3))):
        start = data.draw(st.integers(0, len(content)))
        end = data.draw(st.integers(start, min(len(content), start + 40)))
        filling = data.draw(st.binary(max_size=12) | PIECES.map(str.encode))
        content = content[:start] + filling + content[end:]
    judged(exchange.read(f"a.{form}", content, form))


@settings(SLOW, max_examples=25)
@given(data=st.data())
def test_a_workbook_with_damaged_parts_gives_a_reading(data: st.DataObject) -> None:
    whole = exchange.write([data.draw(entries())], "xlsx")
    out = BytesIO()
    with zipfile.ZipFile(BytesIO(whole)) as source, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as target:
        hit = data.draw(st.sampled_from(source.namelist()))
        for name in source.namelist():
            part = source.read(name)
            if name == hit:
                start = data.draw(st.integers(0, len(part)))
                part = part[:start] + data.draw(st.binary(max_size=8)) + part[start + data.draw(st.integers(0, 30)) :]
            target.writestr(name, part)
    judged(exchange.read("a.xlsx", out.getvalue(), "xlsx"))
