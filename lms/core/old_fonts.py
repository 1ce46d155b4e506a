"""The two encodings of Vietnamese before Unicode that live in old fonts: TCVN3 (ABC, .VnTime) and VNI-Windows.

Both wrote Vietnamese in the upper half of Windows-1252, so a program that knows nothing of the font shows "NguyÔn" or
"Nguyeãn". TCVN3 is TCVN 5712:1993, set VN3: one byte a letter, no capitals with tones; these are written in the
capital fonts (.VnTimeH) with the small letters. VNI-Windows writes most letters as base and mark.
"""

from typing import Final

TCVN3: Final[dict[str, str]] = dict(
    zip(
        "µ¶·¸¹¨»¼½¾Æ©ÇÈÉÊË®ÌÎÏÐÑªÒÓÔÕÖ×ØÜÝÞßáâãä«åæçèé¬êëìíîïñòóô\u00adõö÷øùúûüýþ¡¢§£¤¥¦",
        "àảãáạăằẳẵắặâầẩẫấậđèẻẽéẹêềểễếệìỉĩíịòỏõóọôồổỗốộơờởỡớợùủũúụưừửữứựỳỷỹýỵĂÂĐÊÔƠƯ",
        strict=True,
    )
)
"""Character shown in Windows-1252 → letter meant; 74 of the 134, the others being the capitals with tones."""

_VNI_VOWELS: Final = (
    ("a", "àaø áaù ảaû ãaõ ạaï ăaê ằaè ắaé ẳaú ẵaü ặaë âaâ ầaà ấaá ẩaå ẫaã ậaä"),
    ("e", "èeø éeù ẻeû ẽeõ ẹeï êeâ ềeà ếeá ểeå ễeã ệeä"),
    ("i", "ìì íí ỉæ ĩó ịò"),
    ("o", "òoø óoù ỏoû õoõ ọoï ôoâ ồoà ốoá ổoå ỗoã ộoä ơô ờôø ớôù ởôû ỡôõ ợôï"),
    ("u", "ùuø úuù ủuû ũuõ ụuï ưö ừöø ứöù ửöû ữöõ ựöï"),
    ("y", "ỳyø ýyù ỷyû ỹyõ ỵî"),
    ("d", "đñ"),
)
_VNI_SMALL: Final = {pair[1:]: pair[0] for _base, pairs in _VNI_VOWELS for pair in pairs.split()}
VNI: Final[dict[str, str]] = _VNI_SMALL | {shown.upper(): letter.upper() for shown, letter in _VNI_SMALL.items()}
"""One or two characters shown in Windows-1252 → letter meant; all 134."""

_MARKS: Final = frozenset("øùûõïêèéúüëâàáåãäØÙÛÕÏÊÈÉÚÜËÂÀÁÅÃÄ")
_TCVN3_BASES: Final = {
    "A": "àảãáạ",
    "Ă": "ằẳẵắặ",
    "Â": "ầẩẫấậ",
    "E": "èẻẽéẹ",
    "Ê": "ềểễếệ",
    "I": "ìỉĩíị",
    "O": "òỏõóọ",
    "Ô": "ồổỗốộ",
    "Ơ": "ờởỡớợ",
    "U": "ùủũúụ",
    "Ư": "ừửữứự",
    "Y": "ỳỷỹýỵ",
}


def from_tcvn3(text: str) -> str:
    """Read text as TCVN3. A capital followed by its own small letter with a tone is that capital ("A¸" is Á)."""
    letters: list[str] = []
    for character in text.replace("\u03bc", "µ"):
        letter = TCVN3.get(character, character)
        if letters and letter is not character and letter in _TCVN3_BASES.get(letters[-1], ""):
            letters[-1] = letter.upper()
        else:
            letters.append(letter)
    return "".join(letters)


def from_vni(text: str) -> str:
    """Read text as VNI-Windows; a mark after no letter that takes it stays as it is."""
    letters: list[str] = []
    place = 0
    while place < len(text):
        pair = text[place : place + 2]
        if len(pair) == 2 and pair[1] in _MARKS:
            # after a small letter the marks of capitals are written too, and the other way round
            mark = pair[1].upper() if pair[0].isupper() else pair[1].lower()
            letter = VNI.get(pair[0] + mark)
            if letter is not None:
                letters.append(letter)
                place += 2
                continue
        letters.append(VNI.get(text[place], text[place]))
        place += 1
    return "".join(letters)


def encoding_of_font(font: str | None) -> str | None:
    """ "tcvn3" or "vni" for a font's name, else None."""
    name = (font or "").strip().casefold()
    if name.startswith(".vn"):
        return "tcvn3"
    return "vni" if name.startswith("vni") else None


def is_capital_font(font: str | None) -> bool:
    """Whether a TCVN3 font shows small letters as capitals: its name ends in H (.VnTimeH, .VnArialH)."""
    name = (font or "").strip().split(",")[0]
    return name.casefold().startswith(".vn") and name.endswith("H")
