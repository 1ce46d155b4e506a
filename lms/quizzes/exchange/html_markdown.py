"""Cleaned HTML from outside as Markdown of our subset, block by block."""

import re
from collections.abc import Callable

from markdown_it import MarkdownIt

from lms.quizzes.exchange.html_tree import HEADINGS, INLINE, Element, tree_of

Resolve = Callable[[str], str]
"""Gives the address of a stored figure, "figure:DIGEST", for the address of an image, or raises Unfit."""

_PLAIN = MarkdownIt("commonmark", {"html": False, "breaks": True}).enable("table")
_HIGH = str.maketrans("0123456789+-=()n", "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁼⁽⁾ⁿ")
_LOW = str.maketrans("0123456789+-=()", "₀₁₂₃₄₅₆₇₈₉₊₋₌₍₎")
_MARKS = re.compile(r"([\\`*_\[\]<])|&(?=#?\w+;)")
_LINE_MARK = re.compile(r"^([ ]*)(?:([#>+\-=~|])|(\d{1,9})([.)]))", re.MULTILINE)
_WEB = re.compile(r"^(?:https?://|mailto:)[^\s<>]+$", re.IGNORECASE)


def is_plain(text: str, *, inline: bool) -> bool:
    """Whether Markdown reads the text as the same words, line by line, without a mark."""
    if inline:
        tokens = _PLAIN.parseInline(text)
    else:
        tokens = _PLAIN.parse(text)
        if [token.type for token in tokens] != ["paragraph_open", "inline", "paragraph_close"] and text:
            return False
    said = ""
    for token in tokens:
        for child in token.children or ():
            if child.type not in {"text", "softbreak"}:
                return False
            said += child.content if child.type == "text" else "\n"
    return said == text


def from_plain(text: str, *, inline: bool) -> str:
    """Markdown that shows exactly these words; a text without marks stays as it is."""
    if inline:
        return text if is_plain(text, inline=True) else _escaped(text)
    blocks = re.split(r"\n\s*\n", "\n".join(line.strip() for line in text.splitlines()).strip())
    return "\n\n".join(one if is_plain(one, inline=False) else _escaped_block(one) for one in blocks)


def from_html(source: str, resolve: Resolve, *, inline: bool) -> str:
    """Markdown of an HTML text; with `inline` lines without blocks. Raises what `resolve` raises."""
    return _Writer(resolve, inline).text(tree_of(source))


def _escaped(text: str) -> str:
    return _MARKS.sub(lambda found: f"\\{found.group()}", text)


def _escaped_block(text: str) -> str:
    return _line_marks(_escaped(text))


def _line_marks(text: str) -> str:
    """No line begins a list, a heading, a quote, a table or a rule."""
    return _LINE_MARK.sub(
        lambda found: f"{found[1]}\\{found[2]}" if found[2] else f"{found[1]}{found[3]}\\{found[4]}", text
    )


