"""An event's delegates sorted for the issue page: who waits, who has theirs, and who is not entitled, by reason."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from lms.certificates.entitlement import Line, Need
from lms.certificates.records import Candidate


@dataclass(frozen=True)
class Reason:
    """One reason why not: how many half-days are missing, which course, or the test ("failed" or "none")."""

    kind: Need
    detail: str

    @property
    def key(self) -> str:
        """The reason in an address."""
        return f"{self.kind}-{self.detail}"


@dataclass(frozen=True)
class Group:
    """Delegates who miss the same things."""

    reasons: tuple[Reason, ...]
    people: tuple[Candidate, ...]

    @property
    def key(self) -> str:
        """The group in an address."""
        return ".".join(reason.key for reason in self.reasons)


@dataclass(frozen=True)
class Overview:
    """Everyone of an event, sorted."""

    entitled: int = 0
    waiting: tuple[Candidate, ...] = ()
    issued: int = 0
    revoked: tuple[Candidate, ...] = ()
    groups: tuple[Group, ...] = field(default_factory=tuple)

    @property
    def not_entitled(self) -> int:
        """How many miss something."""
        return sum(len(group.people) for group in self.groups)

    def group(self, key: str) -> Group | None:
        """The group of this address."""
        return next((group for group in self.groups if group.key == key), None)


def sort_out(candidates: Sequence[Candidate]) -> Overview:
    """Sort an event's delegates; groups come largest first. Whoever holds a certificate is never in a group."""
    grouped: defaultdict[tuple[Reason, ...], list[Candidate]] = defaultdict(list)
    for one in candidates:
        if not one.entitlement.entitled and one.certificate_id is None:
            grouped[tuple(_reason(line) for line in one.entitlement.unmet)].append(one)
    groups = [Group(reasons, tuple(people)) for reasons, people in grouped.items()]
    return Overview(
        entitled=sum(one.entitlement.entitled for one in candidates),
        waiting=tuple(one for one in candidates if one.waits),
        issued=sum(one.certificate_id is not None for one in candidates),
        revoked=tuple(one for one in candidates if one.revoked_id is not None and one.entitlement.entitled),
        groups=tuple(sorted(groups, key=lambda group: (-len(group.people), group.key))),
    )


def longest_and_shortest(people: Iterable[Candidate]) -> tuple[Candidate, Candidate] | None:
    """The two to preview a wording with."""
    ordered = sorted(people, key=lambda one: (len(one.name), one.person_id))
    return (ordered[-1], ordered[0]) if ordered else None


def _reason(line: Line) -> Reason:
    if line.kind == Need.ATTENDANCE:
        return Reason(line.kind, str(int(line.needed - (line.have or 0))))
    if line.kind == Need.COURSE:
        return Reason(line.kind, str(line.subject))
    return Reason(line.kind, "none" if line.have is None else "failed")
