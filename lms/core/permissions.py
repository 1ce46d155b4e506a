"""Who may do what, on one page.

A role is granted on a unit and reaches all below it. A role on one event or course is a row of that feature, which
hands its permissions in through `access.permission_sources`. Which rows a permission reaches is decided by the
feature's queries; what may be done to one row, by its policy.
"""

from enum import StrEnum


class Permission(StrEnum):
    """What an endpoint can ask for; the value is a stable name, the comment a sentence."""

    SYSTEM = "system"  # See and mend the system: units, people, accounts, outgoing mail, jobs.
    PLANS = "plans"  # Write training plans of one's units.
    EVENTS = "events"  # Create, edit, publish, cancel and copy events of one's units.
    DELEGATES = "delegates"  # Import, add, withdraw and export the delegates of one's events.
    SEATS = "seats"  # Fill, change and ask for the seats of one's unit at an event.
    DOOR = "door"  # Check people in at a half-day session of one's events.
    POINT = "point"  # Confirm who is at one's remote point, count heads and close its half-days.
    CERTIFICATES = "certificates"  # Issue, revoke and reissue certificates of one's events; see the register.
    QUESTIONS = "questions"  # Write question banks and quizzes of one's units.
    PRIVATE = "private"  # See and write birth dates, identity numbers and ethnic groups; each look is recorded.
    RESULTS = "results"  # See attempts and results of one's quizzes and courses.


class Role(StrEnum):
    """A role granted on a unit and all below it."""

    ADMIN = "admin"
    ORGANIZER = "organizer"
    INSTRUCTOR = "instructor"


ROLE_PERMISSIONS: dict[Role, frozenset[Permission]] = {
    Role.ADMIN: frozenset(Permission),
    Role.ORGANIZER: frozenset(
        {
            Permission.PLANS,
            Permission.EVENTS,
            Permission.DELEGATES,
            Permission.SEATS,
            Permission.DOOR,
            Permission.POINT,
            Permission.CERTIFICATES,
        }
    ),
    Role.INSTRUCTOR: frozenset({Permission.QUESTIONS, Permission.RESULTS}),
}
"""Permissions of each role. Everyone signed in may learn: take their own courses, quizzes and certificates."""
