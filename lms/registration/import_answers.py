"""What a person said on the pages of an import, as the services take it."""

from collections.abc import Mapping
from typing import Any, Protocol

from lms.registration.headings import Field
from lms.registration.models import DelegateImport
from lms.registration.reading import Choices
from lms.registration.rows import Correction


class Posted(Protocol):
    """A posted form: the first value of a name, or all."""

    def get(self, key: str, /) -> str | None:
        """The first value, or None."""

    def getlist(self, key: str, /) -> list[str]:
        """All values."""

    def __contains__(self, key: object, /) -> bool: ...


def corrections(form: Posted) -> dict[int, Correction]:
    """What was said of the rows that stood on the page, by the rows' keys; a button may leave out or take back one."""
    typed: dict[int, dict[str, str]] = {}
    kept: dict[int, dict[str, bool]] = {}
    same: dict[int, bool] = {}
    for number in form.getlist("row"):
        if _is_key(number):
            boxes: Mapping[str, Any] = {str(name): form.get(f"r{number}-{name}") for name in Field}
            typed[int(number)] = {name: text[:500] for name, text in boxes.items() if text is not None}
    for number in form.getlist("asked"):
        answer = form.get(f"r{number}-same")
        if _is_key(number) and answer in {"yes", "no"}:
            same[int(number)] = answer == "yes"
    chosen = set(form.getlist("keep"))
    for cell in form.getlist("cell"):
        number, _, name = cell.partition("-")
        if _is_key(number) and name in set(Field):
            kept.setdefault(int(number), {})[name] = cell in chosen
    skipped = {key: f"r{key}-skip" in form for key in typed}
    for button, skips in (("skip", True), ("take", False)):
        number = form.get(button) or ""
        if _is_key(number):
            skipped[int(number)] = skips
    return {
        key: Correction(
            typed.get(key, {}),
            skipped=skipped.get(key),
            same=same.get(key),
            kept=kept.get(key, {}),
            seen=form.get(f"r{key}-seen"),
        )
        for key in typed.keys() | kept.keys() | same.keys() | skipped.keys()
    }


def choices(form: Posted, imported: DelegateImport) -> Choices:
    """The fields chosen for the columns of the page, and the sheets to be read."""
    allowed = {str(name) for name in Field}
    fields = {}
    for column in imported.layout["columns"]:
        said = form.get(f"column-{column['letter']}")
        if said is not None:
            fields[column["letter"]] = said if said in allowed else ""
    sheets = frozenset(form.getlist("sheet")) if "sheets" in form else None
    return Choices(fields, sheets or None)


def _is_key(number: str) -> bool:
    return number.isascii() and number.isdecimal() and len(number) < 9
