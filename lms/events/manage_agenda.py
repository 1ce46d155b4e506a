"""The agenda's pages: half-days, topics in order, speakers with the posts they held that day."""

from collections.abc import Mapping
from types import MappingProxyType

from flask import flash, render_template, request, url_for
from flask_login import current_user

from lms.core.access import requires
from lms.core.db import session
from lms.core.errors import NotFound, RuleBroken
from lms.core.i18n import _, day
from lms.core.permissions import Permission
from lms.core.web import see
from lms.events import agenda, choosing, hour_reviews, posts_held, queries
from lms.events.forms import HALF_WORDS, HalfDayForm, HoursForm, NewPersonForm, TopicForm
from lms.events.manage import Answer, Errors, explained, managed
from lms.events.models import Event, Half, HalfDay, Topic
from lms.events.views import blueprint
from lms.people.models import Person


@blueprint.get("/events/<key>/agenda", endpoint="agenda")
@requires(Permission.EVENTS)
def show_agenda(key: str) -> Answer:
    """The half-days with their topics."""
    return _agenda_page(managed(key))


@blueprint.post("/events/<key>/sessions")
@requires(Permission.EVENTS)
def add_half_day(key: str) -> Answer:
    """One more half-day."""
    event, form = managed(key), HalfDayForm()
    if not form.validate_on_submit():
        return _agenda_page(event, form), 422
    try:
        agenda.add_half_day(current_user, event, form.on.data, Half(form.half.data))
    except RuleBroken as refusal:
        session().rollback()
        form.refuse(refusal)
        return _agenda_page(event, form), 422
    flash(_("Đã thêm buổi."), "ok")
    return see(url_for("events.agenda", key=key))


@blueprint.post("/events/<key>/sessions/<session_key>/hours")
@requires(Permission.EVENTS)
def set_hours(key: str, session_key: str) -> Answer:
    """When a half-day begins and ends; where that changes what is recorded it is looked at first."""
    event = managed(key)
    half_day, form = queries.get_half_day(event, session_key), HoursForm()
    typed, place = {session_key: form}, f"#starts-{session_key}"
    if not form.validate_on_submit():
        return _agenda_page(event, errors=[(_("Giờ chưa đúng. Hãy ghi như 07:30."), place)], typed=typed), 422
    hours = (form.starts_at.data, form.ends_at.data)
    try:
        agenda.check_hours(event, half_day, *hours)
        review = hour_reviews.address(half_day, *hours)
        if review is not None:
            return see(review)
        agenda.set_hours(current_user, event, half_day, *hours)
    except RuleBroken as refusal:
        errors = [(words, place) for words, _anywhere in explained(refusal)]
        return _agenda_page(event, errors=errors, typed=typed), 422
    flash(_("Đã lưu giờ của buổi."), "ok")
    return see(url_for("events.agenda", key=key))


@blueprint.post("/events/<key>/sessions/<session_key>/removal")
@requires(Permission.EVENTS)
def remove_half_day(key: str, session_key: str) -> Answer:
    """Take an empty half-day off the agenda."""
    event = managed(key)
    try:
        agenda.remove_half_day(current_user, event, queries.get_half_day(event, session_key))
    except RuleBroken as refusal:
        return _agenda_page(event, errors=explained(refusal)), 422
    flash(_("Đã bỏ buổi."), "ok")
    return see(url_for("events.agenda", key=key))


@blueprint.route("/events/<key>/sessions/<session_key>/topics", methods=["GET", "POST"])
@requires(Permission.EVENTS)
def new_topic(key: str, session_key: str) -> Answer:
    """A new topic; its speakers are chosen on the topic's own page."""
    event = managed(key)
    form = TopicForm(data={"half_day": session_key})
    form.half_day.choices = _half_day_choices(event)
    queries.get_half_day(event, session_key)
    if form.validate_on_submit():
        try:
            topic = agenda.add_topic(current_user, event, queries.get_half_day(event, form.half_day.data), _words(form))
        except RuleBroken as refusal:
            session().rollback()
            form.refuse(refusal)
        else:
            flash(_("Đã thêm chuyên đề. Hãy chọn người trình bày."), "ok")
            return see(url_for("events.topic", key=key, topic_id=topic.id))
    page = render_template("events/topic_new.html", event=event, form=form)
    return page, 422 if form.is_submitted() else 200


@blueprint.route("/events/<key>/topics/<int:topic_id>", methods=["GET", "POST"])
@requires(Permission.EVENTS)
def topic(key: str, topic_id: int) -> Answer:
    """A topic's words and speakers."""
    event = managed(key)
    found = queries.get_topic(event, topic_id)
    form = TopicForm(obj=found)
    form.half_day.choices = _half_day_choices(event)
    if form.validate_on_submit():
        half_day = queries.get_half_day(event, form.half_day.data)
        try:
            agenda.edit_topic(current_user, event, found, half_day, _words(form))
        except RuleBroken as refusal:
            session().rollback()
            form.refuse(refusal)
        else:
            flash(_("Đã lưu chuyên đề."), "ok")
            return see(url_for("events.agenda", key=key))
    elif not form.is_submitted():
        form.half_day.data = found.half_day.key
    page = _topic_page(event, found, form)
    return page, 422 if form.is_submitted() else 200


@blueprint.post("/events/<key>/topics/<int:topic_id>/place")
@requires(Permission.EVENTS)
def place_topic(key: str, topic_id: int) -> Answer:
    """Put a topic at the place given, 1 first."""
    event = managed(key)
    position = request.form.get("position", 1, type=int)
    try:
        agenda.place_topic(current_user, event, queries.get_topic(event, topic_id), position)
    except RuleBroken as refusal:
        return _agenda_page(event, errors=explained(refusal)), 422
    return see(url_for("events.agenda", key=key))


