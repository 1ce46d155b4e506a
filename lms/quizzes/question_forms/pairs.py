"""Boxes of matching and ordering."""

from typing import Any

from wtforms import FieldList, FormField, RadioField

from lms.core.forms import RowForm
from lms.core.i18n import lazy
from lms.quizzes.kinds.content import Both, Content
from lms.quizzes.kinds.matching import MOST_CHOICES, MOST_PROMPTS, Matching
from lms.quizzes.kinds.ordering import MOST_ITEMS, Credit, Ordering
from lms.quizzes.models import QuestionKind
from lms.quizzes.question_forms.base import QuestionForm, rows_of
from lms.quizzes.question_forms.boxes import ENGLISH, both, line


class PairForm(RowForm):
    """A prompt and the choice that fits it."""

    prompt = line(lazy("Ý cần ghép"))
    choice = line(lazy("Ghép với"))
    prompt_en = line(lazy("Ý cần ghép, bằng tiếng Anh"))
    choice_en = line(lazy("Ghép với, bằng tiếng Anh"))


class ExtraForm(RowForm):
    """A choice that fits no prompt."""

    text = line(lazy("Ý thừa"))
    text_en = line(ENGLISH)


class MatchingForm(QuestionForm):
    """Pairs, and choices that fit none. The same words beside two prompts are one choice."""

    kind = QuestionKind.MATCHING
    most = {"pairs": MOST_PROMPTS, "extras": MOST_CHOICES}  # noqa: RUF012 - declared in the base
    places = {  # noqa: RUF012 - declared in the base
        "prompts": ("pairs", "prompt"),
        "choices": ("extras", "text"),
    }

    pairs = FieldList(FormField(PairForm), lazy("Các cặp"), max_entries=MOST_PROMPTS)
    extras = FieldList(FormField(ExtraForm), lazy("Ý thừa, không ghép với ý nào"), max_entries=MOST_CHOICES)

    @classmethod
    def empty(cls) -> dict[str, Any]:
        """Three empty pairs, one empty extra."""
        return {"pairs": [{}, {}, {}], "extras": [{}]}

    @classmethod
    def filled(cls, content: Matching) -> dict[str, Any]:
        """Pairs in their order, then what is left over."""
        used = {match for _text, match in content.prompts}
        extras = [choice for place, choice in enumerate(content.choices) if place not in used]
        return {
            "pairs": [
                {
                    "prompt": text.vi,
                    "prompt_en": text.en,
                    "choice": content.choices[match].vi,
                    "choice_en": content.choices[match].en,
                }
                for text, match in content.prompts
            ],
            "extras": [{"text": one.vi, "text_en": one.en} for one in extras] or [{}],
        }

    def content(self) -> Content:
        """A matching question."""
        choices: list[Both] = []
        places: dict[str, int] = {}
        prompts = []
        for row in rows_of(self.pairs):
            choice = both(row.choice, row.choice_en)
            place = places.setdefault(choice.vi.casefold(), len(choices))
            if place == len(choices):
                choices.append(choice)
            elif choice.en and not choices[place].en:
                choices[place] = choice
            prompts.append((both(row.prompt, row.prompt_en), place))
        choices += [both(row.text, row.text_en) for row in rows_of(self.extras)]
        return Matching(tuple(prompts), tuple(choices))

    def row_of(self, part: str, place: int) -> int:
        """Choices begin with those of the pairs, so a fault in a later one is a fault of an extra."""
        if part == "choices":
            of_pairs = {(row.choice.data or "").casefold() for row in rows_of(self.pairs)}
            place = max(place - len(of_pairs), 0)
        return super().row_of(part, place)


class ItemForm(RowForm):
    """One item to be put in order."""

    text = line(lazy("Mục"))
    text_en = line(ENGLISH)


class OrderingForm(QuestionForm):
    """Items in their right order."""

    kind = QuestionKind.ORDERING
    most = {"items": MOST_ITEMS}  # noqa: RUF012 - declared in the base
    places = {"items": ("items", "text")}  # noqa: RUF012 - declared in the base

    items = FieldList(FormField(ItemForm), lazy("Các mục theo thứ tự đúng"), max_entries=MOST_ITEMS)
    credit = RadioField(
        lazy("Cách tính điểm"),
        choices=[
            (str(Credit.NEIGHBOURS), lazy("Mỗi cặp mục kề nhau đúng thứ tự được một phần bằng nhau")),
            (str(Credit.PLACES), lazy("Mỗi mục đúng chỗ được một phần bằng nhau")),
            (str(Credit.ALL), lazy("Xếp đúng hết mới được trọn điểm, còn lại không được điểm")),
        ],
        default=str(Credit.NEIGHBOURS),
    )

    @classmethod
    def empty(cls) -> dict[str, Any]:
        """Four empty items."""
        return {"items": [{} for _place in range(4)]}

    @classmethod
    def filled(cls, content: Ordering) -> dict[str, Any]:
        """The items as stored."""
        items = [{"text": item.vi, "text_en": item.en} for item in content.items]
        return {"items": items, "credit": str(content.credit)}

    def content(self) -> Content:
        """An ordering question."""
        items = tuple(both(row.text, row.text_en) for row in rows_of(self.items))
        return Ordering(items, Credit(self.credit.data or Credit.NEIGHBOURS))
