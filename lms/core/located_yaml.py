"""YAML that remembers on which line each key stands, so that a mistake can be shown where it was made."""

import re
from pathlib import Path
from typing import Any

import yaml

from lms.core.errors import RuleBroken


class Located(dict[str, Any]):
    """A mapping with the 1-based line of the mapping itself and of each of its keys."""

    line: int
    lines: dict[str, int]

    def place(self, key: str | None, file: str) -> str:
        """Where the key stands, as "file:line"; the mapping's own line when it lacks the key."""
        return f"{file}:{self.lines.get(key, self.line) if key else self.line}"

    def both(self, key: str, file: str) -> tuple[str, str]:
        """A text in both languages; raises RuleBroken when either is missing or empty."""
        value = self.get(key)
        for language in ("vi", "en"):
            if not isinstance(value, dict) or not isinstance(value.get(language), str) or not value[language].strip():
                raise RuleBroken(
                    "Mục “%(key)s” thiếu bản %(language)s.",
                    code="missing-text",
                    where=self.place(key, file),
                    key=key,
                    language=language,
                )
        return value["vi"].strip(), value["en"].strip()  # type: ignore[index]


class _Loader(yaml.SafeLoader):
    """Builds `Located` mappings and refuses a key given twice."""


def _mapping(loader: _Loader, node: yaml.MappingNode) -> Located:
    located = Located()
    located.line, located.lines = node.start_mark.line + 1, {}
    for key_node, value_node in node.value:
        key = str(loader.construct_object(key_node, deep=True))
        if key in located:
            raise yaml.constructor.ConstructorError(None, None, f"“{key}” twice", key_node.start_mark)
        located[key] = loader.construct_object(value_node, deep=True)
        located.lines[key] = key_node.start_mark.line + 1
    return located


_Loader.add_constructor(yaml.resolver.BaseResolver.DEFAULT_MAPPING_TAG, _mapping)


def read(path: Path, name: str) -> Located:
    """Read a file holding one mapping; raises RuleBroken naming `name` and the line."""
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError):
        raise RuleBroken("Không đọc được tệp dưới dạng UTF-8.", code="unreadable", where=name) from None
    return parse(text, name)


def parse(text: str, name: str, first_line: int = 1) -> Located:
    """Parse a text holding one mapping, whose first line is line `first_line` of `name`."""
    try:
        content = yaml.load(text, _Loader)
    except yaml.MarkedYAMLError as error:
        line = (error.problem_mark.line if error.problem_mark else 0) + first_line
        problem = (error.problem or "").replace("%", "%%")
        raise RuleBroken(f"YAML: {problem}", code="yaml", where=f"{name}:{line}") from None
    if not isinstance(content, Located):
        raise RuleBroken("Cần các dòng dạng “mục: nội dung”.", code="yaml", where=f"{name}:{first_line}")
    _shift(content, first_line - 1)
    return content


def line_of(content: Located, path: str) -> int:
    """The line of a value given by a path such as "questions[3].options[1].text.vi"; the nearest known one above it."""
    line = content.line
    value: Any = content
    for name, index in re.findall(r"([^.\[\]]+)|\[(\d+)\]", path):
        if name and isinstance(value, Located) and name in value:
            line, value = value.lines.get(name, line), value[name]
        elif index and isinstance(value, list) and int(index) < len(value):
            value = value[int(index)]
            line = value.line if isinstance(value, Located) else line
        else:
            break
    return line


def _shift(value: Any, by: int) -> None:
    if by and isinstance(value, Located):
        value.line += by
        value.lines = {key: line + by for key, line in value.lines.items()}
        for child in value.values():
            _shift(child, by)
    elif by and isinstance(value, list):
        for child in value:
            _shift(child, by)
