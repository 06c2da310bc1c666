"""Payment plans: what they hold back, and where they stand."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import NamedTuple

from django.db.models import Min, Prefetch, Q, QuerySet

from ar_collections.models import PaymentPlan, PlanInstalment, PlanItem, PlanOpening
from ar_collections.plans import PlanJudgement, Standing, State, Step, judge_plan
from ar_collections.promises import Due, Given, PromisedPart
from ar_collections.queries.promises import cash_of, moves_of_items
from core.models import LegalEntity, User
from customers.models import Customer

SHOWN = ("customer", "entity", "opening__opened_by", "proposed_by", "approved_by", "ended_by", "proof", "letter")


class PlannedAmount(NamedTuple):
    """What a plan that is kept holds back of an item, until the end of the day on which its next default is final."""

    item: int
    customer: int
    amount: Decimal
    until_on: date
    plan: int


def live_plans(*, entity: LegalEntity, as_of: date, customers: Iterable[int] | None = None) -> list[PlannedAmount]:
    """Per item what an approved plan covers at the end of a day, as long as no instalment is in default beyond cure.

    A plan that defaulted holds nothing back: its documents were never aged anew and are due by their own days.
    """
    ended = Q(plan__ended_on=None) | Q(plan__ended_on__gt=as_of)
    rows = PlanItem.objects.filter(ended, plan__entity=entity, plan__approved_on__lte=as_of)
    if customers is not None:
        rows = rows.filter(plan__customer__in=list(customers))
    unpaid = Q(plan__instalments__standing__in=[each for each in Standing if each != Standing.PAID])
    kept = rows.annotate(next_until=Min("plan__instalments__cure_until", filter=unpaid)).filter(next_until__gte=as_of)
    columns = ("item_id", "plan__customer_id", "amount", "next_until", "plan_id")
    return [PlannedAmount(*row) for row in kept.order_by("pk").values_list(*columns)]


def opening_of(customer: Customer, *, on: date) -> PlanOpening | None:
    """A manager's opening that stands and that no plan has used."""
    return PlanOpening.objects.filter(customer=customer, until_on__gte=on, plan=None).order_by("-pk").first()


def plans_of(customer: Customer) -> QuerySet[PaymentPlan]:
    """Every plan of a customer, the newest first."""
    return with_parts(PaymentPlan.objects.filter(customer=customer)).order_by("-pk")


def active_plans(entity: LegalEntity, customers: Iterable[int] | None = None) -> QuerySet[PaymentPlan]:
    """Plans that are followed."""
    rows = PaymentPlan.objects.filter(entity=entity, state=State.ACTIVE).select_related("customer")
    return rows.order_by("customer_id", "pk") if customers is None else rows.filter(customer__in=list(customers))


def with_parts(rows: QuerySet[PaymentPlan]) -> QuerySet[PaymentPlan]:
    """Plans with all that a page shows of them."""
    items = Prefetch("items", PlanItem.objects.select_related("item"))
    return rows.select_related(*SHOWN).prefetch_related("instalments", items)


def plan_judgements(plans: Sequence[PaymentPlan], *, as_of: date) -> dict[int, PlanJudgement]:
    """What became of plans up to the end of a day, in four statements for all of them."""
    keys = [plan.pk for plan in plans]
    parts: dict[int, list[PromisedPart]] = defaultdict(list)
    rows = PlanItem.objects.filter(plan__in=keys).order_by("pk")
    columns = ("plan_id", "item_id", "amount", "open_before", "item__amount")
    for key, item, amount, open_before, total in rows.values_list(*columns):
        parts[key].append(PromisedPart(item, amount, open_before, total))
    steps: dict[int, list[Step]] = defaultdict(list)
    dues = PlanInstalment.objects.filter(plan__in=keys).order_by("plan_id", "number")
    columns = ("plan_id", "due_on", "default_on", "cure_until", "amount")
    for key, due_on, default_on, cure_until, amount in dues.values_list(*columns):
        steps[key].append(Step(due_on, default_on, cure_until, amount))
    moves = moves_of_items({part.item for each in parts.values() for part in each}, as_of)
    cash = cash_of({plan.customer_id for plan in plans}, as_of)
    return {
        plan.pk: judge_plan(
            Given(plan.proposed_on, parts[plan.pk], [Due(step.cure_until, step.amount) for step in steps[plan.pk]]),
            steps[plan.pk],
            [move for part in parts[plan.pk] for move in moves.get(part.item, ())],
            cash.get((plan.customer_id, plan.currency), ()),
            as_of=as_of,
        )
        for plan in plans
    }


@dataclass(frozen=True, slots=True)
class PlanQuestion:
    """What a list of plans shows."""

    entity: LegalEntity
    state: str = "live"
    query: str = ""


def plan_list(question: PlanQuestion, *, by: User) -> QuerySet[PaymentPlan]:
    """The plans that a question asks for, the newest first."""
    rows = PaymentPlan.objects.visible_to(by).filter(entity=question.entity)
    if question.state == "live":
        rows = rows.filter(state__in=(State.PROPOSED, State.ACTIVE))
    elif question.state != "all":
        rows = rows.filter(state=question.state)
    if question.query:
        asked = Q(customer__name__icontains=question.query) | Q(customer__code__iexact=question.query)
        rows = rows.filter(asked | Q(items__item__number__icontains=question.query)).distinct()
    return with_parts(rows).order_by("-pk")
