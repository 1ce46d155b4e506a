"""Forms refuse in the reader's language."""

from flask import Flask
from wtforms import IntegerField

from lms.core.errors import RuleBroken, RulesBroken
from lms.core.forms import Form, first_errors


class AgeForm(Form):
    age = IntegerField("Tuổi")


def test_the_fields_own_refusals_are_vietnamese_and_english(application: Flask) -> None:
    for language, words in (("vi", "Cần một số nguyên."), ("en", "A whole number is needed.")):
        with application.test_request_context(
            method="POST", data={"age": "x"}, headers={"Cookie": f"lms_language={language}"}
        ):
            form = AgeForm()
            assert not form.validate()
            assert form.age.errors == [words]


def test_a_refusal_lands_on_its_field_or_on_the_form(application: Flask) -> None:
    with application.test_request_context(method="POST", data={"age": "7"}):
        form = AgeForm()
        form.refuse(RulesBroken([RuleBroken("Trẻ quá.", field="age"), RuleBroken("Hết %(what)s.", what="chỗ")]))
        assert [(field.name if field else None, text) for field, text in first_errors(form)] == [
            (None, "Hết chỗ."),
            ("age", "Trẻ quá."),
        ]
