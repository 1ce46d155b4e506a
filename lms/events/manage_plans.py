"""Training plans: the list, one plan with its events, writing one."""

from flask import flash, render_template, request, url_for
from flask_login import current_user

from lms.core import clock
from lms.core.access import requires
from lms.core.db import session
from lms.core.errors import NotAllowed, RuleBroken, RulesBroken
from lms.core.i18n import _
from lms.core.permissions import Permission
from lms.core.web import see
from lms.events import choosing, planning, policy, queries
from lms.events.forms import KIND_WORDS
from lms.events.manage import Answer
from lms.events.models import TrainingPlan
from lms.events.plan_forms import PlanForm
from lms.events.views import blueprint


@blueprint.get("/plans/")
@requires(Permission.PLANS)
def plans() -> str:
    """Plans of one's units and of those above."""
    page = queries.list_plans(current_user, request.args.get("page", 1, type=int))
    return render_template("events/plans.html", page=page)


@blueprint.get("/plans/<int:plan_id>")
@requires(Permission.PLANS)
def plan(plan_id: int) -> str:
    """A plan with its task groups, indicators and events."""
    found = queries.get_visible_plan(current_user, plan_id)
    return render_template(
        "events/plan.html",
        plan=found,
        events=queries.events_of_plan(current_user, found),
        may_manage=policy.may_manage_plan(current_user, found),
        kind_words=KIND_WORDS,
    )


@blueprint.route("/plans/new", methods=["GET", "POST"])
@requires(Permission.PLANS)
def new_plan() -> Answer:
    """A new plan."""
    units = choosing.units_of(current_user, Permission.PLANS)
    if not current_user.unit_paths(Permission.PLANS):
        raise NotAllowed
    form = PlanForm()
    if form.validate_on_submit():
        try:
            made = _write(form, None)
        except (RuleBroken, RulesBroken) as refusal:
            session().rollback()
            form.refuse(refusal)
        else:
            flash(_("Đã lưu kế hoạch."), "ok")
            return see(url_for("events.plan", plan_id=made.id))
    elif not form.is_submitted():
        form.unit.data = form.issuer.data = units[0].name if units else ""
        form.issued_on.data = clock.today()
    form.add_blank_rows()
    return render_template(
        "events/plan_form.html", form=form, plan=None, units=units
    ), 422 if form.is_submitted() else 200


@blueprint.route("/plans/<int:plan_id>/details", methods=["GET", "POST"])
@requires(Permission.PLANS)
def edit_plan(plan_id: int) -> Answer:
    """Change a plan."""
    found, form = queries.get_managed_plan(current_user, plan_id), PlanForm()
    if form.validate_on_submit():
        try:
            _write(form, found)
        except (RuleBroken, RulesBroken) as refusal:
            session().rollback()
            form.refuse(refusal)
        else:
            flash(_("Đã lưu kế hoạch."), "ok")
            return see(url_for("events.plan", plan_id=plan_id))
    elif not form.is_submitted():
        form.fill(found)
    form.add_blank_rows()
    units = choosing.units_of(current_user, Permission.PLANS)
    return render_template(
        "events/plan_form.html", form=form, plan=found, units=units
    ), 422 if form.is_submitted() else 200


def _write(form: PlanForm, plan: TrainingPlan | None) -> TrainingPlan:
    day = form.issued_on.data
    unit = choosing.the_unit(form.unit.data, day, field="unit", account=current_user, permission=Permission.PLANS)
    issuer = choosing.the_unit(form.issuer.data, day, field="issuer")
    words, groups, figures = form.words(issuer), form.task_groups(), form.indicators()
    if plan is None:
        return planning.create_plan(current_user, unit, words, groups, figures)
    plan.unit = unit
    planning.edit_plan(current_user, plan, words, groups, figures)
    return plan
