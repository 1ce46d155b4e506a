"""A quiz's papers by code, ready to be printed: each drawn and shuffled by the seed of the printing and its code."""

from itertools import groupby

from lms.core import files
from lms.core.db import session
from lms.quizzes import drawing
from lms.quizzes.models import QuestionFigure, Quiz
from lms.quizzes.printing import Asked, Paper, Part

FIRST_CODE = 101
MOST_CODES = 24


def papers_for(quiz: Quiz, codes: int, seed: int) -> list[Paper]:
    """As many papers, codes 101, 102 …; the same seed gives the same papers while the banks stay the same."""
    return [_paper(quiz, code, seed) for code in range(FIRST_CODE, FIRST_CODE + codes)]


def _paper(quiz: Quiz, code: int, seed: int) -> Paper:
    own = seed * 1000 + code
    ordered = drawing.in_order(drawing.paper_of(quiz, None, own), own, quiz.shuffle)
    questions = drawing.questions_of(ordered)
    headings = {section.id: section for section in quiz.sections}
    numbered = enumerate(ordered, 1)
    parts = []
    for section_id, group in groupby(numbered, key=lambda one: one[1][2]):
        heading = headings.get(section_id) if section_id is not None else None
        asked = [
            Asked(
                number=number,
                key=questions[version.question_id].key,
                stem=version.stem,
                content=version.content,
                order=drawing.option_order(version, own, quiz.shuffle),
                points=points,
            )
            for number, (version, points, _section_id) in group
        ]
        parts.append(Part(heading.title if heading else "", heading.intro if heading else "", asked))
    return Paper(
        code=str(code),
        agency=quiz.unit.name,
        title=quiz.title,
        minutes=quiz.time_limit_minutes,
        parts=parts,
        intro=quiz.intro,
        figures=_figure,
    )


def _figure(digest: str) -> bytes | None:
    return files.read(digest) if session().get(QuestionFigure, digest) is not None else None
