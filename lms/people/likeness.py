"""When two people of the register may be one. Pure: names, contacts, units and posts in, the code of a reason out.

A name alone is no reason: Nguyễn Văn Hùng there are thousands. Names must be alike (in letters, but for accents, order
or abbreviation) and a phone, an address, a unit, or a unit and what became of it must be common. Dates of birth and the
like are sealed for a purpose of their own and are not looked at.
"""

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Final, TypeAlias

from lms.core import text
from lms.core.errors import N_

REASONS: Final[dict[str, str]] = {
    "contact": N_("cùng tên, cùng điện thoại hoặc thư điện tử"),
    "moved": N_("cùng tên, cùng điện thoại hoặc thư điện tử, khác đơn vị"),
    "unit": N_("cùng tên, cùng đơn vị"),
    "heir": N_("cùng tên; đơn vị này nay là đơn vị kia"),
    "accents": N_("tên chỉ khác dấu"),
    "order": N_("tên chỉ khác thứ tự chữ"),
    "short": N_("một tên viết tắt"),
    "import": N_("người nhập danh sách thấy giống"),
}
"""Why two may be one, in words, the strongest first; "import" is found by registration, not here."""

_WORD = re.compile(r"[^\W\d_]+")
_MOST_WORDS: Final = 12
_MOST_SHARING: Final = 20
"""A phone or an address that more people share is an office's and tells nothing of one of them."""

Block: TypeAlias = tuple[str, object, str]


@dataclass(frozen=True)
class Known:
    """What is compared of a person. `units`: where they hold or held posts; `heirs`: what became of those units."""

    id: int
    full_name: str
    phone: str | None = None
    email: str | None = None
    units: frozenset[int] = frozenset()
    heirs: frozenset[int] = frozenset()
    posts: frozenset[tuple[int, str]] = frozenset()

    @cached_property
    def words(self) -> tuple[str, ...]:
        """The folded words of the name: "Ng. Văn A" is ng, van, a."""
        return tuple(_WORD.findall(text.fold(self.full_name)))[:_MOST_WORDS]

    @cached_property
    def accented(self) -> str:
        """The name as it sounds: hòa and hoà are one, Hùng and Hưng are two."""
        return text.collation_key(self.full_name.casefold())

    @cached_property
    def initials(self) -> str:
        """The first letters of the words in alphabetical order: the same for all alike names."""
        return "".join(sorted(word[0] for word in self.words))


def reason(one: Known, other: Known) -> str | None:
    """The code in `REASONS` why the two may be one; None where nothing says so. The order of the two is the same."""
    name = _name_reason(one, other)
    if name is None:
        return None
    contact, unit = _same_contact(one, other), bool(one.units & other.units)
    heir = bool(one.units & other.heirs or one.heirs & other.units)
    if not (contact or unit or heir) or (not contact and _told_apart(one, other, same_name=name == "same")):
        return None
    if name != "same":
        return name
    if contact:
        return "contact" if unit or not (one.units and other.units) else "moved"
    return "unit" if unit else "heir"


def blocks(known: Known) -> Iterator[Block]:
    """Keys of which two alike people share at least one: only those within a block need to be compared."""
    if not known.words:
        return
    if known.phone:
        yield "phone", known.phone, known.initials
    if known.email:
        yield "email", known.email.casefold(), known.initials
    for unit in known.units | known.heirs:
        yield "unit", unit, known.initials


def pairs(people: Iterable[Known]) -> dict[tuple[int, int], str]:
    """(lower id, higher id) → reason of all alike pairs; compares within blocks only."""
    blocked: dict[Block, list[Known]] = {}
    for person in _with_own_contacts(list(people)):
        for block in blocks(person):
            blocked.setdefault(block, []).append(person)
    found: dict[tuple[int, int], str] = {}
    for members in blocked.values():
        for place, one in enumerate(members):
            for other in members[place + 1 :]:
                key = (min(one.id, other.id), max(one.id, other.id))
                if key not in found and (why := reason(one, other)) is not None:
                    found[key] = why
    return found


def _with_own_contacts(people: list[Known]) -> Iterator[Known]:
    phones, emails = Counter(one.phone for one in people), Counter(one.email for one in people)
    for one in people:
        own_phone = one.phone if phones[one.phone] <= _MOST_SHARING else None
        own_email = one.email if emails[one.email] <= _MOST_SHARING else None
        same = own_phone == one.phone and own_email == one.email
        yield one if same else replace(one, phone=own_phone, email=own_email)


def _name_reason(one: Known, other: Known) -> str | None:
    if not one.words or one.initials != other.initials:
        return None
    if one.words == other.words:
        return "same" if one.accented == other.accented else "accents"
    if sorted(one.words) == sorted(other.words):
        return "order"
    return "short" if _abbreviated(one.words, other.words) or _abbreviated(other.words, one.words) else None


def _abbreviated(short: tuple[str, ...], full: tuple[str, ...]) -> bool:
    """Whether each word of one begins that of the other, the given name whole: "Ng. V. An" of "Nguyễn Văn An"."""
    if len(short) != len(full) or len(short) < 2 or short[-1] != full[-1]:
        return False
    return all(
        word == whole or (len(word) <= 2 and whole.startswith(word)) for word, whole in zip(short, full, strict=True)
    )


def _same_contact(one: Known, other: Known) -> bool:
    same_phone = bool(one.phone) and one.phone == other.phone
    return same_phone or (bool(one.email) and (one.email or "").casefold() == (other.email or "").casefold())


def _told_apart(one: Known, other: Known, *, same_name: bool) -> bool:
    """Whether a phone or an address of theirs differs, and not only that of one name in one post of one unit."""
    differ = any(
        mine and theirs and mine.casefold() != theirs.casefold()
        for mine, theirs in ((one.phone, other.phone), (one.email, other.email))
    )
    return differ and not (same_name and one.posts & other.posts)
