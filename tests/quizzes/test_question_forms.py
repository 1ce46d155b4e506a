"""Every kind of question in its form: what is filled in says what was stored, rows move, faults stand at their box."""

from collections.abc import Iterator
from typing import Any

import pytest
from flask import Flask
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from werkzeug.datastructures import MultiDict
from wtforms import FieldList, FormField

from lms.core.errors import RuleBroken
from lms.quizzes import previewing
from lms.quizzes.kinds.cloze import Cloze
from lms.quizzes.kinds.content import Both, Content
from lms.quizzes.kinds.matching import Matching
from lms.quizzes.models import QuestionKind
from lms.quizzes.question_forms import FORMS
from lms.quizzes.question_forms.base import QuestionForm, folder, tags_of
from lms.quizzes.wording import Words
from tests.quizzes import contents

FEW = settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


def sent(form: QuestionForm) -> MultiDict[str, str]:
    """What a browser sends of a form as it stands."""
    return MultiDict(list(_boxes(form)))


def _boxes(form: Any) -> Iterator[tuple[str, str]]:
    for field in form:
        if isinstance(field, FieldList):
            for entry in field.entries:
                yield from _boxes(entry.form)
        elif isinstance(field, FormField):
            yield from _boxes(field.form)
        elif field.type == "BooleanField":
            if field.data:
                yield field.name, "y"
        elif field.type not in {"FileField", "CSRFTokenField"} and field.data is not None:
            yield field.name, str(field.data)


def once_through(content: Content) -> QuestionForm:
    """The form of a content, as it comes back from a browser."""
    made = FORMS[QuestionKind(content.kind)]
    filled = made(formdata=None, data={"stem": "Câu?"} | made.filled(content))
    return made(formdata=sent(filled))


written = st.one_of(
    contents.singles(),
    contents.multiples(),
    contents.shorts(),
    contents.numerics(),
    contents.orderings(),
    contents.essays(),
    contents.clozes(),
)


@FEW
@given(content=written)
def test_a_form_says_what_was_stored(application: Flask, content: Content) -> None:
    with application.test_request_context(method="POST"):
        form = once_through(content)
        assert form.validate(), form.errors
        assert form.content() == content


@FEW
@given(content=contents.matchings())
def test_a_matching_keeps_its_pairs(application: Flask, content: Matching) -> None:
    with application.test_request_context(method="POST"):
        found = once_through(content).content()
        assert isinstance(found, Matching)
        named = [(text, content.choices[match]) for text, match in content.prompts]
        assert [(text, found.choices[match]) for text, match in found.prompts] == named
        assert sorted(one.vi for one in found.choices) == sorted(one.vi for one in content.choices)
        assert once_through(found).content() == found


@FEW
@given(content=contents.contents(), gone=st.integers(0, 3))
def test_what_is_half_written_can_be_shown(application: Flask, content: Content, gone: int) -> None:
    with application.test_request_context(method="POST"):
        made = FORMS[QuestionKind(content.kind)]
        values = made.filled(content)
        for name, rows in values.items():
            if isinstance(rows, list):
                values[name] = [{} if place == gone else row for place, row in enumerate(rows)]
        form = made(formdata=None, data=values)
        draft = previewing.draft(Words(form.content(), Both("Câu [[1]]?")))
        assert draft.content.arranged(None) is not None


@pytest.mark.parametrize("kind", list(QuestionKind))
def test_an_empty_form_has_faults_and_can_be_shown(application: Flask, kind: QuestionKind) -> None:
    with application.test_request_context(method="POST"):
        made = FORMS[kind]
        form = made(formdata=None, data=made.empty())
        assert form.words().content.faults(Both())
        previewing.draft(form.words())


def test_rows_within_rows_are_added_moved_and_removed(application: Flask) -> None:
    with application.test_request_context(method="POST"):
        made = FORMS[QuestionKind.ESSAY]
        levels = [{"points": 2, "text": "Đủ"}, {"points": 0, "text": "Thiếu"}]
        form = made(formdata=None, data={"rubric": [{"name": "Rõ", "levels": levels}]})

        def texts(act: str) -> list[str]:
            row = form.rearranged(act).data["rubric"][0]
            return [level["text"] or "" for level in row["levels"]]

        assert texts("add:rubric-0-levels") == ["Đủ", "Thiếu", ""]
        assert texts("up:rubric-0-levels-1") == ["Thiếu", "Đủ"]
        assert texts("remove:rubric-0-levels-0") == ["Thiếu"]
        assert texts("remove:rubric-9-levels-0") == ["Đủ", "Thiếu"]
        assert len(form.rearranged("add:rubric").data["rubric"]) == 2
        assert [row["name"] or "" for row in form.rearranged("remove:rubric-0").data["rubric"]] == [""]
        assert form.rearranged("add:stem").data["rubric"][0]["name"] == "Rõ"


def test_folders_and_tags_are_tidied() -> None:
    assert folder(" Khung pháp lý / Nghị định//") == "Khung pháp lý/Nghị định"
    assert tags_of("Phát ngôn, phat  ngon; 24 giờ,, ") == ("Phát ngôn", "24 giờ")


def test_gaps_written_as_moodle_does_become_rows(application: Flask) -> None:
    with application.test_request_context(method="POST"):
        made = FORMS[QuestionKind.CLOZE]
        stem = "Thủ đô {1:SHORTANSWER:=Hà Nội}, có {2:NUMERICAL:=2:0} chữ, ở {1:MULTICHOICE:=Bắc~Nam}."
        form = made(formdata=None, data={"stem": stem}).unfolded()
        assert form.stem.data == "Thủ đô [[1]], có [[2]] chữ, ở [[3]]."
        content = form.content()
        assert isinstance(content, Cloze)
        assert [(gap.filler.kind, gap.weight) for gap in content.gaps] == [("short", 1), ("numeric", 2), ("single", 1)]
        assert not content.faults(Both(form.stem.data))
        with pytest.raises(RuleBroken):
            made(formdata=None, data={"stem": "{1:SHORTANSWER:=Hà Nội"}).unfolded()
