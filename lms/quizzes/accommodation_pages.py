"""What single people are allowed at a quiz beyond its rules, for those who write it."""

from flask import flash, render_template, request, url_for
from flask_login import current_user
from werkzeug.wrappers import Response as BaseResponse

from lms.core.access import requires
from lms.core.db import session
from lms.core.errors import RulesBroken
from lms.core.i18n import _
from lms.core.permissions import Permission
from lms.core.web import see
from lms.quizzes import accommodations, queries
from lms.quizzes.pages import blueprint
from lms.quizzes.paper_forms import AccommodationForm


@blueprint.get("/quizzes/<int:quiz_id>/accommodations", endpoint="accommodations")
@requires(Permission.QUESTIONS)
def accommodation_list(quiz_id: int) -> str:
    """Who is allowed what, and a search for another person."""
    quiz = queries.get_managed_quiz(current_user, quiz_id)
    text = request.args.get("q", "")
    return render_template(
        "quizzes/accommodations.html",
        quiz=quiz,
        rows=accommodations.all_of(quiz),
        q=text,
        found=accommodations.find_people(current_user, quiz, text),
        most=accommodations.MOST_FOUND,
    )


@blueprint.route("/quizzes/<int:quiz_id>/accommodations/people/<int:person_id>", methods=["GET", "POST"])
@requires(Permission.QUESTIONS)
def accommodate(quiz_id: int, person_id: int) -> str | BaseResponse | tuple[str, int]:
    """Allow one person more, or something else than before."""
    quiz = queries.get_managed_quiz(current_user, quiz_id)
    person = accommodations.get_person(current_user, quiz, person_id)
    form = AccommodationForm.of(accommodations.find_standing(quiz, person.id))
    if form.validate_on_submit():
        try:
            accommodations.grant(current_user, quiz, person, form.terms())
        except RulesBroken as refusal:
            session().rollback()
            form.refuse(refusal)
        else:
            flash(_("Đã điều chỉnh cho %(name)s.", name=person.full_name), "ok")
            return see(url_for("quizzes.accommodations", quiz_id=quiz_id))
    quiz = queries.get_managed_quiz(current_user, quiz_id)
    person = accommodations.get_person(current_user, quiz, person_id)
    page = render_template("quizzes/accommodation.html", quiz=quiz, person=person, form=form)
    return (page, 422) if form.is_submitted() else page


@blueprint.post("/quizzes/<int:quiz_id>/accommodations/<int:accommodation_id>/withdrawal")
@requires(Permission.QUESTIONS)
def withdraw_accommodation(quiz_id: int, accommodation_id: int) -> BaseResponse:
    """Let the quiz's own rules hold again."""
    quiz = queries.get_managed_quiz(current_user, quiz_id)
    accommodations.withdraw(current_user, accommodations.get(quiz, accommodation_id))
    flash(_("Đã thu hồi. Lượt đang làm giữ giờ nộp đã định."), "ok")
    return see(url_for("quizzes.accommodations", quiz_id=quiz.id))
