"""What may be put up as a document of an event: kinds by name and first bytes, so that neither can lie alone."""

from dataclasses import dataclass
from pathlib import PurePosixPath, PureWindowsPath

from lms.core.errors import N_, RuleBroken
from lms.core.text import tidy

LARGEST = 25 * 1024 * 1024
"""Greatest size of one document in bytes, where the deployment's own upload limit is not lower."""
LONGEST_NAME = 200

_ZIP = (b"PK\x03\x04",)
_OLE = (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1",)
_OFFICE = "application/vnd.openxmlformats-officedocument."
_OPEN = "application/vnd.oasis.opendocument."
KINDS: dict[str, tuple[str, tuple[bytes, ...]]] = {
    "pdf": ("application/pdf", (b"%PDF-",)),
    "docx": (f"{_OFFICE}wordprocessingml.document", _ZIP),
    "xlsx": (f"{_OFFICE}spreadsheetml.sheet", _ZIP),
    "pptx": (f"{_OFFICE}presentationml.presentation", _ZIP),
    "odt": (f"{_OPEN}text", _ZIP),
    "ods": (f"{_OPEN}spreadsheet", _ZIP),
    "odp": (f"{_OPEN}presentation", _ZIP),
    "doc": ("application/msword", _OLE),
    "xls": ("application/vnd.ms-excel", _OLE),
    "ppt": ("application/vnd.ms-powerpoint", _OLE),
    "jpg": ("image/jpeg", (b"\xff\xd8\xff",)),
    "jpeg": ("image/jpeg", (b"\xff\xd8\xff",)),
    "png": ("image/png", (b"\x89PNG\r\n\x1a\n",)),
}
"""Media type and possible first bytes of each extension that is taken; none of them runs by itself."""


@dataclass(frozen=True)
class Upload:
    """A file that passed: its bytes, its bare name and the media type that it is served with."""

    content: bytes
    file_name: str
    media_type: str


def checked(file_name: str, content: bytes, *, largest: int = LARGEST) -> Upload:
    """The upload when its kind and size are allowed; raises RuleBroken(field="file") when not."""
    name = _bare(file_name)
    extension = name.rpartition(".")[2].lower() if "." in name else ""
    if extension not in KINDS:
        raise _refused(
            N_("Không nhận loại tệp “%(name)s”. Hãy dùng %(kinds)s."),
            "kind",
            name=name,
            kinds=", ".join(sorted({kind for kind in KINDS if kind != "jpeg"})),
        )
    if not content:
        raise _refused(N_("Tệp “%(name)s” rỗng. Hãy chọn lại tệp."), "empty", name=name)
    if len(content) > largest:
        limit = largest // (1024 * 1024)
        raise _refused(
            N_("Tệp “%(name)s” lớn hơn %(limit)d MB. Hãy nén ảnh trong tệp hoặc chia nhỏ."),
            "size",
            name=name,
            limit=limit,
        )
    media_type, beginnings = KINDS[extension]
    if not content.startswith(beginnings):
        raise _refused(
            N_("Tệp “%(name)s” không phải là .%(kind)s như tên gọi. Hãy mở tệp rồi lưu lại đúng dạng."),
            "content",
            name=name,
            kind=extension,
        )
    return Upload(content, name, media_type)


def _bare(file_name: str) -> str:
    """The name without folders, in its stored form, cut before its extension where it is too long."""
    name = tidy(PurePosixPath(PureWindowsPath(file_name).name).name)
    if len(name) > LONGEST_NAME:
        stem, dot, extension = name.rpartition(".")
        name = f"{stem[: LONGEST_NAME - len(extension) - 1]}{dot}{extension}"
    return name


def _refused(message: str, code: str, **params: str | int) -> RuleBroken:
    return RuleBroken(message, field="file", code=code, where=None, **params)
