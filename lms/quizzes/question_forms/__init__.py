"""Forms in which questions are written: one a kind, each with rows that are added, removed and moved by the server."""

from lms.quizzes.models import QuestionKind
from lms.quizzes.question_forms.base import QuestionForm
from lms.quizzes.question_forms.choices import MultipleForm, SingleForm, TrueFalseForm
from lms.quizzes.question_forms.gaps import ClozeForm
from lms.quizzes.question_forms.judged import EssayForm
from lms.quizzes.question_forms.pairs import MatchingForm, OrderingForm
from lms.quizzes.question_forms.typed import NumericForm, ShortForm
from lms.quizzes.question_forms.zones import HotspotForm

FORMS: dict[QuestionKind, type[QuestionForm]] = {
    QuestionKind.SINGLE: SingleForm,
    QuestionKind.MULTIPLE: MultipleForm,
    QuestionKind.TRUE_FALSE: TrueFalseForm,
    QuestionKind.SHORT: ShortForm,
    QuestionKind.NUMERIC: NumericForm,
    QuestionKind.MATCHING: MatchingForm,
    QuestionKind.ORDERING: OrderingForm,
    QuestionKind.CLOZE: ClozeForm,
    QuestionKind.ESSAY: EssayForm,
    QuestionKind.HOTSPOT: HotspotForm,
}
"""The form of each kind."""
