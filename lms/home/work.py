"""What stands on each role's front page."""

from typing import Any

from lms.accounts.models import Account
from lms.attendance import point_queries
from lms.core import clock
from lms.home import queries
from lms.learning import queries as learning
from lms.people import duplicates, requests
from lms.registration import unit_seats


def of(role: str, account: Account) -> dict[str, Any]:
    """Template values of the role's front page."""
    return {
        "served": unit_seats.served_by(account.id),
        "led": point_queries.led_by(account.id),
        "now_on": clock.today(),
        **_BY_ROLE[role](account),
    }


def _trainee(account: Account) -> dict[str, Any]:
    today = clock.today()
    seats = queries.seats_of(account.person_id)
    attempts = queries.attempts_of(account.person_id)
    return {
        "today": today,
        "coming": [seat for seat in reversed(seats) if seat.event.ends_on >= today and not seat.event.cancelled_at],
        "past": [seat for seat in seats if seat.event.ends_on < today or seat.event.cancelled_at],
        "courses": learning.courses_of(account.person_id),
        "open_attempts": [attempt for attempt in attempts if attempt.handed_in_at is None],
        "attempts": [attempt for attempt in attempts if attempt.handed_in_at is not None],
        "certificates": queries.certificates_of(account.person_id),
    }


def _organizer(account: Account) -> dict[str, Any]:
    today = clock.today()
    events = queries.events_run_by(account)
    doors = [
        half_day
        for event, _count in events
        if event.state == "published"
        for half_day in event.sessions
        if half_day.on == today
    ]
    return {
        "doors": doors,
        "coming": [(event, count) for event, count in events if event.ends_on >= today],
        "past": [(event, count) for event, count in events if event.ends_on < today],
        "to_answer": unit_seats.to_answer([event.id for event, _count in events]),
        "jobs": queries.own_jobs(account),
        "today": today,
    }


def _instructor(account: Account) -> dict[str, Any]:
    return {
        "banks": queries.banks_of(account),
        "quizzes": queries.quizzes_of(account),
        "courses": learning.courses_of(account.person_id),
    }


def _admin(account: Account) -> dict[str, Any]:
    asked, _late = requests.count_open()
    return {
        "troubles": queries.troubles(),
        "account": account,
        "asked": asked,
        "urgent": requests.most_urgent(),
        "alike": duplicates.count_open(),
    }


_BY_ROLE = {"trainee": _trainee, "organizer": _organizer, "instructor": _instructor, "admin": _admin}
