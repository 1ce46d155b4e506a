"""Training plans: written with their task groups and indicators."""

from collections.abc import Sequence
from dataclasses import dataclass, fields
from datetime import date
from decimal import Decimal

from sqlalchemy import select

from lms.accounts.models import Account
from lms.core import audit
from lms.core.db import session
from lms.core.errors import N_, RuleBroken
from lms.events.models import Indicator, TaskGroup, TrainingPlan
from lms.units.models import Unit


@dataclass(frozen=True)
class PlanWords:
    """A plan's own words, as its form gives them."""

    number: str
    title: str
    issuer: Unit
    issued_on: date
    starts_on: date
    ends_on: date
    title_en: str | None = None
    aim: str = ""
    carries_out: str = ""


@dataclass(frozen=True)
class Group:
    """A task group: its title and what it holds."""

    title: str
    detail: str = ""


@dataclass(frozen=True)
class Figure:
    """An indicator: what is measured, in which measure, from where to where, and who says so."""

    name: str
    measure: str = ""
    baseline: Decimal | None = None
    target: Decimal | None = None
    source: str = ""


def create_plan(
    actor: Account, unit: Unit, words: PlanWords, groups: Sequence[Group] = (), figures: Sequence[Figure] = ()
) -> TrainingPlan:
    """A plan of the unit; the same plan sent twice is written once, another one under its number is refused."""
    known = _same_number(words)
    if known is not None and known.unit_id == unit.id and known.title == words.title:
        return known
    plan = TrainingPlan(unit=unit)
    _check(words, known)
    _write(plan, words, groups, figures)
    session().add(plan)
    session().flush()
    audit.record("plan.create", f"plan:{plan.id}", actor_id=actor.id, number=plan.number)
    return plan


def edit_plan(
    actor: Account, plan: TrainingPlan, words: PlanWords, groups: Sequence[Group], figures: Sequence[Figure]
) -> None:
    """Write a plan's words and parts anew."""
    known = _same_number(words)
    _check(words, known if known is not plan else None)
    _write(plan, words, groups, figures)
    session().flush()
    audit.record("plan.edit", f"plan:{plan.id}", actor_id=actor.id)


def _same_number(words: PlanWords) -> TrainingPlan | None:
    with session().no_autoflush:
        return session().scalar(
            select(TrainingPlan).where(
                TrainingPlan.issuer_id == words.issuer.id,
                TrainingPlan.number == words.number,
                TrainingPlan.issued_on >= date(words.issued_on.year, 1, 1),
                TrainingPlan.issued_on <= date(words.issued_on.year, 12, 31),
            )
        )


def _check(words: PlanWords, same_number: TrainingPlan | None) -> None:
    if same_number is not None:
        message = N_("%(issuer)s đã có kế hoạch số %(number)s trong năm %(year)d. Hãy xem lại số hoặc ngày ban hành.")
        raise RuleBroken(
            message,
            field="number",
            code="taken",
            issuer=words.issuer.name,
            number=words.number,
            year=words.issued_on.year,
        )
    if words.ends_on < words.starts_on:
        raise RuleBroken(N_("Kế hoạch kết thúc trước khi bắt đầu. Hãy xem lại ngày."), field="ends_on", code="order")


def _write(plan: TrainingPlan, words: PlanWords, groups: Sequence[Group], figures: Sequence[Figure]) -> None:
    for field in fields(words):
        setattr(plan, field.name, getattr(words, field.name))
    plan.task_groups = [
        TaskGroup(position=position, title=group.title, detail=group.detail)
        for position, group in enumerate(groups, start=1)
    ]
    plan.indicators = [
        Indicator(position=position, **{field.name: getattr(figure, field.name) for field in fields(figure)})
        for position, figure in enumerate(figures, start=1)
    ]
