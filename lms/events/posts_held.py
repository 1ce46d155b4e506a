"""How a person's posts of one day are printed: "Phó Cục trưởng Cục Thông tin đối ngoại, Ủy viên …"."""

from datetime import date

from lms.core.text import fold
from lms.events.models import Speaker
from lms.people.models import Person, Post
from lms.units.models import UnitKind

_COMMON_NOUNS = {UnitKind.PROVINCE, UnitKind.COMMUNE}
"""Kinds whose first word is a common noun (tỉnh, thành phố, xã) and takes a small letter inside a phrase."""
_PARTY_COMMITTEES = ("tỉnh ủy", "thành ủy")
"""Their names already say tỉnh or thành phố: "Bí thư Tỉnh ủy Hòa Bình"."""


def printed(person: Person, day: date) -> str:
    """The posts held on the day, the highest first, joined; empty when none is known."""
    posts = [with_unit(post) for post in person.posts_on(day)]
    return ("; " if any("," in post for post in posts) else ", ").join(posts)


def with_unit(post: Post) -> str:
    """The post with its unit, said once: "Phó Trưởng Ban" of "Ban Đối ngoại" is "Phó Trưởng Ban Đối ngoại"."""
    name, unit = post.name.strip(), post.unit.name
    if name.casefold().endswith(_PARTY_COMMITTEES):
        return f"{name} {unit.removeprefix('Tỉnh ').removeprefix('Thành phố ')}"
    if UnitKind(post.unit.kind) in _COMMON_NOUNS:
        unit = unit[:1].lower() + unit[1:]
    if _contains(name, unit) or _contains(name, post.unit.short_name):
        return name
    words, unit_words = name.split(), unit.split()
    for shared in range(min(3, len(words), len(unit_words)), 0, -1):
        if fold(" ".join(words[-shared:])) == fold(" ".join(unit_words[:shared])):
            return " ".join([*words[:-shared], *unit_words])
    return f"{name} {unit}"


def _contains(name: str, part: str) -> bool:
    return bool(part) and f" {fold(part)} " in f" {fold(name)} "


def of(speaker: Speaker, day: date) -> str:
    """What is printed under a speaker's name: as frozen at publication, in a draft as the register says now."""
    return speaker.posts_held or printed(speaker.person, day)
