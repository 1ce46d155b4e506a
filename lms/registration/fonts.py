"""Which cells of an .xlsx are shown in an old Vietnamese font (.VnTime, VNI-Times): its name decides how they are read.

Only the styles are read where no such font is named, which is nearly always.
"""

import io
import posixpath
import zipfile
from typing import Final
from xml.parsers import expat

from lms.core.old_fonts import encoding_of_font

_STYLES: Final = "xl/styles.xml"
_WORKBOOK: Final = "xl/workbook.xml"
_RELATIONS: Final = "xl/_rels/workbook.xml.rels"

Fonts = dict[tuple[int, int], str]


def old_fonts(content: bytes) -> dict[str, Fonts]:
    """Sheet name → (row, column) from 0 → font, for cells in old fonts. Raises KeyError or ValueError for a torn file.

    The archive must have passed `archive.kind_of`.
    """
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        names = set(archive.namelist())
        if not {_STYLES, _WORKBOOK, _RELATIONS} <= names:
            return {}
        styles = _old_styles(archive.read(_STYLES))
        if not styles:
            return {}
        return {
            sheet: _cells(archive.read(path), styles)
            for sheet, path in _sheets(archive.read(_WORKBOOK), archive.read(_RELATIONS)).items()
            if path in names
        }


def _elements(xml: bytes) -> list[tuple[str, dict[str, str], str]]:
    """(name, attributes, name of the parent) of every element, in order."""
    found: list[tuple[str, dict[str, str], str]] = []
    open_: list[str] = []

    def start(tag: str, attributes: dict[str, str]) -> None:
        name = tag.rpartition(":")[2]
        found.append((name, attributes, open_[-1] if open_ else ""))
        open_.append(name)

    def end(_tag: str) -> None:
        open_.pop()

    parser = expat.ParserCreate()
    parser.StartElementHandler, parser.EndElementHandler = start, end
    try:
        parser.Parse(xml, True)
    except expat.ExpatError as error:
        raise ValueError("not well-formed") from error
    return found


def _old_styles(xml: bytes) -> dict[str, str]:
    """Index of a cell format → its font, where that is an old one."""
    fonts: list[str] = []
    formats: list[int] = []
    for name, attributes, parent in _elements(xml):
        if name == "font" and parent == "fonts":
            fonts.append("")
        elif name == "name" and parent == "font" and fonts:
            fonts[-1] = attributes.get("val", "")
        elif name == "xf" and parent == "cellXfs":
            number = attributes.get("fontId", "0")
            formats.append(int(number) if number.isdecimal() and len(number) < 6 else 0)
    return {
        str(index): fonts[font]
        for index, font in enumerate(formats)
        if font < len(fonts) and encoding_of_font(fonts[font])
    }


def _sheets(workbook: bytes, relations: bytes) -> dict[str, str]:
    """Sheet name → its entry in the archive."""
    targets = {
        attributes.get("Id", ""): posixpath.normpath(posixpath.join("xl", attributes.get("Target", "")).lstrip("/"))
        for name, attributes, _parent in _elements(relations)
        if name == "Relationship"
    }
    return {
        attributes.get("name", ""): targets.get(attributes.get("r:id", ""), "")
        for name, attributes, _parent in _elements(workbook)
        if name == "sheet"
    }


def _cells(xml: bytes, styles: dict[str, str]) -> Fonts:
    found: Fonts = {}

    def start(tag: str, attributes: dict[str, str]) -> None:
        font = styles.get(attributes.get("s", ""))
        place = attributes.get("r", "")
        if font is None or tag.rpartition(":")[2] != "c" or not place:
            return
        letters = place.rstrip("0123456789")
        column = 0
        for letter in letters:
            column = column * 26 + ord(letter) - 64
        if len(letters) <= 3 and place[len(letters) :]:
            found[int(place[len(letters) :]) - 1, column - 1] = font

    parser = expat.ParserCreate()
    parser.StartElementHandler = start
    try:
        parser.Parse(xml, True)
    except expat.ExpatError as error:
        raise ValueError("not well-formed") from error
    return found
