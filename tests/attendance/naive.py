"""The merge and its outcome once more, written from docs/attendance.md as slowly and plainly as it can be."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any


@dataclass
class Someone:
    """A name on the list, as far as the summary needs it."""

    name: str
    unit: str
    tickets: set[str]
    on_list: bool = True
    walked_in: bool = False
    replaces: "Someone | None" = None
    replaced_by: "Someone | None" = None

    @property
    def ticket(self) -> str:
        """The ticket that the list shows: the least of those that devices drew, else the first."""
        return min(self.tickets) if self.walked_in else self.first_ticket

    first_ticket: str = ""


@dataclass(frozen=True)
class Pair:
    """A line and its batch: what the device wrote, who it is, and received_at less sent_at."""

    line: dict[str, Any]
    device: str
    correction: timedelta


@dataclass
class Naive:
    """B, the list, what people entered by hand, and the event's rule."""

    half_days: dict[str, tuple[datetime, datetime]]
    late: int | None
    early: int | None
    late_counts: bool
    early_counts: bool
    excused_counts: bool
    evidence: frozenset[str]
    people: list[Someone] = field(default_factory=list)
    pairs: list[Pair] = field(default_factory=list)
    entered: list[dict[str, Any]] = field(default_factory=list)
    taken_back: set[str] = field(default_factory=set)
    excuses: set[tuple[str, str]] = field(default_factory=set)

    def holder(self, ticket: str) -> Someone | None:
        """Whose ticket it is."""
        return next((one for one in self.people if ticket in one.tickets), None)

    def receive(self, line: dict[str, Any], device: str, correction: timedelta) -> str:
        """What becomes of a line that can be read: stored, known or refused."""
        if "annulment" in line:
            known = any(pair.line.get("annulment") == line["annulment"] for pair in self.pairs)
        else:
            if self.holder(line["ticket"]) is None and not self._walk_in(line):
                return "refused"
            known = any(pair.line.get("scan") == line["scan"] for pair in self.pairs)
        self.pairs.append(Pair(line, device, correction))
        return "known" if known else "stored"

    def _walk_in(self, line: dict[str, Any]) -> bool:
        if "walk_in" not in line:
            return False
        name, ticket = line["walk_in"]["full_name"], line["ticket"]
        known = next((one for one in self.people if one.name == name), None)
        if known is None:
            self.people.append(Someone(name, "Bình Sa", {ticket}, walked_in=True))
            return True
        known.tickets.add(ticket)
        known.on_list = known.on_list or known.replaced_by is None or not known.replaced_by.on_list
        return True

    def marks(self, person: Someone, key: str) -> list[dict[str, Any]]:
        """The standing scans of a person at a half-day, by moment and uuid."""
        found: dict[str, dict[str, Any]] = {}
        for pair in self.pairs:
            line = pair.line
            if "scan" not in line or line["session"] != key or line["ticket"] not in person.tickets:
                continue
            at = datetime.fromisoformat(line["at"]) + pair.correction
            known = found.setdefault(line["scan"], {**line, "uuid": line["scan"], "at": at, "device": pair.device})
            known["at"] = min(known["at"], at)
        annulled = {(pair.line["of"], pair.device) for pair in self.pairs if "annulment" in pair.line}
        by_devices = [one for one in found.values() if (one["uuid"], one["device"]) not in annulled]
        by_hand = [one for one in self.entered if one["name"] == person.name and one["session"] == key]
        standing = [one for one in by_devices + by_hand if one["uuid"] not in self.taken_back]
        return sorted(standing, key=lambda one: (one["at"], one["uuid"]))

    def was(self, person: Someone, key: str) -> dict[str, Any]:
        """The outcome of one person at one half-day, as the summary writes it."""
        begins, ends = self.half_days[key]
        marks = self.marks(person, key)
        inward = [one for one in marks if one["kind"] == "in"]
        excused = (person.name, key) in self.excuses
        if not inward:
            stood_in = person.replaces is not None and any(
                one["kind"] == "in" for one in self.marks(person.replaces, key)
            )
            state = "excused" if excused else "substituted" if stood_in else "absent"
            counts = state == "excused" and self.excused_counts
            return {"state": state, "at": None, "until": None, "method": None, "counts": counts}
        entry = ([one for one in inward if one["method"] in self.evidence] or inward)[0]
        outward = [one for one in marks if one["kind"] == "out"]
        left = outward[-1] if outward and not any(one["at"] >= outward[-1]["at"] for one in inward) else None
        late = self.late is not None and entry["at"] > begins + timedelta(minutes=self.late)
        early = self.early is not None and left is not None and left["at"] < ends - timedelta(minutes=self.early)
        counts = (
            entry["method"] in self.evidence
            and (not late or self.late_counts or excused)
            and (not early or self.early_counts or excused)
        )
        return {
            "state": "late" if late else "left_early" if early else "present",
            "at": entry["at"].isoformat(),
            "until": left["at"].isoformat() if left is not None else None,
            "method": entry["method"],
            "counts": counts,
        }

    def summary(self) -> dict[str, dict[str, dict[str, Any]]]:
        """Half-day → name → outcome, of everyone on the list."""
        return {
            key: {
                one.name: {"ticket": one.ticket, "unit": one.unit} | self.was(one, key)
                for one in self.people
                if one.on_list
            }
            for key in self.half_days
        }
