"""Right answers to the questions of every kind, as stored, as the script sends them, as a form does."""

from typing import Any

from lms.bench.every_kind import ESSAY
from lms.quizzes.attempt_models import AttemptItem
from lms.quizzes.masking import mask

Fields = dict[str, str | list[str]]


def right(item: AttemptItem) -> dict[str, Any]:
    """An answer that earns everything, as it is stored."""
    return item.question_version.content.key() or ESSAY


def as_fields(item: AttemptItem, answer: dict[str, Any]) -> Fields:
    """The same answer as the form of the question sends it without a script."""
    match answer:
        case {"chosen": chosen}:
            return {"answer": chosen}
        case {"text": text}:
            return {"text": text}
        case {"pairs": pairs}:
            return {f"pair-{prompt}": choice for prompt, choice in pairs.items()}
        case {"order": order}:
            return {f"place-{mask(item.option_order, one)}": str(place) for place, one in enumerate(order, 1)}
        case {"gaps": gaps}:
            return {f"gap-{n}": gap.get("text") or gap["chosen"][0] for n, gap in gaps.items()}
        case {"points": points}:
            return {f"{name}-{n}": str(point[at]) for n, point in enumerate(points, 1) for at, name in enumerate("xy")}
    raise AssertionError(answer)
