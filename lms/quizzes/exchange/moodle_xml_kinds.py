"""The types of question of Moodle XML that we take, each as a content of ours."""

import re
from collections.abc import Callable
from decimal import Decimal
from xml.etree.ElementTree import Element

from lms.core import rich_text
from lms.core.errors import N_
from lms.core.text import tidy
from lms.quizzes.exchange import cloze_code, figures, html_text
from lms.quizzes.exchange.entries import Unfit, digest_of
from lms.quizzes.exchange.losses import DEFAULT_RUBRIC, choice_of, matching_of
from lms.quizzes.exchange.moodle_names import form_of, number_of, share_of
from lms.quizzes.exchange.moodle_xml_nodes import Source
from lms.quizzes.kinds import choice, ordering
from lms.quizzes.kinds.choice import Choice, Multiple, Option, Single, TrueFalse, true_false
from lms.quizzes.kinds.cloze import Cloze, Gap
from lms.quizzes.kinds.content import WHOLE, Both, Content
from lms.quizzes.kinds.essay import Essay
from lms.quizzes.kinds.hotspot import Hotspot, Shape, Zone
from lms.quizzes.kinds.matching import Matching
from lms.quizzes.kinds.numeric import Numeric, Unit, UnitRule, Value
from lms.quizzes.kinds.ordering import Ordering
from lms.quizzes.kinds.short import Form, Short

Read = tuple[Both, Content]
"""The stem and the content."""

GRADING = {
    "RELATIVE_NEXT_EXCLUDE_LAST": ordering.Credit.NEIGHBOURS,
    "ABSOLUTE_POSITION": ordering.Credit.PLACES,
    "ALL_OR_NOTHING": ordering.Credit.ALL,
}
_GRADING_NUMBERS = {"1": "RELATIVE_NEXT_EXCLUDE_LAST", "0": "ABSOLUTE_POSITION", "-1": "ALL_OR_NOTHING"}
_PAIR = re.compile(r"^\s*(-?\d{1,5})(?:\.\d+)?\s*,\s*(-?\d{1,5})(?:\.\d+)?\s*$")
_PLACE = re.compile(r"\[\[(\d{1,3})\]\]")


def read(kind: str, source: Source) -> Read:
    """Stem and content of a question of this type; raises Unfit."""
    reader = _READERS.get(kind)
    if reader is None:
        if kind == "description":
            raise Unfit("no-answers", N_("Chỉ là lời dẫn, không phải câu hỏi."))
        raise Unfit("kind", N_("Loại câu hỏi “%(kind)s” của Moodle không nhập được."), kind=kind[:40])
    return reader(source)


def _plain(content: Callable[[Source], Content]) -> Callable[[Source], Read]:
    return lambda source: (source.text(source.node.find("questiontext")), content(source))


def _choice(source: Source) -> Single | Multiple:
    options = [
        (source.text(one, inline=True), share_of(one.get("fraction", "0")), source.text(one.find("feedback")))
        for one in source.answers()
    ]
    multiple = not source.flag("single", True)
    return choice_of(options, multiple=multiple, keep_order=not source.flag("shuffleanswers", True))


def _all_or_nothing(source: Source) -> Choice:
    """The plugin "multichoiceset": exactly the right options or nothing."""
    options = tuple(
        Option(
            source.text(one, inline=True),
            share_of(one.get("fraction", "0")) > 0,
            source.text(one.find("feedback")),
        )
        for one in source.answers()
    )
    return Multiple(options, choice.Credit.ALL, keep_order=not source.flag("shuffleanswers", True))


def _true_false(source: Source) -> TrueFalse:
    feedback = {"true": Both(), "false": Both()}
    right = set()
    for one in source.answers():
        name = source.raw(one).strip().lower()
        if name in feedback:
            feedback[name] = source.text(one.find("feedback"))
            right |= {name} if share_of(one.get("fraction", "0")) == WHOLE else set()
    if len(right) != 1:
        raise Unfit("truth", N_("Chưa chọn Đúng hay Sai. Hãy chọn."))
    return true_false(right == {"true"}, feedback["true"], feedback["false"])


def _short(source: Source) -> Short:
    forms = []
    for one in source.answers():
        form = form_of(html_text.clean(source.raw(one)))
        said = source.text(one.find("feedback"))
        if form is None:
            source.catch_all.append(said)
        else:
            forms.append(Form(form, share_of(one.get("fraction", "100")), said))
    return Short(tuple(forms), exact=source.flag("usecase"))


def _numeric(source: Source) -> Numeric:
    values = []
    for one in source.answers():
        said = source.text(one.find("feedback"))
        written = source.raw(one).strip()
        if written == "*":
            source.catch_all.append(said)
            continue
        room = (one.findtext("tolerance") or "0").strip() or "0"
        share = share_of(one.get("fraction", "100"))
        values.append(Value(number_of(written), number_of(room), share=share, feedback=said))
    units = tuple(_unit(one) for one in source.node.findall("units/unit"))
    rule = _unit_rule(source, units)
    return Numeric(tuple(values), units if rule != UnitRule.NONE else (), rule)


def _unit(node: Element) -> Unit:
    """Moodle divides by the multiplier, we multiply by the factor."""
    multiplier = number_of(node.findtext("multiplier") or "1")
    if multiplier <= 0:
        raise Unfit("units", N_("Mỗi đơn vị đo ghi một lần, với hệ số lớn hơn 0."))
    return Unit(tidy(node.findtext("unit_name") or ""), Decimal(1) / multiplier)


