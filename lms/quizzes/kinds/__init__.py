"""Kinds of question: what each says, how it is answered, how it is marked; one module a kind."""

from collections.abc import Mapping
from typing import Any

from lms.quizzes.kinds.choice import Multiple, Single, TrueFalse
from lms.quizzes.kinds.cloze import Cloze
from lms.quizzes.kinds.content import Content
from lms.quizzes.kinds.essay import Essay
from lms.quizzes.kinds.hotspot import Hotspot
from lms.quizzes.kinds.matching import Matching
from lms.quizzes.kinds.numeric import Numeric
from lms.quizzes.kinds.ordering import Ordering
from lms.quizzes.kinds.short import Short

CONTENTS: dict[str, type[Content]] = {
    "single": Single,
    "multiple": Multiple,
    "truefalse": TrueFalse,
    "short": Short,
    "numeric": Numeric,
    "matching": Matching,
    "ordering": Ordering,
    "cloze": Cloze,
    "essay": Essay,
    "hotspot": Hotspot,
}
"""The class that reads the body of each kind."""


def read(kind: str, body: Mapping[str, Any]) -> Content:
    """The content of a stored version."""
    return CONTENTS[kind].read(body)
