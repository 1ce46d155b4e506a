"""A question as a learner would see it while it is still being written: pure, whatever is still missing."""

from dataclasses import replace
from decimal import Decimal
from typing import cast

from lms.quizzes.kinds.choice import Choice, Credit, Option, TrueFalse, true_false
from lms.quizzes.kinds.cloze import Cloze, Filler, Gap
from lms.quizzes.kinds.content import Both, Content
from lms.quizzes.kinds.hotspot import Hotspot
from lms.quizzes.kinds.matching import Matching
from lms.quizzes.kinds.numeric import Numeric, Value
from lms.quizzes.kinds.short import Form, Short
from lms.quizzes.models import QuestionVersion
from lms.quizzes.wording import Words


def draft(words: Words) -> QuestionVersion:
    """A version that no database knows, for showing; what is right in it may be missing and is never told."""
    return QuestionVersion(number=1, **replace(words, content=showable(words.content)).columns())


def showable(content: Content) -> Content:
    """The content with the least that lets it be shown: empty parts left out, some key where none is marked yet."""
    match content:
        case TrueFalse():
            shown: Content = true_false(True)
        case Choice():
            options = [one for one in content.options if one.text.vi][:26] or [Option(Both("…"))]
            marked = tuple(replace(one, right=place == 0, share=None) for place, one in enumerate(options))
            shown = replace(content, options=marked, credit=Credit.BALANCED)
        case Short():
            shown = Short((Form("…"),))
        case Numeric():
            units = tuple(unit for unit in content.units if unit.name and unit.factor.is_finite() and unit.factor > 0)
            shown = Numeric((Value(Decimal(0)),), units, content.unit_rule)
        case Cloze():
            gaps = tuple(Gap(cast(Filler, showable(gap.filler))) for gap in content.gaps[:30])
            shown = Cloze(gaps)
        case Matching():
            shown = Matching(content.prompts[:26], content.choices[:26])
        case Hotspot():
            shown = replace(content, zones=tuple(z for z in content.zones if z.is_whole(content.width, content.height)))
        case _:
            shown = content
    return shown