def _unit_rule(source: Source, units: tuple[Unit, ...]) -> UnitRule:
    if not units or source.value("showunits") == "3":
        return UnitRule.NONE
    if source.value("unitgradingtype", "0") in {"", "0"}:
        return UnitRule.OPTIONAL
    if number_of(source.value("unitpenalty", "1") or "1") < 1:
        message = N_("Câu chỉ trừ một phần điểm khi sai đơn vị đo; ở đây sai đơn vị là sai. Hãy đổi trong Moodle.")
        raise Unfit("units", message)
    return UnitRule.REQUIRED


def _matching(source: Source) -> Matching:
    pairs = []
    for one in source.node.findall("subquestion"):
        kept = html_text.read(html_text.HTML, source.raw(one.find("answer")), source.figures.resolve, inline=True)
        pairs.append((source.text(one, inline=True), kept))
    return matching_of(pairs)


def _ordering(source: Source) -> Ordering:
    source.require("selecttype", {"ALL", "0"}, "select")
    grading = source.value("gradingtype", "ABSOLUTE_POSITION") or "ABSOLUTE_POSITION"
    credit = GRADING.get(_GRADING_NUMBERS.get(grading, grading))
    if credit is None:
        raise Unfit("credit", N_("Cách chấm “%(name)s” của câu xếp thứ tự không nhập được."), name=grading[:40])
    return Ordering(tuple(source.text(one, inline=True) for one in source.answers()), credit)


def _essay(source: Source) -> Essay:
    guide = source.text(source.node.find("graderinfo")).vi
    return Essay(DEFAULT_RUBRIC, source.whole("minwordlimit"), source.whole("maxwordlimit"), guide)


def _cloze(source: Source) -> Read:
    node = source.node.find("questiontext")
    form, resolve = source.form(node), source.figures.resolve
    text, gaps, catch_all = cloze_code.held(
        html_text.in_one_language(source.raw(node)),
        lambda words: html_text.read(form, words, resolve, inline=True),
    )
    source.catch_all += catch_all
    stem = html_text.read(form, text, resolve)
    return Both(cloze_code.released(stem.vi)), Cloze(tuple(gaps))


def _selection(source: Source) -> Read:
    """The types "gapselect" and "ddwtos": places `[[n]]` for the n-th word; the words of its group are the options."""
    words = [
        (source.text(one, inline=True), (one.findtext("group") or "1").strip())
        for one in [*source.node.findall("selectoption"), *source.node.findall("dragbox")]
    ]
    gaps: list[Gap] = []

    def place(found: re.Match[str]) -> str:
        number = int(found[1])
        if not 1 <= number <= len(words):
            raise Unfit("gap", N_("Chỗ trống [[%(n)s]] không có đáp án."), n=number)
        right, group = words[number - 1]
        options = [Option(text, text == right) for text, one in dict.fromkeys(words) if one == group]
        gaps.append(Gap(Single(tuple(options))))
        return f"{cloze_code.OPEN}{len(gaps)}{cloze_code.CLOSE}"

    node = source.node.find("questiontext")
    text = _PLACE.sub(place, html_text.in_one_language(source.raw(node)))
    stem = html_text.read(source.form(node), text, source.figures.resolve)
    return Both(cloze_code.released(stem.vi)), Cloze(tuple(gaps))


def _hotspot(source: Source) -> Read:
    """The type "ddmarker", where its markers are all alike: zones on an image."""
    stem = source.text(source.node.find("questiontext"))
    files = source.node.findall("file")
    if len(files) != 1:
        raise Unfit("figure", N_("Chưa có hình. Hãy tải lên một hình PNG hoặc JPEG."))
    image = figures.decoded(files[0].text or "")
    _kind, width, height = figures.look(image)
    if len(source.node.findall("drag")) > 1:
        message = N_("Câu có nhiều thẻ khác nhau để đặt lên hình; ở đây chỉ có các điểm như nhau.")
        raise Unfit("markers", message)
    source.figures.shown[digest_of(image)] = image
    zones = tuple(_zone(one) for one in source.node.findall("drop"))
    name = alternative_of(source.value("name/text"), stem)
    return stem, Hotspot(digest_of(image), width, height, name, zones)


def alternative_of(title: str, stem: Both) -> Both:
    """What to say of an image that a file says nothing of."""
    return Both(tidy(title) or rich_text.plain(stem.vi)[:80])


def _zone(node: Element) -> Zone:
    shape, pieces = (node.findtext("shape") or "").strip(), (node.findtext("coords") or "").split(";")
    if shape == "circle" and len(pieces) == 2:
        (x, y), radius = _pair(pieces[0]), _pair(f"{pieces[1]},0")[0]
        return Zone(Shape.CIRCLE, (x, y, radius))
    if shape == "rectangle" and len(pieces) == 2:
        (x, y), (width, height) = _pair(pieces[0]), _pair(pieces[1])
        return Zone(Shape.RECTANGLE, (x, y, x + width, y + height))
    if shape == "polygon":
        return Zone(Shape.POLYGON, tuple(number for piece in pieces for number in _pair(piece)))
    raise Unfit("zone", N_("Vùng có dạng “%(shape)s” không nhập được."), shape=shape[:40])


def _pair(text: str) -> tuple[int, int]:
    found = _PAIR.match(text)
    if found is None:
        raise Unfit("zone", N_("Tọa độ “%(text)s” không đọc được."), text=text[:40])
    return int(found[1]), int(found[2])


_READERS: dict[str, Callable[[Source], Read]] = {
    "multichoice": _plain(_choice),
    "multichoiceset": _plain(_all_or_nothing),
    "truefalse": _plain(_true_false),
    "shortanswer": _plain(_short),
    "numerical": _plain(_numeric),
    "matching": _plain(_matching),
    "ordering": _plain(_ordering),
    "essay": _plain(_essay),
    "cloze": _cloze,
    "multianswer": _cloze,
    "gapselect": _selection,
    "ddwtos": _selection,
    "ddmarker": _hotspot,
}
