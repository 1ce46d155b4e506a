"""The posts of one person: entering one, correcting it, closing it when someone moves on."""

from flask import flash, render_template, request, url_for
from flask_login import current_user

from lms.core.access import requires
from lms.core.db import session
from lms.core.errors import RuleBroken
from lms.core.i18n import _
from lms.core.permissions import Permission
from lms.core.web import see
from lms.people import posts, queries
from lms.people.forms import PostEndForm, PostForm
from lms.people.models import Person, Post
from lms.people.views import Answer, blueprint


@blueprint.route("/<int:person_id>/posts/new", methods=["GET", "POST"])
@requires(Permission.SYSTEM)
def add_post(person_id: int) -> Answer:
    """Enter a post the person holds or held."""
    person, form = queries.get_living(person_id), PostForm()
    if request.method == "POST" and form.validate():
        try:
            posts.add(person, _held(form), current_user.id)
        except RuleBroken as refusal:
            session().rollback()
            form.refuse(refusal)
        else:
            flash(_("Đã ghi chức vụ."), "ok")
            return see(url_for("people.show", person_id=person.id))
    return _page(queries.get_living(person_id), form, _("Ghi một chức vụ"), _("Ghi chức vụ"))


@blueprint.route("/<int:person_id>/posts/<int:post_id>", methods=["GET", "POST"])
@requires(Permission.SYSTEM)
def correct_post(person_id: int, post_id: int) -> Answer:
    """Correct a post that was written down wrongly."""
    person = queries.get_living(person_id)
    post = posts.get(person, post_id)
    form = PostForm(data=_said(post))
    if request.method == "POST" and form.validate():
        try:
            changed = posts.correct(post, _held(form), current_user.id)
        except RuleBroken as refusal:
            session().rollback()
            form.refuse(refusal)
        else:
            if changed:
                flash(_("Đã sửa chức vụ. Giấy đã cấp và chương trình đã công bố giữ chức vụ ghi khi ấy."), "ok")
            return see(url_for("people.show", person_id=person.id))
    return _page(queries.get_living(person_id), form, _("Sửa chức vụ"), _("Lưu"))


@blueprint.route("/<int:person_id>/posts/<int:post_id>/ending", methods=["GET", "POST"])
@requires(Permission.SYSTEM)
def end_post(person_id: int, post_id: int) -> Answer:
    """Say since when a post is no longer held."""
    person, form = queries.get_living(person_id), PostEndForm()
    post = posts.get(person, post_id)
    if request.method == "POST" and form.validate():
        try:
            posts.end(post, form.to_on.data, current_user.id)
        except RuleBroken as refusal:
            session().rollback()
            form.refuse(refusal)
        else:
            flash(_("Đã ghi ngày thôi giữ chức vụ. Nếu đã nhận chức vụ khác, hãy ghi chức vụ ấy."), "ok")
            return see(url_for("people.show", person_id=person.id))
    status = 422 if request.method == "POST" else 200
    person = queries.get_living(person_id)
    return render_template("people/post_end.html", form=form, person=person, post=posts.get(person, post_id)), status


def _said(post: Post) -> dict[str, object]:
    """What the form shows of a post at first."""
    names = ("name", "name_en", "rank", "from_on", "to_on")
    return {"unit": post.unit.name, **{name: getattr(post, name) for name in names}}


def _held(form: PostForm) -> posts.Held:
    return posts.Held(
        unit=form.unit.data or "",
        name=form.name.data or "",
        name_en=form.name_en.data,
        rank=form.rank.data or 1,
        from_on=form.from_on.data,
        to_on=form.to_on.data,
    )


def _page(person: Person, form: PostForm, title: str, act: str) -> Answer:
    page = render_template(
        "people/post.html", form=form, person=person, title=title, act=act, units=posts.units_suggested(person)
    )
    return page, 422 if request.method == "POST" else 200
