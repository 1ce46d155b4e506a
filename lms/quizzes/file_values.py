"""Values out of a parsed file, each checked for its shape, and every mistake noted with its place: pure."""

from collections.abc import Iterator
from contextlib import suppress
from decimal import Decimal, InvalidOperation
from enum import StrEnum
from typing import Any, TypeVar

from lms.core.errors import N_, RuleBroken
from lms.core.text import tidy
from lms.quizzes.kinds.content import EMPTY, Both

Kind = TypeVar("Kind", bound=StrEnum)

_TEXT_MISSING = N_("Thiếu chữ ở đây. Cần cả vi và en.")


class FileReader:
    """Takes values out of parsed data and notes what is not as it should be."""

    def __init__(self, refusals: list[RuleBroken]) -> None:
        self.refusals = refusals

    def refuse(self, message: str, where: str, **params: Any) -> None:
        """Note a mistake."""
        self.refusals.append(RuleBroken(message, code="bad-question-file", where=where or ".", **params))

    def mapping(self, value: Any, where: str) -> dict[str, Any]:
        """Names and values; empty where there are none."""
        if isinstance(value, dict):
            return value
        self.refuse(N_("Cần các cặp tên và giá trị ở đây."), where)
        return {}

    def entries(self, value: Any, where: str) -> Iterator[tuple[str, dict[str, Any]]]:
        """The mappings of a list with their places."""
        if not isinstance(value, list):
            self.refuse(N_("Cần một danh sách ở đây."), where)
            return
        for place, entry in enumerate(value):
            at = f"{where}[{place}]"
            if isinstance(entry, dict):
                yield at, entry
            else:
                self.refuse(N_("Cần các cặp tên và giá trị ở đây."), at)

    def refuse_unknown(self, entry: dict[str, Any], known: set[str], where: str) -> None:
        """Refuse names that mean nothing here."""
        for name in entry:
            if name not in known:
                at = f"{where}.{name}" if where else str(name)
                self.refuse(N_("Không có mục tên “%(name)s”. Hãy xem lại chính tả."), at, name=name)

    def key(self, value: Any, where: str, longest: int) -> str:
        """A name without spaces."""
        if isinstance(value, str) and 0 < len(value) <= longest and value == tidy(value) and " " not in value:
            return value
        self.refuse(N_("Cần một khóa không có khoảng trắng, dài nhất %(max)s ký tự."), where, max=longest)
        return ""

    def text(self, value: Any, where: str, longest: int = 4000) -> str:
        """A text that says something."""
        text = tidy(value) if isinstance(value, str) else ""
        if not text:
            self.refuse(_TEXT_MISSING, where)
        elif len(text) > longest:
            self.refuse(N_("Dài quá %(max)s ký tự. Hãy rút ngắn."), where, max=longest)
        return text

    def both(self, value: Any, where: str, longest: int = 4000) -> Both:
        """A text in both languages."""
        if not isinstance(value, dict):
            self.refuse(_TEXT_MISSING, where)
            return EMPTY
        self.refuse_unknown(value, {"vi", "en"}, where)
        return Both(
            self.text(value.get("vi"), f"{where}.vi", longest), self.text(value.get("en"), f"{where}.en", longest)
        )

    def both_or_none(self, value: Any, where: str) -> Both:
        """The same, or nothing at all."""
        return EMPTY if value is None else self.both(value, where)

    def one_of(self, kind: type[Kind], value: Any, where: str, default: Kind | None = None) -> Kind | None:
        """A value of an enumeration, None for another."""
        if value is None and default is not None:
            return default
        try:
            return kind(value)
        except ValueError:
            self.refuse(N_("Cần một trong: %(choices)s."), where, choices=", ".join(kind))
            return None

    def flag(self, value: Any, where: str, default: bool | None = None) -> bool:
        """True or false."""
        if isinstance(value, bool):
            return value
        if value is not None or default is None:
            self.refuse(N_("Cần true hoặc false."), where)
        return bool(default)

    def whole(self, value: Any, where: str, least: int, most: int) -> int | None:
        """A whole number within bounds, None where there is none."""
        if value is None:
            return None
        if isinstance(value, int) and not isinstance(value, bool) and least <= value <= most:
            return value
        self.refuse(N_("Cần một số nguyên từ %(least)s đến %(most)s."), where, least=least, most=most)
        return None

    def number(self, value: Any, where: str) -> Decimal:
        """A number; one written as text keeps its digits."""
        if isinstance(value, int | float | str) and not isinstance(value, bool):
            with suppress(InvalidOperation):
                found = Decimal(str(value))
                if found.is_finite():
                    return found
        self.refuse(N_("Cần một số ở đây, ví dụ 12.5."), where)
        return Decimal(0)

    def texts(self, value: Any, where: str) -> list[str]:
        """A list of texts."""
        if not isinstance(value, list):
            self.refuse(N_("Cần một danh sách ở đây."), where)
            return []
        return [self.text(str(one), f"{where}[{place}]", 500) for place, one in enumerate(value)]

    def keys_once(self, places: list[tuple[str, str]]) -> set[str]:
        """The keys, each refused the second time."""
        seen: set[str] = set()
        for where, key in places:
            if key and key in seen:
                self.refuse(N_("Khóa “%(key)s” đã dùng ở trên."), where, key=key)
            seen.add(key)
        return seen
