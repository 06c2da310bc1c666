"""What follows when accounts move: promises and plans are judged within the minute, customers are ranked anew.

Rooms above post money in many ways, so the schedule asks the ledger who moved since it last asked. The moment of the
last question is kept in the cache; where it was lost the question reaches back to the day's beginning, or a day.
"""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from functools import partial

from django.core.cache import cache

from ar_collections.actions.plan_judging import judge_plans
from ar_collections.actions.promises import judge_promises
from ar_collections.actions.worklist import refresh_worklist
from ar_collections.keeping_apart import kept_apart
from ar_collections.models import PaymentPlan, Promise
from ar_collections.queries.moved import customers_to_judge, customers_to_rank
from ar_collections.queries.plans import active_plans
from ar_collections.queries.promises import to_judge
from core import clock
from core.models import LegalEntity
from core.permissions import system_user
from customers.models import Customer

KEPT_FOR = 7 * 24 * 3600
AT_MOST_BACK = timedelta(days=1)


def judge_who_moved(entity: LegalEntity, now: datetime) -> int:
    """Judge the promises and plans of customers whose account moved, and rank those of whom that said something new.

    A customer at whom it breaks stops no other.
    """
    key, today = f"collections:judged:{entity.pk}", clock.today(entity)
    asked: datetime | None = cache.get(key)
    customers = customers_to_judge(entity, today, max(asked, now - AT_MOST_BACK) if asked else now - AT_MOST_BACK)
    failures: list[Exception] = []

    rows = to_judge(entity, as_of=today).filter(customer__in=customers).select_related("customer")
    promises = list(rows.order_by("customer_id", "pk"))
    note = partial(_fail, failures)
    changed = [each for some in kept_apart(promises, partial(_judge, entity, today), note) for each in some]
    plans = list(active_plans(entity, customers).order_by("customer_id", "pk"))
    ended = [each for some in kept_apart(plans, partial(_judge_plans, entity, today), note) for each in some]
    if moved := {promise.customer_id for promise in changed} | {plan.customer_id for plan in ended}:
        refresh_worklist(by=system_user(), entity=entity, today=today, customers=sorted(moved))
    if failures:
        raise ExceptionGroup(f"promises of some customers of {entity.code}", failures)
    cache.set(key, now, KEPT_FOR)
    return len(changed) + len(ended)


def rank_who_moved(entity: LegalEntity, now: datetime) -> int:
    """Rank whoever moved, and everybody once a day."""
    key, today = f"collections:ranked:{entity.pk}", clock.today(entity)
    customers = customers_to_rank(entity, today, cache.get(key))
    ranked = 0
    if customers is None or customers:
        ranked = refresh_worklist(by=system_user(), entity=entity, today=today, customers=customers)
    cache.set(key, now, KEPT_FOR)
    return ranked


def _judge(entity: LegalEntity, as_of: date, promises: Sequence[Promise]) -> list[Promise]:
    return judge_promises(by=system_user(), entity=entity, promises=promises, as_of=as_of)


def _judge_plans(entity: LegalEntity, as_of: date, plans: Sequence[PaymentPlan]) -> list[PaymentPlan]:
    return judge_plans(by=system_user(), entity=entity, plans=plans, as_of=as_of)


def _fail(failures: list[Exception], customer: Customer, error: Exception) -> None:
    error.add_note(f"At customer {customer.code}")
    failures.append(error)
