"""One question of Moodle XML: its texts in their forms, its values, its files."""

from xml.etree.ElementTree import Element

from lms.core.errors import N_
from lms.quizzes.exchange import html_text
from lms.quizzes.exchange.entries import Unfit
from lms.quizzes.exchange.figures import Figures
from lms.quizzes.kinds.content import EMPTY, Both

_FORMS = {
    "html": html_text.HTML,
    "markdown": html_text.MARKDOWN,
    "plain_text": html_text.PLAIN,
    "moodle_auto_format": html_text.MOODLE,
}


class Source:
    """A `<question>`; `catch_all` gathers what is to be said to any other answer."""

    def __init__(self, node: Element) -> None:
        self.node = node
        self.figures = Figures()
        self.catch_all: list[Both] = []
        for file in node.iter("file"):
            self.figures.add(file.get("name", ""), file.text or "")

    def value(self, path: str, default: str = "") -> str:
        """The words of an element within, as they are."""
        found = self.node.find(path)
        return html_text.clean(found.text or "") if found is not None else default

    def flag(self, path: str, default: bool = False) -> bool:
        """Whether an element within says yes; one without words says yes too."""
        found = self.node.find(path)
        return default if found is None else (found.text or "true").strip().lower() in {"true", "1"}

    def whole(self, path: str, default: int = 0) -> int:
        """A whole number, at most six digits; anything else is the default."""
        text = self.value(path)
        return int(text) if text.isascii() and text.isdigit() and len(text) <= 6 else default

    def form(self, node: Element | None) -> str:
        """The form of a text."""
        return _FORMS.get(node.get("format", ""), html_text.MOODLE) if node is not None else html_text.MOODLE

    def raw(self, node: Element | None) -> str:
        """The words of a text node, in its form."""
        if node is None:
            return ""
        inner = node.find("text")
        return (inner.text or "") if inner is not None else (node.text or "").strip()

    def text(self, node: Element | None, *, inline: bool = False) -> Both:
        """A text node as ours."""
        if node is None:
            return EMPTY
        for file in node.findall("file"):
            self.figures.add(file.get("name", ""), file.text or "")
        return html_text.read(self.form(node), self.raw(node), self.figures.resolve, inline=inline)

    def answers(self) -> list[Element]:
        """The answers."""
        return self.node.findall("answer")

    def with_catch_all(self, feedback: Both) -> Both:
        """The feedback of the question with what was to be said to any other answer."""
        parts = [one for one in (feedback, *self.catch_all) if one.vi]
        return Both("\n\n".join(one.vi for one in parts), "\n\n".join(one.en for one in parts if one.en))

    def require(self, path: str, allowed: set[str], code: str) -> None:
        """Refuse what an element within says unless it is allowed; raises Unfit."""
        value = self.value(path, next(iter(allowed)))
        if value and value not in allowed:
            raise Unfit(code, N_("Thiết lập “%(name)s: %(value)s” không nhập được."), name=path, value=value[:40])
