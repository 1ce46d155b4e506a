"""May this account, this person, do this?"""

from collections.abc import Callable

from lms.accounts.models import Account
from lms.core.permissions import Permission
from lms.quizzes.models import Quiz

admission_sources: list[Callable[[int, int], bool]] = []
"""Functions (person id, quiz id) -> bool that later features add: enrolled in the quiz's course, delegate of the event
whose test it is. One yes is enough; with no source nobody but those who may preview gets in."""


def is_admitted(person_id: int, quiz_id: int) -> bool:
    """Whether some feature lets the person take the quiz."""
    return any(source(person_id, quiz_id) for source in admission_sources)


def may_write(account: Account, quiz: Quiz) -> bool:
    """Whether the account may edit and preview the quiz: permission QUESTIONS on its unit."""
    return reaches(account, Permission.QUESTIONS, quiz.unit.path)


def may_see_results(account: Account, quiz: Quiz) -> bool:
    """Whether the account may see the quiz's attempts: permission RESULTS on its unit."""
    return reaches(account, Permission.RESULTS, quiz.unit.path)


def reaches(account: Account, permission: Permission, unit_path: str) -> bool:
    """Whether a role gives the account the permission on the unit of this path."""
    return any(unit_path.startswith(prefix) for prefix in account.unit_paths(permission))