@blueprint.post("/events/<key>/topics/<int:topic_id>/removal")
@requires(Permission.EVENTS)
def remove_topic(key: str, topic_id: int) -> Answer:
    """Take a topic off the agenda."""
    event = managed(key)
    try:
        agenda.remove_topic(current_user, event, queries.get_topic(event, topic_id))
    except RuleBroken as refusal:
        return _agenda_page(event, errors=explained(refusal)), 422
    flash(_("Đã bỏ chuyên đề khỏi chương trình."), "ok")
    return see(url_for("events.agenda", key=key))


@blueprint.post("/events/<key>/topics/<int:topic_id>/speakers")
@requires(Permission.EVENTS)
def add_speaker(key: str, topic_id: int) -> Answer:
    """Let a known person speak on the topic."""
    event = managed(key)
    found = queries.get_topic(event, topic_id)
    person = session().get(Person, request.form.get("person_id", 0, type=int))
    if person is None:
        raise NotFound
    try:
        agenda.add_speaker(current_user, event, found, person)
    except RuleBroken as refusal:
        return _topic_page(event, found, errors=explained(refusal)), 422
    flash(_("Đã thêm người trình bày."), "ok")
    return see(url_for("events.topic", key=key, topic_id=topic_id))


@blueprint.post("/events/<key>/topics/<int:topic_id>/people")
@requires(Permission.EVENTS)
def add_new_speaker(key: str, topic_id: int) -> Answer:
    """Enter a person not yet known and let them speak on the topic."""
    event = managed(key)
    found, form = queries.get_topic(event, topic_id), NewPersonForm()
    if not form.validate_on_submit():
        return _topic_page(event, found, new_person=form), 422
    try:
        unit = choosing.the_unit(form.unit.data, event.starts_on, field="unit")
        new = agenda.NewPerson(form.full_name.data, form.post.data, unit, form.person_title.data or "")
        agenda.add_new_speaker(current_user, event, found, new)
    except RuleBroken as refusal:
        session().rollback()
        form.refuse(refusal)
        return _topic_page(event, found, new_person=form), 422
    flash(_("Đã thêm người trình bày."), "ok")
    return see(url_for("events.topic", key=key, topic_id=topic_id))


@blueprint.post("/events/<key>/topics/<int:topic_id>/speakers/<int:speaker_id>/removal")
@requires(Permission.EVENTS)
def remove_speaker(key: str, topic_id: int, speaker_id: int) -> Answer:
    """Take a speaker off the topic."""
    event = managed(key)
    found = queries.get_topic(event, topic_id)
    try:
        agenda.remove_speaker(current_user, event, found, speaker_id)
    except RuleBroken as refusal:
        return _topic_page(event, found, errors=explained(refusal)), 422
    return see(url_for("events.topic", key=key, topic_id=topic_id))


@blueprint.post("/events/<key>/topics/<int:topic_id>/speakers/<int:speaker_id>/posts")
@requires(Permission.EVENTS)
def renew_posts(key: str, topic_id: int, speaker_id: int) -> Answer:
    """Take a speaker's posts of that day from the register anew."""
    event = managed(key)
    found = queries.get_topic(event, topic_id)
    try:
        agenda.renew_posts(current_user, event, found, speaker_id)
    except RuleBroken as refusal:
        return _topic_page(event, found, errors=explained(refusal)), 422
    flash(_("Đã lấy lại chức vụ của ngày %(day)s.", day=day(event.starts_on)), "ok")
    return see(url_for("events.topic", key=key, topic_id=topic_id))


def _words(form: TopicForm) -> agenda.TopicWords:
    return agenda.TopicWords(form.title.data, form.title_en.data or None, form.starts_at.data)


def _half_day_choices(event: Event) -> list[tuple[str, str]]:
    return [(one.key, half_day_words(one)) for one in event.sessions]


def half_day_words(half_day: HalfDay) -> str:
    """ "Buổi sáng 07/8/2024"."""
    half = HALF_WORDS[Half(half_day.half)]
    return str(_("Buổi %(half)s %(day)s", half=half, day=day(half_day.on)))


def _agenda_page(
    event: Event,
    form: HalfDayForm | None = None,
    errors: Errors = (),
    typed: Mapping[str, HoursForm] = MappingProxyType({}),
) -> str:
    """`typed`: the hours that were refused, by key of their half-day, to stand in the form again."""
    return render_template(
        "events/agenda.html",
        event=event,
        form=form or HalfDayForm(formdata=None, data={"on": event.ends_on}),
        errors=errors,
        typed=typed,
        half_day_words=half_day_words,
        posts_of=posts_held.of,
    )


def _topic_page(
    event: Event,
    found: Topic,
    form: TopicForm | None = None,
    new_person: NewPersonForm | None = None,
    errors: Errors = (),
) -> str:
    query = request.args.get("q", "")
    if form is None:
        form = TopicForm(formdata=None, obj=found)
        form.half_day.choices = _half_day_choices(event)
        form.half_day.data = found.half_day.key
    return render_template(
        "events/topic.html",
        event=event,
        topic=found,
        form=form,
        new_person=new_person or NewPersonForm(formdata=None, prefix=""),
        errors=errors,
        q=query,
        people=choosing.search_people(query),
        posts_on=posts_held.printed,
        posts_of=posts_held.of,
        units=choosing.units_of(current_user, Permission.EVENTS),
    )
