"""Organs of a province or a commune as people write them: "UBND tỉnh Lào Cai" is an office of Tỉnh Lào Cai. Pure."""

import re
from collections.abc import Iterator
from typing import Final

from lms.core.text import fold

ORGANS: Final[dict[str, str]] = {
    **dict.fromkeys(("Văn phòng", "VP", "Thường trực", "Lãnh đạo", "Ban Thường vụ"), ""),
    **dict.fromkeys(("UBND", "Ủy ban nhân dân", "Ủy ban", "HĐND", "Hội đồng nhân dân"), ""),
    **dict.fromkeys(("Đoàn ĐBQH", "Đoàn đại biểu Quốc hội", "MTTQ", "Mặt trận Tổ quốc", "UBMTTQ", "Ủy ban MTTQ"), ""),
    **dict.fromkeys(("UBMTTQVN", "Ủy ban Mặt trận Tổ quốc", "Ủy ban Mặt trận Tổ quốc Việt Nam"), ""),
    **dict.fromkeys(("Ban Tuyên giáo", "Ban Tuyên giáo và Dân vận", "BTG", "BTGDV", "Ban TG&DV"), ""),
    **dict.fromkeys(("Đảng ủy", "Đảng bộ"), ""),
    "Tỉnh ủy": "tinh",
    "Thành ủy": "thanh pho",
    "Huyện ủy": "huyen",
    "Quận ủy": "quan",
    "Thị ủy": "thi xa",
}
"""What stands before the name of a place, several in a row too; and the folded kind of place where the organ tells."""

_NOT_A_WORD = re.compile(r"[\W_]+")


def plain_name(written: str) -> str:
    """A name for comparing: no accents, no case, words parted by one space."""
    return _NOT_A_WORD.sub(" ", fold(written)).strip()


_KINDS: Final = {plain_name(organ): kind for organ, kind in ORGANS.items()}
_ORGAN = re.compile(rf"({'|'.join(sorted(_KINDS, key=len, reverse=True))})(?: va)? (?=\S)")


def without_organs(plain: str) -> Iterator[tuple[str, str]]:
    """(organs, the place) of a plain name, with one more organ taken off each time.

    "van phong ubnd tinh lao cai" gives ("van phong", "ubnd tinh lao cai"), ("van phong ubnd", "tinh lao cai"); what the
    organ tells of the place comes first: "tinh uy lao cai" gives ("tinh uy", "tinh lao cai"), ("tinh uy", "lao cai").
    """
    rest = plain
    while (found := _ORGAN.match(rest)) is not None:
        rest = rest[found.end() :]
        organs, kind = plain[: len(plain) - len(rest)].strip(), _KINDS[found[1]]
        if kind and not rest.startswith(f"{kind} "):
            yield organs, f"{kind} {rest}"
        yield organs, rest
