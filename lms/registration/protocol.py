"""The order of precedence (thứ tự lễ tân) on a list, proposed from the words of each post.

It is a proposal of this product, not a rule of law: the order of precedence at a given event is the organizer's, who
may give any delegate another place on the same scale (`Delegate.protocol_rank`; 1 comes first). The steps are ten
apart, so that there is always room between two of them. Pure.
"""

import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Final

from lms.core.text import name_sort_key


class Level(StrEnum):
    """Where a post is held; the same word ranks lower in a province or a commune than at the centre."""

    CENTRE = "centre"
    PROVINCE = "province"
    COMMUNE = "commune"
    UNSAID = "unsaid"


@dataclass(frozen=True)
class Step:
    """One step of the order: posts that begin with these words, at these levels (none: at any)."""

    label: str
    words: str
    levels: frozenset[Level] = frozenset()


_CENTRE, _UNSAID = frozenset({Level.CENTRE}), frozenset({Level.UNSAID})
_ABOVE_A_COMMUNE = frozenset(Level) - {Level.COMMUNE}
_MASS_BODY: Final = r"(ban chấp hành )?(đoàn|hội (?!đồng)|liên đoàn|công đoàn|chi bộ|chi đoàn)"
STEPS: Final = (
    Step("Ủy viên Bộ Chính trị", r"ủy viên bộ chính trị|tổng bí thư|chủ tịch nước|chủ tịch quốc hội|thủ tướng"),
    Step("Ủy viên Ban Bí thư", r"ủy viên ban bí thư|phó thủ tướng|phó chủ tịch (nước|quốc hội)"),
    Step("Bộ trưởng", r"bộ trưởng"),
    Step("Trưởng Ban của Trung ương", r"trưởng ban|chủ nhiệm", _CENTRE),
    Step("Bí thư Tỉnh ủy, Thành ủy", r"bí thư (tỉnh ủy|thành ủy)"),
    Step("Thứ trưởng", r"thứ trưởng"),
    Step("Phó Trưởng Ban của Trung ương", r"phó (trưởng ban|chủ nhiệm)", _CENTRE),
    Step("Trưởng ban", r"trưởng ban|chủ nhiệm", _UNSAID),
    Step("Phó Trưởng ban", r"phó (trưởng ban|chủ nhiệm)", _UNSAID),
    Step("Chủ tịch UBND, HĐND tỉnh", r"chủ tịch|phó bí thư (thường trực )?(tỉnh|thành) ủy", _ABOVE_A_COMMUNE),
    Step("Phó Chủ tịch tỉnh", r"phó chủ tịch", _ABOVE_A_COMMUNE),
    Step("Bí thư", r"bí thư", _ABOVE_A_COMMUNE),
    Step("Giám đốc", r"(tổng )?giám đốc|tổng biên tập|hiệu trưởng|trưởng ban|chủ nhiệm", _ABOVE_A_COMMUNE),
    Step(
        "Phó Giám đốc",
        r"phó ((tổng )?giám đốc|bí thư|trưởng ban|chủ nhiệm|tổng biên tập|hiệu trưởng)",
        _ABOVE_A_COMMUNE,
    ),
    Step("Vụ trưởng, Cục trưởng", r"vụ trưởng|cục trưởng|viện trưởng"),
    Step("Phó Vụ trưởng, Phó Cục trưởng", r"phó (vụ|cục|viện) trưởng"),
    Step("Bí thư, Chủ tịch xã, phường", rf"bí thư(?! {_MASS_BODY})|chủ tịch(?! {_MASS_BODY})"),
    Step("Phó Bí thư, Phó Chủ tịch xã, phường", rf"phó (bí thư|chủ tịch)(?! {_MASS_BODY})"),
    Step("Trưởng ban, Giám đốc, người đứng đầu đoàn thể của xã, phường", r"bí thư|chủ tịch|giám đốc|trưởng ban"),
    Step("Cấp phó của ban, trung tâm, đoàn thể xã, phường", r"phó (bí thư|chủ tịch|giám đốc|trưởng ban)"),
    Step("Trưởng phòng, Chánh Văn phòng", r"trưởng (phòng|khoa|bộ môn)|chánh văn phòng|chánh"),
    Step("Phó Trưởng phòng", r"phó (trưởng )?(phòng|khoa|bộ môn)|phó chánh"),
    Step("Chuyên viên cao cấp", r"(chuyên viên|giảng viên|báo cáo viên) cao cấp"),
    Step("Chuyên viên chính", r"(chuyên viên|giảng viên|báo cáo viên) chính"),
    Step("Chuyên viên", r"chuyên viên|giảng viên|báo cáo viên|công chức|viên chức|phóng viên|biên tập viên"),
    Step("Chức vụ khác", r""),
)
"""From the highest. A post of several parts ("…, kiêm …") counts by its highest part."""