class _Writer:
    """Writes the tree as Markdown."""

    def __init__(self, resolve: Resolve, inline: bool) -> None:
        self.resolve = resolve
        self.inline = inline

    def text(self, root: Element) -> str:
        """The whole."""
        return ("\n" if self.inline else "\n\n").join(self.blocks(root))

    def blocks(self, element: Element) -> list[str]:
        """The blocks of an element's children; loose words between blocks are paragraphs."""
        found: list[str] = []
        loose: list[Element | str] = []
        for child in element.children:
            if isinstance(child, str) or child.tag in INLINE:
                loose.append(child)
                continue
            found += self.paragraph(loose)
            loose = []
            found += self.block(child)
        return found + self.paragraph(loose)

    def block(self, element: Element) -> list[str]:
        """A block as Markdown, perhaps several, perhaps none."""
        if element.tag in {"ul", "ol"}:
            return self.items(element)
        if element.tag in HEADINGS:
            return self.paragraph([Element("b", {}, element.children)])
        written = _ONLY_BLOCKS.get(element.tag)
        return self.blocks(element) if written is None or self.inline else written(self, element)

    def quote(self, element: Element) -> list[str]:
        """A quotation."""
        inner = "\n\n".join(self.blocks(element))
        return ["\n".join(f"> {line}".rstrip() for line in inner.splitlines())] if inner else []

    def code(self, element: Element) -> list[str]:
        """Lines of code."""
        code = _words(element).strip("\n")
        fence = "`" * max(3, 1 + max((len(one) for one in re.findall("`+", code)), default=0))
        return [f"{fence}\n{code}\n{fence}"] if code.strip() else []

    def rule(self, _element: Element) -> list[str]:
        """A line across."""
        return ["---"]

    def paragraph(self, children: list[Element | str]) -> list[str]:
        """The words of a paragraph, as they are where Markdown leaves them so."""
        if all(isinstance(child, str) or child.tag == "br" for child in children):
            words = _tidy("".join(child if isinstance(child, str) else "\x00" for child in children))
            if not words:
                return []
            if is_plain(words, inline=self.inline):
                return [words]
        marked = _tidy("".join(self.run(child) for child in children))
        return [marked if self.inline else _line_marks(marked)] if marked else []

    def run(self, child: Element | str) -> str:
        """A run of words with its marks; a line break is a NUL until the spaces are tidied."""
        if isinstance(child, str):
            return _escaped(child.replace("\x00", ""))
        if child.tag in {"br", "img", "code"}:
            return self.piece(child)
        inner = "".join(self.run(one) for one in child.children)
        if child.tag in _AROUND:
            return _around(inner, _AROUND[child.tag])
        if child.tag in {"sub", "sup"}:
            return _shifted(inner, child.tag)
        return _link(inner, child.attributes.get("href", "").strip()) if child.tag == "a" else inner

    def piece(self, child: Element) -> str:
        """A break, an image, a piece of code."""
        if child.tag == "br":
            return "\x00"
        if child.tag == "code":
            return _code(_words(child))
        words = " ".join(child.attributes.get("alt", "").split())
        return f"![{_escaped(words)}]({self.resolve(child.attributes.get('src', ''))})"

    def items(self, element: Element) -> list[str]:
        """A list."""
        lines = []
        start = element.attributes.get("start", "")
        number = int(start) if start.isascii() and start.isdigit() and len(start) < 9 else 1
        for child in element.children:
            if isinstance(child, str) or child.tag != "li":
                inner = self.blocks(Element("", {}, [child]))
            else:
                inner = self.blocks(child)
            if not inner:
                continue
            mark = f"{number}. " if element.tag == "ol" else "- "
            number += 1
            text = "\n\n".join(inner) if any("\n" in one for one in inner) else "\n".join(inner)
            text = _escaped_inline_lines(text) if self.inline else text
            lines.append(mark + text.replace("\n", "\n" + " " * (0 if self.inline else len(mark))))
        return ["\n".join(line.rstrip() for line in "\n".join(lines).splitlines())] if lines else []

    def table(self, element: Element) -> list[str]:
        """A table; its first row is its head."""
        rows = [
            [" ".join("\n".join(self.blocks(cell)).split()).replace("|", "\\|") for cell in _inside(row, {"td", "th"})]
            for row in _inside(element, {"tr"})
        ]
        rows = [row for row in rows if row]
        if not rows:
            return []
        width = max(len(row) for row in rows)
        lines = [f"| {' | '.join(row + [''] * (width - len(row)))} |" for row in rows]
        return ["\n".join([lines[0], "|" + " --- |" * width, *lines[1:]])]


_ONLY_BLOCKS = {"table": _Writer.table, "blockquote": _Writer.quote, "pre": _Writer.code, "hr": _Writer.rule}
_AROUND = {"b": "**", "strong": "**", "i": "*", "em": "*"}


def _link(inner: str, href: str) -> str:
    if not _WEB.match(href) or not inner.strip("\x00 "):
        return inner
    return f"[{inner}](<{href}>)" if set(href) & set("()\\*_`[]") else f"[{inner}]({href})"


def _escaped_inline_lines(text: str) -> str:
    return "\n".join(line for line in text.splitlines() if line)


def _inside(element: Element, tags: set[str]) -> list[Element]:
    """The nearest elements of these tags within."""
    found = []
    for child in element.children:
        if isinstance(child, Element):
            found += [child] if child.tag in tags else _inside(child, tags)
    return found


def _words(element: Element) -> str:
    return "".join(
        child if isinstance(child, str) else "\n" if child.tag == "br" else _words(child) for child in element.children
    )


def _tidy(run: str) -> str:
    """Single spaces, lines where breaks were."""
    lines = [" ".join(line.split()) for line in run.split("\x00")]
    return "\n".join(line for line in lines if line)


def _around(inner: str, mark: str) -> str:
    """Marks around the words, spaces outside of them."""
    words = inner.strip("\x00 \t\r\n\xa0")
    if not words or "\x00" in words:
        return inner
    before, after = inner[: inner.index(words)], inner[inner.index(words) + len(words) :]
    return f"{before}{mark}{words}{mark}{after}"


def _shifted(inner: str, tag: str) -> str:
    """Small raised or lowered digits as letters of their own; other words after ^ or _."""
    table, mark = (_HIGH, "^") if tag == "sup" else (_LOW, "\\_")
    words = inner.strip()
    if not words:
        return inner
    moved = words.translate(table)
    return moved if all(ord(one) in table for one in words) else f"{mark}{words}"


def _code(words: str) -> str:
    words = " ".join(words.split())
    fence = "`" * (1 + max((len(one) for one in re.findall("`+", words)), default=0))
    gap = " " if words.startswith("`") or words.endswith("`") else ""
    return f"{fence}{gap}{words}{gap}{fence}" if words else ""
