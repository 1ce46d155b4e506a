"""What a person sees of an own attempt that is over, and since when."""

from dataclasses import dataclass
from datetime import datetime

from lms.quizzes.allowances import closed_for_all_at
from lms.quizzes.attempt_models import Attempt
from lms.quizzes.models import ShowFrom, ShowRule


@dataclass(frozen=True)
class Disclosure:
    """`rule` is what is shown now; `held`: more is shown later, from `until` on where that is known."""

    rule: ShowRule
    held: bool = False
    until: datetime | None = None

    @property
    def answers(self) -> bool:
        """Whether each question is shown with its marks."""
        return self.rule in {ShowRule.MARKS, ShowRule.FULL}


def disclosure_of(attempt: Attempt, moment: datetime) -> Disclosure:
    """By the quiz's rules; a preview and a practice hide nothing."""
    quiz = attempt.quiz
    if attempt.preview or quiz.practice:
        return Disclosure(ShowRule.FULL)
    if quiz.show_from == ShowFrom.CLOSED and quiz.show != ShowRule.NONE:
        until = closed_for_all_at(quiz)
        if until is None or moment < until:
            return Disclosure(ShowRule.NONE, held=True, until=until)
    return Disclosure(ShowRule(quiz.show))
