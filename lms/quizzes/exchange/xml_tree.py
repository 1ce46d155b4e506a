"""XML from outside as a tree that knows its lines: no document type, entities or network, no great size or depth."""

from typing import Any
from xml.etree.ElementTree import Element, ParseError, TreeBuilder

from defusedxml.common import DefusedXmlException
from defusedxml.ElementTree import DefusedXMLParser

from lms.core.errors import N_
from lms.quizzes.exchange.entries import LARGEST_FILE, Unfit

DEEPEST = 60
MOST_ELEMENTS = 400_000


class Node(Element):
    """An element with the line it begins on."""

    line: int = 0


class _Builder(TreeBuilder):
    """Builds nodes, counts them, and measures how deep they lie."""

    def __init__(self) -> None:
        super().__init__(element_factory=Node)
        self.parser: Any = None
        self.depth = self.count = 0

    def start(self, tag: Any, attrs: Any, /) -> Element:
        """One element deeper."""
        self.depth, self.count = self.depth + 1, self.count + 1
        if self.depth > DEEPEST or self.count > MOST_ELEMENTS:
            raise Unfit("xml-depth", N_("Tệp XML lồng quá sâu hoặc có quá nhiều phần tử."))
        node = super().start(tag, attrs)
        if isinstance(node, Node):
            node.line = self.parser.CurrentLineNumber
        return node

    def end(self, tag: Any, /) -> Element:
        """One element back."""
        self.depth -= 1
        return super().end(tag)


def parse(content: bytes) -> Node:
    """The root element; raises Unfit (too-large, xml-forbidden, xml-depth, not-xml)."""
    if len(content) > LARGEST_FILE:
        raise Unfit("too-large", N_("Tệp lớn quá %(most)s MB."), most=LARGEST_FILE // 1_000_000)
    builder = _Builder()
    parser = DefusedXMLParser(target=builder, forbid_dtd=True, forbid_entities=True, forbid_external=True)
    builder.parser = parser.parser
    try:
        parser.feed(content)
        root = parser.close()
    except DefusedXmlException as forbidden:
        message = N_("Tệp XML có phần khai báo DTD hoặc thực thể, vì an toàn không được đọc. Hãy bỏ phần đó đi.")
        raise Unfit("xml-forbidden", message) from forbidden
    except ParseError as broken:
        message = N_("Tệp không phải XML đúng quy cách, sai ở dòng %(line)s.")
        raise Unfit("not-xml", message, line=broken.position[0]) from broken
    except (ValueError, LookupError, AssertionError) as broken:
        raise Unfit("not-xml", N_("Tệp không phải XML đọc được.")) from broken
    if not isinstance(root, Node):
        raise Unfit("not-xml", N_("Tệp không phải XML đọc được."))
    return root
