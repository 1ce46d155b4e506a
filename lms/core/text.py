"""Vietnamese text: one stored form (NFC), folding for search, and list order.

Order: CLDR root with the `vi` tailoring: ă â đ ê ô ơ ư follow their base letter; tones count only between words
alike in letters, in the order ngang, huyền, hỏi, ngã, sắc, nặng. Lists of people go by tên, then đệm, then họ.
"""

import re
import unicodedata

_ALPHABET = "aăâbcdđeêfghijklmnoôơpqrstuưvwxyz"
_LETTER_RANK = {letter: chr(ord("A") + rank) for rank, letter in enumerate(_ALPHABET)}
_TONES = {"\u0300": "1", "\u0309": "2", "\u0303": "3", "\u0301": "4", "\u0323": "5"}
_SHAPES = {("a", "\u0306"): "ă", ("a", "\u0302"): "â", ("e", "\u0302"): "ê", ("o", "\u0302"): "ô"} | {
    ("o", "\u031b"): "ơ",
    ("u", "\u031b"): "ư",
}
_SPACES = re.compile(r"\s+")
_WORD = re.compile(r"\w+")


def tidy(text: str) -> str:
    """The stored form: NFC, no control characters, single spaces, none at the ends."""
    kept = "".join(c for c in unicodedata.normalize("NFC", text) if c.isspace() or unicodedata.category(c)[0] != "C")
    return _SPACES.sub(" ", kept).strip()


def fold(text: str) -> str:
    """Text for accent-blind search: "Đặng Văn Đức" becomes "dang van duc"."""
    decomposed = unicodedata.normalize("NFD", text.casefold())
    plain = "".join(c for c in decomposed if not unicodedata.combining(c))
    return _SPACES.sub(" ", plain.replace("đ", "d")).strip()


def collation_key(text: str) -> str:
    """ASCII key whose plain order is Vietnamese word-by-word order: for titles and names of units."""
    return _field_key(_words(text))


def name_sort_key(full_name: str) -> str:
    """ASCII key whose plain order is that of Vietnamese lists: tên, then đệm, then họ."""
    words = _words(full_name)
    if not words:
        return ""
    family, middle, given = words[:1], words[1:-1], words[-1:]
    if len(words) == 1:
        family = []
    return " ".join(_field_key(part) for part in (given, middle, family))


def search_terms(query: str) -> list[str]:
    """The folded words of a query, at most eight; each must be found."""
    return _WORD.findall(fold(query))[:8]


def like_pattern(term: str) -> str:
    """A LIKE pattern (escape character \\) that finds `term` anywhere."""
    escaped = term.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
    return f"%{escaped}%"


def _words(text: str) -> list[str]:
    return _WORD.findall(unicodedata.normalize("NFC", text).replace("'", "").replace("’", ""))


def _field_key(words: list[str]) -> str:
    """Letters of all words, then their tones, then their case; separators sort below every letter."""
    letters, tones, cases = [], [], []
    for word in words:
        word_letters, word_tones, word_cases = _levels(word)
        letters.append(word_letters)
        tones.append(word_tones)
        cases.append(word_cases)
    return "!".join(('"'.join(letters), '"'.join(tones), '"'.join(cases)))


def _levels(word: str) -> tuple[str, str, str]:
    """Letters, the tone of the syllable (so that hòa and hoà are one), and case."""
    letters: list[str] = []
    word_tone = "0"
    cases: list[str] = []
    for character in word:
        base, tone = _letter_and_tone(character.lower())
        word_tone = max(word_tone, tone)
        letters.append(_LETTER_RANK.get(base) or (base if base.isascii() and base.isdigit() else "~"))
        cases.append("1" if character.isupper() else "0")
    return "".join(letters), word_tone, "".join(cases)


def _letter_and_tone(character: str) -> tuple[str, str]:
    if character == "đ":
        return "đ", "0"
    decomposed = unicodedata.normalize("NFD", character)
    letter, tone = decomposed[0], "0"
    for mark in decomposed[1:]:
        letter = _SHAPES.get((letter, mark), letter)
        tone = _TONES.get(mark, tone)
    return letter, tone