_CLAUSES = re.compile(r"[,;]|\bkiêm\b|\bđồng thời\b")
_BEFORE = re.compile(r"^(q\.|quyền|phụ trách|nguyên|đ/c|đồng chí|pgs\.?ts\.?|gs\.?ts\.?|ts\.?|ths\.?)\s+")
_SHORT: Final = (
    (re.compile(r"\bpgđ\b"), "phó giám đốc"),
    (re.compile(r"\bgđ\b"), "giám đốc"),
    (re.compile(r"\bpct\b"), "phó chủ tịch"),
    (re.compile(r"\bct\b"), "chủ tịch"),
    (re.compile(r"\btp\b\.?(?= |$)"), "trưởng phòng"),
    (re.compile(r"\bptp\b"), "phó trưởng phòng"),
    (re.compile(r"^p\.\s*"), "phó "),
    (re.compile(r"^(vụ|cục|viện) phó"), r"phó \1 trưởng"),
    (re.compile(r"uỷ"), "ủy"),
    (re.compile(r"\bphó (trưởng )?(?=(vụ|cục|viện) trưởng)"), "phó "),
)
_OF_A_COMMUNE = re.compile(r"(?<!tấn )(?<!tác )\bxã\b(?! hội)|\bphường\b|thị trấn|đặc khu|\bhuyện\b|\bquận\b")
_OF_A_PROVINCE = re.compile(r"\btỉnh\b|\bthành phố\b|\bthành ủy\b|\bsở\b")
_OF_THE_CENTRE = re.compile(r"trung ương|\btw\b|\btư\b|của chính phủ|của quốc hội|chính phủ$")


def rank_of(post: str, unit: str = "") -> int:
    """The proposed place of a post on the scale: 10 is the highest step, each further step ten more."""
    clauses = [one for one in (_tidied(part) for part in _CLAUSES.split(_folded(post))) if one]
    return min((_rank(clause, _folded(unit)) for clause in clauses), default=10 * len(STEPS))


def in_order(lines: Iterable[Any], given: dict[int, int]) -> list[Any]:
    """Delegate lines by precedence: the place given by the organizer or the proposed one, then the name.

    `given` holds the organizer's places by delegate id. A place that was given comes before the same place proposed.
    """
    return sorted(lines, key=lambda line: place_of(line, given))


def place_of(line: Any, given: dict[int, int]) -> tuple[int, bool, str]:
    """What a delegate line is sorted by."""
    rank = given.get(line.id)
    return (rank_of(line.post, line.unit_name) if rank is None else rank, rank is None, name_sort_key(line.full_name))


def label_of(rank: int) -> str:
    """The step a place on the scale belongs to."""
    return STEPS[min(max(1, -(-rank // 10)), len(STEPS)) - 1].label


def _rank(clause: str, unit: str) -> int:
    level = _level(clause) or _level(unit) or Level.UNSAID
    for number, step in enumerate(STEPS, start=1):
        if (not step.levels or level in step.levels) and _begins_with(clause, step):
            return 10 * number
    return 10 * len(STEPS)


def _begins_with(clause: str, step: Step) -> bool:
    return re.match(rf"(?:{step.words})(?!\w)", clause) is not None


def _level(text: str) -> Level | None:
    for level, words in (
        (Level.COMMUNE, _OF_A_COMMUNE), (Level.CENTRE, _OF_THE_CENTRE), (Level.PROVINCE, _OF_A_PROVINCE)
    ):  # fmt: skip
        if words.search(text):
            return level
    return None


def _tidied(clause: str) -> str:
    text = clause.strip()
    while (shorter := _BEFORE.sub("", text)) != text:
        text = shorter
    for pattern, whole in _SHORT:
        text = pattern.sub(whole, text)
    return text.strip()


def _folded(text: str) -> str:
    return " ".join(unicodedata.normalize("NFC", text).casefold().split())


__all__: Sequence[str] = ["STEPS", "in_order", "label_of", "place_of", "rank_of"]
