"""Moodle's language for gaps in a text: `{2:MULTICHOICE_S:=right#said~wrong}`, and its other kinds of gap.

Between the words of a gap `\\` shields `~`, `#`, `}` and itself. MULTICHOICE keeps its order, MULTICHOICE_S and its
like are shuffled; SHORTANSWER_C is compared letter by letter.
"""

import html
import re
from collections.abc import Callable, Sequence
from fractions import Fraction

from lms.core.errors import N_
from lms.quizzes.exchange.entries import Unfit
from lms.quizzes.exchange.losses import choice_of, shares_of
from lms.quizzes.exchange.moodle_names import form_of, form_text, number_of, number_text, share_of
from lms.quizzes.kinds.choice import Single
from lms.quizzes.kinds.cloze import GAP, Filler, Gap
from lms.quizzes.kinds.content import NOTHING, WHOLE, Both, write_share
from lms.quizzes.kinds.numeric import Numeric, Value
from lms.quizzes.kinds.short import Form, Short

OPEN, CLOSE = "\ue000", "\ue001"
"""Letters of private use that stand around a gap's number while the text around it is read or written."""

_START = re.compile(r"\{(\d{0,3}):([A-Z_]{2,20}):")
_ANSWER = re.compile(r"(?:(=)|%(-?\d{1,3}(?:[.,]\d*)?)%)?(.*)", re.DOTALL)
_HELD = re.compile(rf"{OPEN}(\d+){CLOSE}")
_CHOICES = {"MULTICHOICE", "MC", "MULTICHOICE_V", "MCV", "MULTICHOICE_H", "MCH"}
_SHUFFLED = {"MULTICHOICE_S", "MCS", "MULTICHOICE_VS", "MCVS", "MULTICHOICE_HS", "MCHS"}
_SHORTS = {"SHORTANSWER": False, "SA": False, "MW": False, "SHORTANSWER_C": True, "SAC": True, "MWC": True}
_NUMBERS = {"NUMERICAL", "NM"}
_SEVERAL = {"MULTIRESPONSE", "MR", "MULTIRESPONSE_H", "MRH", "MULTIRESPONSE_S", "MRS", "MULTIRESPONSE_HS", "MRHS"}

ReadText = Callable[[str], Both]
WriteText = Callable[[Both], str]


def held(text: str, read: ReadText) -> tuple[str, list[Gap], list[Both]]:
    """The text with its gaps held by number, the gaps, and what is to be said to any other answer; raises Unfit."""
    text = text.replace(OPEN, "").replace(CLOSE, "")
    out: list[str] = []
    gaps: list[Gap] = []
    catch_all: list[Both] = []
    position = 0
    while found := _START.search(text, position):
        end = _end(text, found.end())
        if end < 0:
            raise Unfit("gap", N_("Chỗ trống %(n)s không có dấu } ở cuối."), n=len(gaps) + 1)
        pieces = _pieces(text[found.end() : end], "~")
        gaps.append(Gap(_filler(found[2], pieces, read, catch_all), int(found[1] or 1)))
        out += [text[position : found.start()], f"{OPEN}{len(gaps)}{CLOSE}"]
        position = end + 1
    if not gaps:
        raise Unfit("gap", N_("Câu điền chỗ trống không có chỗ trống nào."))
    return "".join([*out, text[position:]]), gaps, catch_all


def released(text: str) -> str:
    """Held gaps as ours, `[[1]]`; what only looked like one is shielded."""
    shielded = GAP.sub(lambda found: f"[\\[{found[1]}]]", text)
    return _HELD.sub(lambda found: f"[[{found[1]}]]", shielded)


def filled(text: str, gaps: Sequence[Gap], write: WriteText) -> str:
    """A text with its held gaps in Moodle's language."""
    return _HELD.sub(lambda found: _code(gaps[int(found[1]) - 1], write), text)


def _end(text: str, position: int) -> int:
    """Where the gap that begins before this place ends; -1 for nowhere."""
    while position < len(text):
        if text[position] == "\\":
            position += 1
        elif text[position] == "}":
            return position
        position += 1
    return -1


