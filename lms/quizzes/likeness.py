"""Which questions say nearly the same: by the words they share. Pure: texts in, pairs out.

Two texts are alike where at least four fifths of their words are common to both. Words are compared folded, so that
accents and case do not count; a few words say nothing.
"""

from collections import Counter, defaultdict
from collections.abc import Mapping

from lms.core.text import fold

LEAST_COMMON = 0.8
_FEWEST_WORDS = 5
_RAREST = 4
_MOST_SHARING = 60
"""A word that more questions share tells none of them from another."""


def words_of(text: str) -> frozenset[str]:
    """The folded words of a text that are compared."""
    return frozenset(word for word in "".join(c if c.isalnum() else " " for c in fold(text)).split())


def common(one: frozenset[str], other: frozenset[str]) -> float:
    """The share of the words of both that they have in common, 0 to 1; 0 where one has too few words."""
    if min(len(one), len(other)) < _FEWEST_WORDS:
        return 0.0
    return len(one & other) / len(one | other)


def alike(text: str, others: Mapping[int, str]) -> list[tuple[int, float]]:
    """Those of the others that are alike, with their share of common words, the likest first."""
    own = words_of(text)
    found = [(number, common(own, words_of(other))) for number, other in others.items()]
    return sorted((one for one in found if one[1] >= LEAST_COMMON), key=lambda one: (-one[1], one[0]))


def pairs(texts: Mapping[int, str]) -> dict[tuple[int, int], float]:
    """(lower id, higher id) -> share of common words of all alike pairs; compares only texts that share a rare word.

    Two texts of which four fifths are common share at least one of the rarest words of each, as long as they differ in
    fewer words than are looked at; a pair of long texts that differ in all of these is not found.
    """
    words = {number: words_of(text) for number, text in texts.items()}
    frequency = Counter(word for one in words.values() for word in one)
    sharing: dict[str, list[int]] = defaultdict(list)
    for number, own in words.items():
        kept = sorted((word for word in own if frequency[word] > 1), key=lambda word: (frequency[word], word))
        for word in kept[:_RAREST]:
            if frequency[word] <= _MOST_SHARING:
                sharing[word].append(number)
    found: dict[tuple[int, int], float] = {}
    for members in sharing.values():
        for place, one in enumerate(members):
            for other in members[place + 1 :]:
                key = (min(one, other), max(one, other))
                if key not in found and (share := common(words[one], words[other])) >= LEAST_COMMON:
                    found[key] = share
    return found
