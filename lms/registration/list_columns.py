"""The columns of the delegate list: chosen, written once for the screen and for every export."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final, NamedTuple, TypeAlias

from lms.core.i18n import _, lazy, moment
from lms.registration.listing import DelegateLine, state_of
from lms.registration.words import LINE_STATES, ROLES

COLUMNS: Final[dict[str, Any]] = {
    "post": lazy("Chức vụ"),
    "unit": lazy("Đơn vị"),
    "phone": lazy("Điện thoại"),
    "email": lazy("Thư điện tử"),
    "role": lazy("Dự với tư cách"),
    "point": lazy("Điểm cầu"),
    "ticket": lazy("Mã thẻ"),
    "state": lazy("Trạng thái"),
    "registered": lazy("Ghi lúc"),
    "note": lazy("Ghi chú"),
}
"""What may stand beside the name, in this order."""
USUAL: Final = ("post", "unit", "phone", "state")

Writer: TypeAlias = Callable[[DelegateLine], str]


class DrawnRow(NamedTuple):
    """A row of the screen: cells as (column, text) before and after the state, which is drawn as a tag."""

    id: int
    full_name: str
    before: list[tuple[str, str]]
    state: str
    why: str
    after: list[tuple[str, str]]


def chosen(written: str | None) -> tuple[str, ...]:
    """The columns named in "post.unit.phone", in the list's order; none where nothing sensible is named."""
    named = set((written or "").split("."))
    return tuple(column for column in COLUMNS if column in named)


def usual(*, points: bool) -> tuple[str, ...]:
    """The columns of a list that nobody has chosen columns for; the point with them where there are several."""
    return tuple(column for column in COLUMNS if column in USUAL or (column == "point" and points))


def headings(columns: Sequence[str]) -> list[str]:
    """Headings of an exported list; an import reads them again."""
    return [_("STT"), _("Họ và tên"), *(str(COLUMNS[column]) for column in columns)]


def rows(lines: Sequence[DelegateLine], columns: Sequence[str]) -> list[list[str | int]]:
    """The rows under these headings, the unit by its full name."""
    written = {**writers(), "unit": lambda line: line.unit_name, "state": _told_state()}
    told = [written[column] for column in columns]
    return [[number, line.full_name, *(tell(line) for tell in told)] for number, line in enumerate(lines, start=1)]


def writers() -> Mapping[str, Writer]:
    """What writes the cell of each column, its words looked up once: fifty rows ask for them three hundred times."""
    roles = {str(role): str(word) for role, word in ROLES.items()}
    states = {state: str(word) for state, word in LINE_STATES.items()}
    return {
        "post": lambda line: line.post,
        "unit": lambda line: line.unit,
        "phone": lambda line: line.phone or "",
        "email": lambda line: line.email or "",
        "role": lambda line: roles[line.role],
        "point": lambda line: line.point or "",
        "ticket": lambda line: line.ticket,
        "state": lambda line: states[state_of(line)],
        "registered": lambda line: moment(line.registered_at),
        "note": lambda line: line.note,
    }


def drawn(lines: Sequence[DelegateLine], columns: Sequence[str]) -> list[DrawnRow]:
    """The rows of the screen; what costs a call stands here and not in the template's loop."""
    place = columns.index("state") if "state" in columns else len(columns)
    tell = writers()
    before = [(column, tell[column]) for column in columns[:place]]
    after = [(column, tell[column]) for column in columns[place + 1 :]]
    return [
        DrawnRow(
            line.id,
            line.full_name,
            [(column, write(line)) for column, write in before],
            state_of(line),
            why(line),
            [(column, write(line)) for column, write in after],
        )
        for line in lines
    ]


def why(line: DelegateLine) -> str:
    """The reason that stands under a row's state, if there is one."""
    if line.withdrawn_at is not None:
        return line.withdraw_reason or ""
    return _("Vượt chỉ tiêu: %(reason)s", reason=line.over_quota_reason) if line.over_quota_reason else ""


def _told_state() -> Writer:
    tell = writers()["state"]

    def told(line: DelegateLine) -> str:
        reason = why(line)
        return f"{tell(line)}{': ' if line.withdrawn_at is not None else '. '}{reason}" if reason else tell(line)

    return told
