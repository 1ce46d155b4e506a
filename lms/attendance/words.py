"""Words of half-days and of how a presence is known, for pages and files."""

from datetime import timedelta
from typing import Any

from lms.attendance.arrivals import Arrivals
from lms.attendance.models import ScanMethod, State
from lms.attendance.presence import Outcome, Rule
from lms.core.i18n import _, day, hour, lazy
from lms.events.models import Half, HalfDay

METHOD_WORDS = {
    ScanMethod.QR: lazy("quét thẻ"),
    ScanMethod.MANUAL: lazy("người tổ chức ghi"),
    ScanMethod.SELF: lazy("tự quét mã trên màn"),
    ScanMethod.KIOSK: lazy("máy quét tự phục vụ"),
    ScanMethod.SHEET: lazy("chữ ký trên danh sách"),
    ScanMethod.LEADER: lazy("phụ trách điểm cầu xác nhận"),
}

STATE_WORDS = {
    State.PRESENT: lazy("có mặt"),
    State.LATE: lazy("đến muộn"),
    State.LEFT_EARLY: lazy("về sớm"),
    State.EXCUSED: lazy("vắng có phép"),
    State.SUBSTITUTED: lazy("người được thay đã dự"),
    State.ABSENT: lazy("vắng"),
}


def half_day_words(half_day: HalfDay) -> str:
    """ "Sáng 07/8/2024", "Morning, 7 August 2024"."""
    on = day(half_day.on)
    words: str = _("Sáng %(day)s", day=on) if half_day.half == Half.MORNING else _("Chiều %(day)s", day=on)
    return words


def scan_words(method: str, device: str | None) -> str:
    """How a presence is known, with the door device that took it: "quét thẻ", "máy Cửa 2, tìm theo tên"."""
    how = METHOD_WORDS[ScanMethod(method)]
    if device is None:
        return str(how)
    how = _("tìm theo tên") if method == ScanMethod.MANUAL else how
    return str(_("máy %(device)s, %(method)s", device=device, method=how))


def step_words(step: Arrivals) -> str:
    """When people came: "07:20" (and the five minutes after it), "trước 06:30", "từ 12:30"."""
    if step.early:
        return str(_("trước %(time)s", time=hour(step.until)))
    return str(_("từ %(time)s", time=hour(step.since))) if step.late else hour(step.since)


def outcome_words(outcome: Outcome, replaced: str = "") -> str:
    """What a table's cell says: "07:56", "08:20, đến muộn, không tính", "07:56–10:10, về sớm", "vắng có phép".

    Nothing for one who did not come. `replaced`: who was there in the place of someone substituted.
    """
    if outcome.entry is None:
        if outcome.state == State.SUBSTITUTED and replaced:
            return _stood_in(replaced)
        if outcome.state == State.ABSENT:
            return ""
        said = str(STATE_WORDS[outcome.state])
        return f"{said}, {_('được tính')}" if outcome.counts else said
    hours = hour(outcome.entry.at)
    if outcome.left_early and outcome.exit is not None:
        hours = f"{hours}–{hour(outcome.exit.at)}"
    parts = [hours]
    if outcome.state == State.LATE:
        parts.append(str(STATE_WORDS[State.LATE]))
    if outcome.left_early:
        parts.append(str(STATE_WORDS[State.LEFT_EARLY]))
    if outcome.excused and len(parts) > 1:
        parts.append(_("có phép"))
    if not outcome.counts:
        parts.append(_("không tính"))
    return ", ".join(parts)


def state_words(outcome: Outcome, replaced: str = "") -> str:
    """What someone was at a half-day: "có mặt", "đến muộn, về sớm", "người được thay đã dự: Phạm S"."""
    if outcome.state == State.SUBSTITUTED and replaced:
        return _stood_in(replaced)
    said = str(STATE_WORDS[outcome.state])
    if outcome.left_early and outcome.state != State.LEFT_EARLY:
        return f"{said}, {STATE_WORDS[State.LEFT_EARLY]}"
    return said


def why_not(outcome: Outcome, rule: Rule) -> list[str]:
    """Why the half-day of someone who was there, or was excused, does not count; nothing where it does."""
    if outcome.counts:
        return []
    if outcome.entry is None:
        return [_("vắng có phép không được tính buổi")] if outcome.state == State.EXCUSED else []
    found = []
    if outcome.entry.method not in rule.evidence:
        method = METHOD_WORDS[ScanMethod(outcome.entry.method)]
        found.append(_("“%(method)s” không phải căn cứ được tính", method=method))
    if outcome.state == State.LATE and not rule.late_counts and not outcome.excused:
        found.append(_("đến muộn quá %(minutes)s phút, không có phép", minutes=_minutes(rule.late)))
    if outcome.left_early and not rule.early_counts and not outcome.excused:
        found.append(_("về sớm quá %(minutes)s phút, không có phép", minutes=_minutes(rule.early)))
    return found


def rule_words(rule: Rule) -> list[str]:
    """The rule in sentences."""
    late, early = _minutes(rule.late), _minutes(rule.early)
    said = []
    if rule.late is None:
        said.append(_("Không xét đến muộn."))
    elif rule.late_counts:
        said.append(_("Vào sau giờ bắt đầu quá %(minutes)s phút là đến muộn, vẫn được tính buổi.", minutes=late))
    else:
        said.append(_("Vào sau giờ bắt đầu quá %(minutes)s phút là đến muộn, không được tính buổi.", minutes=late))
    if rule.early is None:
        said.append(_("Không xét về sớm."))
    elif rule.early_counts:
        said.append(_("Ra trước giờ kết thúc quá %(minutes)s phút là về sớm, vẫn được tính buổi.", minutes=early))
    else:
        said.append(_("Ra trước giờ kết thúc quá %(minutes)s phút là về sớm, không được tính buổi.", minutes=early))
    excused = _("Vắng có phép vẫn được tính buổi."), _("Vắng có phép không được tính buổi.")
    said.append(excused[0] if rule.excused_counts else excused[1])
    if rule.evidence == frozenset(ScanMethod):
        return [*said, _("Mọi căn cứ đều được tính.")]
    methods = ", ".join(str(METHOD_WORDS[one]) for one in ScanMethod if one in rule.evidence)
    return [*said, _("Căn cứ được tính: %(methods)s.", methods=methods)]


def value_words(name: str, value: Any) -> str:
    """A value of the rule as its history tells it, by its name: "15 phút", "không xét", "tính", "quét thẻ, …"."""
    if name == "evidence":
        return ", ".join(str(METHOD_WORDS[one]) for one in ScanMethod if one in value)
    if name.endswith("_minutes"):
        return str(_("không xét")) if value is None else str(_("%(minutes)s phút", minutes=value))
    return str(_("được tính")) if value else str(_("không tính"))


def _stood_in(replaced: str) -> str:
    return str(_("người được thay đã dự: %(name)s", name=replaced))


def _minutes(grace: timedelta | None) -> int:
    return int(grace.total_seconds() // 60) if grace is not None else 0
