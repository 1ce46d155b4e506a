"""Where a short Vietnamese or English text is broken into lines: of like width, and where a reader would pause.

Vietnamese writes a space between syllables, so a plain wrap splits words such as "thông tin" in two.
"""

import math
from itertools import pairwise

_OPENING_WORDS = frozenset(
    {"và", "của", "tại", "trong", "cho", "về", "với", "do", "nhằm", "góp", "thuộc", "·"}
    | {"and", "of", "in", "on", "for", "to", "with", "the", "at"}
)
_COMPOUNDS = frozenset(
    {"thông tin", "đối ngoại", "đối nội", "hội nghị", "tập huấn", "bồi dưỡng", "kiến thức", "nghiệp vụ", "công tác"}
    | {"truyền thông", "tuyên truyền", "tuyên giáo", "dân vận", "quảng bá", "hình ảnh", "việt nam", "góp phần"}
    | {"nâng cao", "chất lượng", "hiệu quả", "tình hình", "nhân quyền", "phát ngôn", "người phát", "cung cấp"}
    | {"báo chí", "đội ngũ", "cán bộ", "công chức", "viên chức", "khu vực", "miền núi", "biên giới", "đồng bào"}
    | {"dân tộc", "thiểu số", "hội nhập", "hợp tác", "quốc tế", "văn hóa", "thể thao", "du lịch", "thành phố"}
    | {"chính phủ", "chính trị", "xã hội", "cơ sở", "cơ quan", "đơn vị", "chỉ đạo", "quản lý", "nhà nước"}
    | {"khoa học", "công nghệ", "giáo dục", "đào tạo", "ủy ban", "nhân dân", "trung ương", "địa phương"}
    | {"trưởng phòng", "phó trưởng", "giám đốc", "phó giám", "chủ tịch", "phó chủ", "chuyên viên", "ngoại vụ"}
)
"""Pairs of syllables that this field's titles are full of; a break inside one is avoided where another will do."""

_AT_A_PAUSE, _ANYWHERE, _IN_A_WORD, _BEFORE_A_NUMBER = 0.0, 0.06, 0.3, 0.5


def lines_needed(widths: list[float], space: float, width: float) -> float:
    """How many lines words of these widths fill greedily; infinite if a single word is too wide."""
    if max(widths) > width:
        return math.inf
    lines, used = 1, -space
    for word in widths:
        used += space + word
        if used > width:
            lines, used = lines + 1, word
    return lines


def break_lines(words: list[str], widths: list[float], space: float, width: float, lines: int) -> tuple[str, ...]:
    """The words on exactly `lines` lines, none wider than `width`; `lines` must be enough (see `lines_needed`).

    Dynamic programming over line ends, as in Knuth and Plass, "Breaking paragraphs into lines" (1981): the square of
    each line's deviation from the mean, plus the cost of each break.
    """
    if lines == 1:
        return (" ".join(words),)
    reach = [0.0]
    for word in widths:
        reach.append(reach[-1] + word + space)
    mean = reach[-1] / lines
    best: dict[int, tuple[float, tuple[int, ...]]] = {0: (0.0, ())}
    for _ in range(lines):
        longer: dict[int, tuple[float, tuple[int, ...]]] = {}
        for start, (cost, ends) in best.items():
            for end in range(start + 1, len(words) + 1):
                line = reach[end] - reach[start] - space
                if line > width:
                    break
                total = cost + (line / mean - 1) ** 2 + _break_cost(words, end)
                if end not in longer or total < longer[end][0]:
                    longer[end] = (total, (*ends, end))
        best = longer
    ends = best[len(words)][1]
    return tuple(" ".join(words[start:end]) for start, end in zip((0, *ends), ends, strict=False))


def splits_a_word(lines: tuple[str, ...]) -> bool:
    """Whether a line ends inside one of the field's compound words."""
    return any(_compound(above.split()[-1], below.split()[0]) for above, below in pairwise(lines))


def _break_cost(words: list[str], end: int) -> float:
    """The cost of ending a line before `words[end]`."""
    if end == len(words) or words[end - 1][-1] in ",;:.":
        return _AT_A_PAUSE
    before, after = words[end - 1], words[end]
    if after[0].isdigit():
        return _BEFORE_A_NUMBER
    if _compound(before, after):
        return _IN_A_WORD
    return _AT_A_PAUSE if after.casefold() in _OPENING_WORDS else _ANYWHERE


def _compound(before: str, after: str) -> bool:
    return f"{before.strip('(')} {after.rstrip(',;:.)')}".casefold() in _COMPOUNDS
