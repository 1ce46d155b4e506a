"""A matrix of answers as a CSV file: `person,item1,item2…`, a row each person, cells 0, 1 or a share between.

A blank cell is an item the person was not asked or did not reach. Written with ";" between cells, as Excel does where
the comma is the decimal mark, numbers may have one: "0,5".
"""

import csv
import io
from collections.abc import Iterator, Sequence

import numpy as np

from lms.core.errors import N_, RuleBroken, RulesBroken
from lms.core.text import tidy
from lms.quizzes.analysis.matrix import Responses

MOST_MISTAKES = 50
MOST_CELLS = 5_000_000
BOM = "\ufeff"


def read_table(content: bytes) -> Responses:
    """The matrix; raises RulesBroken with the row (counted from 1, the heading's) and the column of every mistake."""
    text = _text(content)
    semicolons = ";" in text.partition("\n")[0] and "," not in text.partition("\n")[0]
    try:
        lines = list(csv.reader(io.StringIO(text), delimiter=";" if semicolons else ",", strict=True))
    except csv.Error as fault:
        message = N_("Tệp không đọc được như CSV: %(fault)s.")
        raise RulesBroken([RuleBroken(message, code="bad-csv", fault=str(fault))]) from fault
    rows = [(number, [tidy(cell) for cell in line]) for number, line in enumerate(lines, 1)]
    rows = [(number, line) for number, line in rows if any(line)]
    items = _items(rows)
    mistakes, values, persons = [], [], []
    seen: dict[str, int] = {}
    for number, line in rows[1:]:
        mistakes += list(_row_mistakes(number, line, items, seen))
        cells, wrong = _cells(number, line[1:], items, semicolons)
        mistakes += wrong
        values.append(cells)
        persons.append(line[0])
        if len(mistakes) >= MOST_MISTAKES:
            break
    if mistakes:
        raise RulesBroken(mistakes[:MOST_MISTAKES])
    return Responses.of(np.array(values, dtype=float), items, persons)


def _text(content: bytes) -> str:
    try:
        return content.decode("utf-8").removeprefix(BOM)
    except UnicodeDecodeError as fault:
        message = N_("Tệp không phải UTF-8. Hãy lưu lại từ Excel dạng “CSV UTF-8”.")
        line = content[: fault.start].count(b"\n") + 1
        raise RulesBroken([RuleBroken(message, code="bad-csv", where=_where(line))]) from fault


def _items(rows: Sequence[tuple[int, list[str]]]) -> list[str]:
    """The items' names in the heading."""
    if not rows:
        raise RulesBroken([RuleBroken(N_("Tệp không có dòng nào."), code="bad-csv")])
    number, heading = rows[0]
    items = heading[1:]
    mistakes = []
    if not items:
        message = N_("Dòng đầu cần có “person” rồi tên từng câu, cách nhau bằng dấu phẩy.")
        mistakes.append(RuleBroken(message, code="bad-csv", where=_where(number)))
    for place, name in enumerate(items):
        if not name:
            message = N_("Cột %(column)s chưa có tên câu.")
            mistakes.append(RuleBroken(message, code="bad-csv", where=_where(number, place), column=place + 2))
        elif name in items[:place]:
            message = N_("Tên câu “%(name)s” có hai lần.")
            mistakes.append(RuleBroken(message, code="bad-csv", where=_where(number, place), name=name))
    if not mistakes and len(rows) < 2:
        mistakes.append(RuleBroken(N_("Dưới dòng đầu chưa có người nào."), code="bad-csv", where=_where(number + 1)))
    if not mistakes and len(rows) * len(items) > MOST_CELLS:
        mistakes.append(RuleBroken(N_("Tệp có quá %(most)s ô. Hãy chia nhỏ."), code="bad-csv", most=MOST_CELLS))
    if mistakes:
        raise RulesBroken(mistakes)
    return items


def _row_mistakes(number: int, line: list[str], items: list[str], seen: dict[str, int]) -> Iterator[RuleBroken]:
    if len(line) != len(items) + 1:
        message = N_("Dòng có %(n)s ô, dòng đầu có %(wanted)s.")
        yield RuleBroken(message, code="bad-csv", where=_where(number), n=len(line), wanted=len(items) + 1)
    if not line[0]:
        yield RuleBroken(N_("Chưa ghi người."), code="bad-csv", where=_where(number, -1))
    elif (first := seen.setdefault(line[0], number)) != number:
        message = N_("“%(name)s” đã có ở dòng %(row)s.")
        yield RuleBroken(message, code="bad-csv", where=_where(number, -1), name=line[0], row=first)


def _cells(
    number: int, cells: list[str], items: list[str], decimal_comma: bool
) -> tuple[list[float], list[RuleBroken]]:
    values, mistakes = [float("nan")] * len(items), []
    for place, cell in enumerate(cells[: len(items)]):
        if not cell:
            continue
        value = _share(cell.replace(",", ".") if decimal_comma else cell)
        if value is None:
            message = N_("Câu “%(item)s”: “%(cell)s” không phải số từ 0 đến 1.")
            where = _where(number, place)
            mistakes.append(RuleBroken(message, code="bad-cell", where=where, item=items[place], cell=cell[:40]))
        else:
            values[place] = value
    return values, mistakes


def _share(cell: str) -> float | None:
    try:
        value = float(cell)
    except ValueError:
        return None
    return value if 0 <= value <= 1 else None


def _where(row: int, item: int | None = None) -> str:
    """ "row 3", or "row 3, column 2" for the item counted from 0 (-1: the person)."""
    return f"row {row}" if item is None else f"row {row}, column {item + 2}"
