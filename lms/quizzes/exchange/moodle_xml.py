"""Reading Moodle XML: every question on its own, so that a bad one keeps no other out."""

from xml.etree.ElementTree import Element

from lms.core import rich_text
from lms.core.errors import N_
from lms.core.text import tidy
from lms.quizzes.exchange import moodle_xml_kinds
from lms.quizzes.exchange.entries import MOST_QUESTIONS, Entry, Reading, Refused, Unfit, checked, no_reading
from lms.quizzes.exchange.moodle_names import category_of
from lms.quizzes.exchange.moodle_xml_nodes import Source
from lms.quizzes.exchange.xml_tree import parse
from lms.quizzes.kinds.content import Both
from lms.quizzes.wording import Labels, Words


def read(content: bytes) -> Reading:
    """The questions of a Moodle XML file."""
    try:
        root = parse(content)
    except Unfit as unfit:
        return no_reading("moodle-xml", unfit.code, unfit.message, **unfit.params)
    if root.tag != "quiz":
        return no_reading("moodle-xml", "not-quiz", N_("Tệp XML không phải câu hỏi của Moodle (không có <quiz>)."))
    reading = Reading("moodle-xml")
    category, number = "", 0
    for node in root.iter("question"):
        if node.get("type") == "category":
            category = category_of(node.findtext("category/text") or "")
            continue
        number += 1
        where = f"question {number}, line {getattr(node, 'line', 0)}"
        if number > MOST_QUESTIONS:
            message = N_("Tệp có quá %(most)s câu hỏi. Hãy chia tệp ra.")
            reading.refused.append(Refused(where, "too-many", message, {"most": MOST_QUESTIONS}))
            break
        try:
            reading.entries.append(_entry(node, category, where))
        except Unfit as unfit:
            reading.refused.append(unfit.at(where))
    if not number:
        return no_reading("moodle-xml", "empty", N_("Tệp không có câu hỏi nào."))
    return reading


def usual_title(stem: Both) -> str:
    """The name a question goes by in Moodle that has no title with us."""
    return tidy(rich_text.plain(stem.vi))[:80].strip() or "?"


def _entry(node: Element, category: str, where: str) -> Entry:
    source = Source(node)
    stem, content = moodle_xml_kinds.read(node.get("type", ""), source)
    feedback = source.with_catch_all(source.text(node.find("generalfeedback")))
    title = tidy(source.value("name/text"))
    tags = (tidy(tag.text or "") for tag in node.iterfind("tags/tag/text"))
    labels = Labels(
        title="" if title == usual_title(stem) else title,
        category=category,
        tags=tuple(dict.fromkeys(tag for tag in tags if tag)),
    )
    return checked(Entry(Words(content, stem, feedback), labels, where, source.figures.shown))
