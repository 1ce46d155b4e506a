"""The shape of an answer, as it comes from a browser or a form."""

from collections.abc import Collection
from typing import Any

from lms.core.errors import N_, RuleBroken
from lms.core.text import tidy
from lms.quizzes.models import QuestionKind

LONGEST_TEXT = 500
BAD_ANSWER = N_("Câu trả lời gửi lên không đúng dạng của câu hỏi. Hãy tải lại trang rồi chọn lại.")


def checked_answer(kind: QuestionKind, option_ids: Collection[str], given: Any) -> dict[str, Any] | None:
    """The answer to store, None where nothing is answered; raises RuleBroken (bad-answer) for another shape.

    `given` is None, `{"chosen": [option id, …]}` or `{"text": "…"}`; the chosen ones come back in alphabetical order.
    """
    if given is None:
        return None
    if kind == QuestionKind.SHORT:
        return _text(given)
    chosen = given.get("chosen") if isinstance(given, dict) else None
    if not isinstance(chosen, list) or not all(isinstance(one, str) and one in option_ids for one in chosen):
        raise RuleBroken(BAD_ANSWER, code="bad-answer")
    if len(set(chosen)) > 1 and kind != QuestionKind.MULTIPLE:
        raise RuleBroken(N_("Câu này chỉ chọn một đáp án."), code="bad-answer")
    return {"chosen": sorted(set(chosen))} if chosen else None


def _text(given: Any) -> dict[str, Any] | None:
    text = given.get("text") if isinstance(given, dict) else None
    if not isinstance(text, str):
        raise RuleBroken(BAD_ANSWER, code="bad-answer")
    if len(text) > LONGEST_TEXT:
        raise RuleBroken(N_("Câu trả lời dài quá %(max)s ký tự. Hãy rút ngắn."), code="bad-answer", max=LONGEST_TEXT)
    text = tidy(text)
    return {"text": text} if text else None