def _pieces(text: str, mark: str) -> list[str]:
    """The pieces between the marks that are neither shielded nor, for "#", part of an entity."""
    pieces, start, position = [], 0, 0
    while position < len(text):
        if text[position] == "\\":
            position += 1
        elif text[position] == mark and not (mark == "#" and text[position - 1 : position] == "&"):
            pieces.append(text[start:position])
            start = position + 1
        position += 1
    return [*pieces, text[start:]]


def _filler(kind: str, pieces: list[str], read: ReadText, catch_all: list[Both]) -> Filler:
    if kind in _SEVERAL:
        raise Unfit("multiresponse", N_("Chỗ trống chọn nhiều đáp án (MULTIRESPONSE) không nhập được."))
    answers = [_answer(piece, read) for piece in pieces if piece.strip()]
    if kind in _CHOICES | _SHUFFLED:
        options = [(read(text), share, said) for text, share, said in answers]
        made = choice_of(options, multiple=False, keep_order=kind in _CHOICES)
        assert isinstance(made, Single)
        return made
    if kind in _SHORTS:
        return _short(answers, catch_all, exact=_SHORTS[kind])
    if kind in _NUMBERS:
        return _numeric(answers, catch_all)
    raise Unfit("gap", N_("Loại chỗ trống %(kind)s không nhập được."), kind=kind)


def _answer(piece: str, read: ReadText) -> tuple[str, Fraction, Both]:
    """An answer as written, what it earns, what is said to it."""
    answer, *said = _pieces(piece.strip(), "#")
    found = _ANSWER.match(answer)
    assert found is not None
    share = WHOLE if found[1] else share_of(found[2].replace(",", ".").rstrip(".")) if found[2] else NOTHING
    return _bare(found[3]).strip(), share, read(_bare("#".join(said)).strip())


def _short(answers: list[tuple[str, Fraction, Both]], catch_all: list[Both], *, exact: bool) -> Short:
    forms = []
    for text, share, said in answers:
        form = form_of(html.unescape(text).strip())
        if form is None:
            catch_all.append(said)
        else:
            forms.append(Form(form, share, said))
    return Short(tuple(forms), exact=exact)


def _numeric(answers: list[tuple[str, Fraction, Both]], catch_all: list[Both]) -> Numeric:
    values = []
    for text, share, said in answers:
        if text == "*":
            catch_all.append(said)
            continue
        number, _mark, room = text.partition(":")
        values.append(Value(number_of(number), number_of(room or "0"), share=share, feedback=said))
    return Numeric(tuple(values))


def _bare(text: str) -> str:
    return re.sub(r"\\([}~#\"/\\])", r"\1", text)


def _code(gap: Gap, write: WriteText) -> str:
    filler = gap.filler
    answers: list[tuple[str, Fraction, Both]]
    if isinstance(filler, Single):
        kind = "MULTICHOICE" if filler.keep_order else "MULTICHOICE_S"
        shares = shares_of(filler)
        answers = [(write(one.text), share, one.feedback) for one, share in zip(filler.options, shares, strict=True)]
    elif isinstance(filler, Short):
        kind = "SHORTANSWER_C" if filler.exact else "SHORTANSWER"
        answers = [(html.escape(form_text(one.text), False), one.share, one.feedback) for one in filler.accepted]
    else:
        kind = "NUMERICAL"
        answers = [
            (f"{number_text(one.number)}:{number_text(one.tolerance)}", one.share, one.feedback)
            for one in filler.values
        ]
    return f"{{{gap.weight}:{kind}:{'~'.join(_written(*answer, write) for answer in answers)}}}"


def _written(text: str, share: Fraction, said: Both, write: WriteText) -> str:
    mark = "=" if share == WHOLE else f"%{write_share(share)}%"
    feedback = f"#{_shielded(write(said))}" if said.vi else ""
    return f"{mark}{_shielded(text)}{feedback}"


def _shielded(text: str) -> str:
    """Words of a gap; after an ampersand at the end a space, as Moodle would take it with the next mark."""
    shielded = re.sub(r"([\\}~#])", r"\\\1", text)
    return f"{shielded} " if shielded.endswith(("&amp;", "&")) else shielded
