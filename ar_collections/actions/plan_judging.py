"""Following plans: what the ledger says of their instalments, and telling the customer before a default is final."""

from collections.abc import Sequence
from datetime import date

from django.db import transaction
from django.urls import reverse

from ar_collections.models import PaymentPlan, PlanInstalment
from ar_collections.plan_messages import PLAN_NOTICE
from ar_collections.plans import PlanJudgement, Standing, State
from ar_collections.queries.hours import hours_by_customer
from ar_collections.queries.plans import plan_judgements
from core import clock
from core.audit import audit
from core.models import LegalEntity, User
from core.permissions import require
from customers.models import take_turns
from messaging.actions import Draft, queue_messages
from messaging.actions.queueing import OUTBOX_DELAY
from messaging.recipients import STATEMENTS, recipients_of


@transaction.atomic
def judge_plans(*, by: User, entity: LegalEntity, plans: Sequence[PaymentPlan], as_of: date) -> list[PaymentPlan]:
    """Let the ledger decide where active plans stand at the end of a day; returns those that ended.

    An instalment that begins to be in default is told to the customer once, with the day until which it can be cured.
    """
    require(by, "collections.judge_plans", entity)
    take_turns(plan.customer for plan in plans)
    rows = PaymentPlan.objects.filter(pk__in=[plan.pk for plan in plans], entity=entity, state=State.ACTIVE)
    rows = rows.select_related("customer__entity").prefetch_related("instalments").order_by("pk")
    fresh = [plan for plan in rows if plan.judged_on is None or plan.judged_on <= as_of]
    judged = plan_judgements(fresh, as_of=as_of)
    notices, instalments = [], []
    for plan in fresh:
        notices += _take(plan, judged[plan.pk], as_of)
        instalments += list(plan.instalments.all())
    PlanInstalment.objects.bulk_update(instalments, ["standing"], batch_size=500)
    PaymentPlan.objects.bulk_update(fresh, ["state", "received", "judged_on", "ended_on", "end_reason"], batch_size=500)
    if notices:
        queue_messages(by=by, drafts=_drafts(entity, notices))

    ended = [plan for plan in fresh if plan.is_over]
    for plan in ended:
        audit(by, f"plan.{plan.state}", plan, entity=entity, after={"received": plan.received}, reason=plan.end_reason)
    return ended


def _take(plan: PaymentPlan, judged: PlanJudgement, as_of: date) -> list[PlanInstalment]:
    """The judgement onto the rows; returns the instalments that are in default since."""
    fell = []
    for instalment, standing in zip(plan.instalments.all(), judged.steps, strict=True):
        if standing == Standing.CURE and instalment.standing != Standing.CURE:
            instalment.plan = plan
            fell.append(instalment)
        instalment.standing = standing
    plan.received, plan.judged_on = judged.received, as_of
    if judged.state in (State.COMPLETED, State.DEFAULTED):
        plan.state, plan.ended_on = judged.state, as_of
    if judged.state == State.DEFAULTED:
        failed = judged.steps.index(Standing.FAILED)
        instalment = plan.instalments.all()[failed]
        plan.end_reason = f"Instalment {instalment.number}, due {instalment.due_on:%d %b %Y}, was not paid."
    return fell


def _drafts(entity: LegalEntity, instalments: Sequence[PlanInstalment]) -> list[Draft]:
    customers = [each.plan.customer for each in instalments]
    hours, earliest = hours_by_customer(entity, customers), clock.now() + OUTBOX_DELAY
    to = recipients_of(set(customers), STATEMENTS)
    return [
        Draft(
            kind=PLAN_NOTICE,
            key=str(each.pk),
            customer=each.plan.customer,
            recipients=to[each.plan.customer_id],
            document_url=reverse("collections:plan", args=[each.plan_id]),
            context={"instalment": each.pk},
            not_before=hours[each.plan.customer_id].next_working(earliest),
        )
        for each in instalments
    ]
