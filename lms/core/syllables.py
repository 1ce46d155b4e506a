"""Whether a word can be a Vietnamese syllable: onset, rhyme, one tone on the right vowel. Evidence for `core/repair`.

The rhymes are those of Hoàng Phê, Từ điển vần (1996), with the rare ones; both habits of placing a tone count (hòa,
hoà). It says what is spelled possibly, not what is a word.
"""

import re
import unicodedata
from functools import lru_cache
from typing import Final


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


_TONES: Final = {"\u0300": "f", "\u0309": "r", "\u0303": "x", "\u0301": "s", "\u0323": "j"}
_SHAPES: Final = {"a\u0306": "ă", "a\u0302": "â", "e\u0302": "ê", "o\u0302": "ô", "o\u031b": "ơ", "u\u031b": "ư"}
_ONSETS: Final = ("ngh", *("ng", "nh", "gh", "gi", "kh", "ph", "qu", "th", "tr", "ch"), *"bcdđghklmnprstvx")
"""Longest first."""
_RHYMES: Final = _words(
    """
    a ac ach ai am an ang anh ao ap at au ay ăc ăm ăn ăng ăp ăt âc âm ân âng âp ât âu ây e ec em en eng eo ep et
    ê êc êch êm ên êng ênh êp êt êu i ia ich iêc iêm iên iêng iêp iêt iêu im in inh ip it iu o oa oac oach oai
    oam oan oang oanh oao oap oat oay oăc oăm oăn oăng oăt oc oe oen oeo oet oi om on ong ooc oong op ot ô ôc ôi
    ôm ôn ông ôông ôp ôt ơ ơi ơm ơn ơng ơp ơt u ua uân uâng uât uây uc uê uêch uên uênh uêt ui um un ung uơ uôc
    uôi uôm uôn uông uôt up ut uy uya uych uyên uyêt uynh uyn uyp uyt uyu ư ưa ưc ưi ưm ưn ưng ươc ươi ươm ươn
    ương ươp ươt ươu ưt ưu y yêm yên yêng yêt yêu
    """
)
_AFTER_QU: Final = _words(
    """
    a ac ach ai am an ang anh ao ap at au ay ăc ăm ăn ăng ăp ăt âm ân âng ât âu ây e en eo et ê êch ên ênh êt êu
    i it ô ôc ơ y ych yên yêt ynh yt yu in inh
    """
)
_FRONT: Final = "eêiy"
_SHAPED: Final = "ăâêôơư"
_VOWELS: Final = "aeiouy" + _SHAPED
_STOP: Final = re.compile(r"(?:ch|[ckpt])$")


def is_syllable(word: str) -> bool:
    """Whether a word in NFC, however written in capitals, can be one syllable of Vietnamese."""
    return len(word) <= 8 and _possible(word.lower())


@lru_cache(maxsize=20_000)
def _possible(word: str) -> bool:
    letters: list[str] = []
    tone, toned = "", -1
    for character in word:
        if character == "đ" or character.isascii():
            letters.append(character)
            continue
        base, *marks = list(unicodedata.normalize("NFD", character))
        for mark in marks:
            if mark in _TONES:
                if tone:
                    return False
                tone, toned = _TONES[mark], len(letters)
            elif base + mark in _SHAPES:
                base = _SHAPES[base + mark]
            else:
                return False
        if base not in _VOWELS:
            return False
        letters.append(base)
    return _spelled("".join(letters), tone, toned)


def _spelled(letters: str, tone: str, toned: int) -> bool:
    for onset in (*(one for one in _ONSETS if letters.startswith(one)), ""):
        rhyme = letters[len(onset) :]
        known = _AFTER_QU if onset == "qu" else _RHYMES
        if onset == "gi" and not rhyme:
            return tone not in {"r", "x", "j"} or toned == 1
        if rhyme not in known or not _fits(onset, rhyme):
            continue
        if _STOP.search(rhyme) and tone not in {"s", "j"}:
            continue
        if not tone or toned - len(onset) in _places(onset, rhyme):
            return True
    return False


def _fits(onset: str, rhyme: str) -> bool:
    """gh, ngh stand before e, ê, i, y; c, g, ng before the other vowels; k before all, for Bắc Kạn and Krông."""
    front = rhyme[0] in _FRONT
    if onset in {"gh", "ngh"}:
        return front
    if onset in {"c", "ng"}:
        return not front
    return onset != "g" or not front or rhyme[0] == "i"


def _places(onset: str, rhyme: str) -> tuple[int, ...]:
    """Where in the rhyme a tone may stand, -1 being the onset's last letter (qúy)."""
    shaped = [place for place, letter in enumerate(rhyme) if letter in _SHAPED]
    if shaped:
        return (shaped[-1],)
    vowels = [place for place, letter in enumerate(rhyme) if letter in _VOWELS]
    if onset == "qu":
        return (-1, *vowels)
    if len(vowels) == 1:
        return (0,)
    if rhyme in {"oa", "oe", "uy"}:
        return (0, 1)
    if len(vowels) == 3 or rhyme[:2] in {"oa", "oe", "oo", "uy"}:
        return (1,)
    return (0,)
