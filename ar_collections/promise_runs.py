"""The night's judgement of promises and plans: once a day and company, in batches, safe to kill and take up again."""

from collections import Counter
from collections.abc import Sequence
from datetime import date
from functools import partial

from django.db.models import QuerySet
from django.urls import reverse

from ar_collections.actions.plan_judging import judge_plans
from ar_collections.actions.promise_reminders import remind_of_promises
from ar_collections.actions.promises import judge_promises
from ar_collections.keeping_apart import kept_apart
from ar_collections.models import PaymentPlan, Promise
from ar_collections.queries.plans import active_plans
from ar_collections.queries.promises import to_judge
from core import clock, runs
from core.heartbeat import Heartbeat
from core.models import LegalEntity, Run
from core.permissions import system_user
from customers.models import Customer

KIND = "judge_promises"
BATCH = 300
"""Customers at once: the promises of one share its money on account, so that they are judged together."""


def due_run(entity: LegalEntity, today: date) -> Run | None:
    """The run of a company's day where it has promises or plans; none where it was started before."""
    if not (Promise.objects.filter(entity=entity).exists() or PaymentPlan.objects.filter(entity=entity).exists()):
        return None
    run, is_new = runs.start_run(
        system_user(),
        entity,
        KIND,
        today,
        title=f"Promises and plans as at {today:%d %b %Y}",
        link=reverse("collections:promises"),
    )
    return run if is_new else None


def carry_out(run: Run) -> None:
    """Judge what the ledger may have decided, then remind of what falls due next."""
    by, entity, as_of = system_user(), run.entity, run.business_date
    rows = to_judge(entity, as_of=as_of)
    customers = list(rows.order_by("customer_id").values_list("customer_id", flat=True).distinct())
    if not runs.take_up(run, total=len(customers)):
        return
    with Heartbeat(run):
        found: Counter[str] = Counter()
        for start in range(0, len(customers), BATCH):
            some = customers[start : start + BATCH]
            found.update(_judge(run, rows.filter(customer__in=some)))
            if not runs.advance(run, len(some)):
                return
        ended = _judge_plans(run, list(active_plans(entity)))
        reminded = len(remind_of_promises(by=by, entity=entity, today=as_of)) if as_of == clock.today(entity) else 0
        runs.finish(run, reminded=reminded, plans_ended=ended, **found)


def _judge(run: Run, rows: QuerySet[Promise]) -> Counter[str]:
    """Some customers' promises. A customer at whom it breaks is noted, and stops no other."""
    promises = list(rows.select_related("customer").order_by("customer_id", "pk"))
    found: Counter[str] = Counter()
    for some in kept_apart(promises, partial(_judge_some, run), partial(_note, run, "Promises")):
        found.update(promise.outcome or "open" for promise in some)
    return found


def _judge_some(run: Run, promises: Sequence[Promise]) -> list[Promise]:
    return judge_promises(by=system_user(), entity=run.entity, promises=promises, as_of=run.business_date)


def _judge_plans(run: Run, plans: Sequence[PaymentPlan]) -> int:
    """Plans are few: all that are active in one go, and each customer's alone where that breaks."""
    ended = kept_apart(plans, partial(_judge_some_plans, run), partial(_note, run, "Plans"))
    return sum(len(some) for some in ended)


def _judge_some_plans(run: Run, plans: Sequence[PaymentPlan]) -> list[PaymentPlan]:
    return judge_plans(by=system_user(), entity=run.entity, plans=plans, as_of=run.business_date)


def _note(run: Run, what: str, customer: Customer, error: Exception) -> None:
    runs.fail_item(run, f"{what} of {customer.code}", f"{type(error).__name__}: {error}")
