"""Pasting many questions as plain text into a bank: what was understood is shown, put right, then written at once."""

from dataclasses import dataclass

from flask import flash, render_template, request, url_for
from flask_login import current_user
from werkzeug.wrappers import Response as BaseResponse
from wtforms import BooleanField, SelectField, StringField, TextAreaField

from lms.core.access import requires
from lms.core.db import session
from lms.core.errors import NotFound, RuleBroken, RulesBroken
from lms.core.forms import Form, length, optional, tidied
from lms.core.i18n import _, in_language, lazy, ngettext
from lms.core.permissions import Permission
from lms.core.web import see
from lms.quizzes import bank_queries, pasting, queries, service, twice_queries
from lms.quizzes.kinds.choice import TrueFalse
from lms.quizzes.kinds.short import Short
from lms.quizzes.labels import DIFFICULTIES, KINDS
from lms.quizzes.models import Difficulty, QuestionBank
from lms.quizzes.pages import blueprint
from lms.quizzes.pasting import Pasted
from lms.quizzes.question_forms.base import folder, tags_of
from lms.quizzes.wording import Labels


class PasteForm(Form):
    """The text, and what all its questions are filed under."""

    text = TextAreaField(lazy("Dán các câu hỏi vào đây"))
    topic = StringField(lazy("Chủ đề"), [optional(), length(80)], filters=[tidied])
    category = StringField(lazy("Danh mục"), [optional(), length(300)], filters=[tidied])
    tags = StringField(lazy("Nhãn"), [optional(), length(800)], filters=[tidied])
    difficulty = SelectField(lazy("Độ khó"), choices=list(DIFFICULTIES.items()), default=Difficulty.MEDIUM)
    skip_known = BooleanField(lazy("Bỏ qua câu đã có trong ngân hàng hoặc dán hai lần"), default=True)

    def labels(self) -> Labels:
        """What all questions are filed under."""
        return Labels(
            topic=self.topic.data or "",
            difficulty=Difficulty(self.difficulty.data),
            category=folder(self.category.data),
            tags=tags_of(self.tags.data),
        )


@dataclass(frozen=True)
class Understood:
    """A question of the text as a page shows it, and the lines it was read from."""

    pasted: Pasted
    part: str
    known: bool


@blueprint.get("/question-banks/<int:bank_id>/paste")
@blueprint.post("/question-banks/<int:bank_id>/paste")
@requires(Permission.QUESTIONS)
def paste(bank_id: int) -> str | BaseResponse | tuple[str, int]:
    """Paste questions; nothing is written before every one of them is understood."""
    bank = queries.get_bank(current_user, bank_id)
    if bank.from_files:
        raise NotFound
    form = PasteForm()
    if not form.is_submitted():
        form = PasteForm(formdata=None, data={name: request.args.get(name, "") for name in ("topic", "category")})
        return _page(bank, form, [])
    if parts := request.form.getlist("part"):
        form.text.data = "\n".join(part.replace("\r\n", "\n") for part in parts)
    found: list[Understood] = []
    if form.validate():
        try:
            found = _understood(bank, form.text.data or "")
            if request.form.get("act") == "write" and not any(one.pasted.problems for one in found):
                return _write(bank, form, found)
        except (RuleBroken, RulesBroken) as refusal:
            session().rollback()
            form.refuse(refusal)
    return _page(bank, form, found), 422


def _write(bank: QuestionBank, form: PasteForm, found: list[Understood]) -> BaseResponse:
    taken = [one for one in found if not (one.known and form.skip_known.data)]
    if not taken:
        raise RuleBroken(_("Không có câu nào mới để ghi."), field="text", code="nothing-new")
    service.add_questions(bank, [(one.pasted.words, form.labels()) for one in taken])
    flash(ngettext("Đã ghi %(num)s câu.", "Đã ghi %(num)s câu.", len(taken)), "ok")
    return see(url_for("quizzes.bank", bank_id=bank.id))


def _understood(bank: QuestionBank, text: str) -> list[Understood]:
    questions = pasting.read(text)
    if not questions:
        raise RuleBroken(_("Chưa thấy câu hỏi nào. Hãy dán các câu hỏi vào ô."), field="text", code="empty")
    prints = [one.words.fingerprint() for one in questions]
    known = twice_queries.fingerprints_in(bank, prints)
    found = []
    for place, (one, part) in enumerate(zip(questions, pasting.parts(text, questions), strict=True)):
        twice = prints[place] in known or prints[place] in prints[:place]
        found.append(Understood(one, part, twice and not one.problems))
    return found


def _page(bank: QuestionBank, form: PasteForm, found: list[Understood]) -> str:
    problems = [
        (_("Dòng %(n)s: %(what)s", n=problem.line, what=_(problem.message, **problem.params)), f"#part-{place}")
        for place, one in enumerate(found)
        for problem in one.pasted.problems
    ]
    return render_template(
        "quizzes/bank_paste.html",
        bank=bank,
        form=form,
        found=found,
        problems=problems,
        new=sum(not (one.known and form.skip_known.data) for one in found),
        kinds=KINDS,
        topics=queries.topics(bank),
        categories=bank_queries.categories(bank),
        key_of=_key_of,
    )


def _key_of(one: Understood) -> str:
    """What is right, in words."""
    content = one.pasted.words.content
    if isinstance(content, TrueFalse):
        return "; ".join(in_language(option.text.vi, option.text.en) for option in content.options if option.right)
    return "; ".join(form.text for form in content.accepted) if isinstance(content, Short) else ""
