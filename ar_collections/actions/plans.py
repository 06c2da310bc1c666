"""Payment plans: opened by a manager, proposed with proof, approved by the finance manager alone, ended."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from django.db import transaction
from django.urls import reverse

from ar_collections.models import PaymentPlan, PlanInstalment, PlanItem, PlanOpening, PromiseItem
from ar_collections.papers.plan_letter import letter_name, pdf_of_letter
from ar_collections.plan_messages import PLAN_LETTER
from ar_collections.plans import OFFER_DAYS, NoSuchPlan, State, Step, total_of
from ar_collections.promises import Outcome
from ar_collections.queries.plans import opening_of
from controls.actions import approve_request, request_approval
from controls.models import ApprovalRequest, Authority
from core.audit import audit
from core.errors import Refused
from core.files import LARGEST_SCAN, is_scan, store_file
from core.models import User
from core.money import ZERO, Money
from core.permissions import require
from customers.models import Customer, lock
from ledger.balances import open_items
from ledger.models import OpenItem
from messaging.actions import Draft, queue_messages
from messaging.recipients import STATEMENTS, recipients_of


class PlanEnded(Refused):
    """The plan stands otherwise than the step needs."""

    code = "plan_ended"


@dataclass(frozen=True, slots=True, kw_only=True)
class Proposal:
    """What is proposed: documents with all that is open of them, instalments, the reason, and the customer's proof."""

    currency: str
    items: Sequence[OpenItem]
    steps: Sequence[Step]
    reason: str
    proof: tuple[str, bytes]
    interest_waived: bool = False


@transaction.atomic
def open_plan(*, by: User, customer: Customer, reason: str, opened_on: date) -> PlanOpening:
    """Let a plan be proposed to a customer, for a month. Whoever collects may not offer one without it."""
    require(by, "collections.open_plan", customer.entity)
    customer = lock(customer)
    if (found := opening_of(customer, on=opened_on)) is not None:
        return found
    if not reason.strip():
        raise Refused("Write why a plan is thinkable: whoever approves it reads it.")

    opening = PlanOpening.objects.create(
        entity=customer.entity,
        customer=customer,
        reason=reason.strip()[:400],
        opened_on=opened_on,
        until_on=opened_on + timedelta(days=OFFER_DAYS),
        opened_by=by,
    )
    audit(by, "plan.opened", opening, entity=customer.entity, reason=opening.reason)
    return opening


@transaction.atomic
def propose_plan(*, by: User, customer: Customer, proposal: Proposal, proposed_on: date) -> PaymentPlan:
    """Lay a plan with the customer's proof before the finance manager. Until then nothing is held back."""
    require(by, "collections.propose_plan", customer.entity)
    customer = lock(customer)
    opening = opening_of(customer, on=proposed_on)
    if opening is None:
        raise NoSuchPlan(f"No plan is open to {customer.name}. A manager opens the possibility first.")
    left = _left(customer, proposal, proposed_on)
    _refuse(customer, proposal, left, proposed_on)

    name, content = proposal.proof
    plan = PaymentPlan.objects.create(
        entity=customer.entity,
        customer=customer,
        opening=opening,
        currency=proposal.currency,
        amount=total_of(proposal.steps),
        reason=proposal.reason.strip()[:400],
        proof=store_file(by, customer.entity, name, content),
        interest_waived=proposal.interest_waived,
        proposed_by=by,
        proposed_on=proposed_on,
    )
    PlanItem.objects.bulk_create(
        PlanItem(plan=plan, item=item, amount=left[item.pk], open_before=left[item.pk]) for item in proposal.items
    )
    PlanInstalment.objects.bulk_create(
        PlanInstalment(
            plan=plan,
            number=number,
            due_on=step.due_on,
            default_on=step.default_on,
            cure_until=step.cure_until,
            amount=step.amount,
        )
        for number, step in enumerate(proposal.steps, 1)
    )
    _ask(by, plan, proposal, proposed_on)

    audit(by, "plan.proposed", plan, entity=plan.entity, after={"amount": str(plan.money)}, reason=plan.reason)
    return plan


@transaction.atomic
def approve_plan(
    *, by: User, request: ApprovalRequest, plan: PaymentPlan, approved_on: date, comment: str = ""
) -> PaymentPlan:
    """Approve a plan: its documents wait for their instalments, and the customer gets the letter to sign."""
    require(by, "collections.approve_plan", plan.entity)
    customer = lock(plan.customer)
    plan = _locked(plan)
    if (request.subject_type, request.subject_id) != (plan._meta.label_lower, str(plan.pk)):
        raise PlanEnded(f"The request is about {request.subject_label}, not about this plan.")
    if plan.state != State.PROPOSED:
        raise PlanEnded(f"The plan of {plan} is {plan.get_state_display().lower()} already.")
    first = plan.instalments.order_by("number").first()
    if first is not None and first.due_on < approved_on:
        raise PlanEnded(f"The first instalment was due on {first.due_on:%d %b %Y}. The plan has to be proposed anew.")
    approve_request(by=by, request=request, amount=plan.money, decided_on=approved_on, comment=comment)

    plan.state, plan.approved_by, plan.approved_on = State.ACTIVE, by, approved_on
    plan.letter = store_file(by, plan.entity, letter_name(plan), pdf_of_letter(plan))
    plan.save(update_fields=["state", "approved_by", "approved_on", "letter"])
    draft = Draft(
        kind=PLAN_LETTER,
        key=str(plan.pk),
        customer=customer,
        recipients=recipients_of([customer], STATEMENTS)[customer.pk],
        document_url=reverse("collections:plan", args=[plan.pk]),
        context={"plan": plan.pk},
        files=[plan.letter],
    )
    queue_messages(by=by, drafts=[draft])

    audit(by, "plan.approved", plan, entity=plan.entity, after={"amount": str(plan.money)}, reason=comment)
    return plan


@transaction.atomic
def attach_signed_letter(*, by: User, plan: PaymentPlan, name: str, content: bytes) -> PaymentPlan:
    """Keep the letter as the customer signed it. A later one takes its place; the first stays in the audit trail."""
    require(by, "collections.attach_signed_letter", plan.entity)
    plan = _locked(plan)
    if plan.signed_letter is not None and plan.signed_letter.sha256 == hashlib.sha256(content).hexdigest():
        return plan
    if plan.state != State.ACTIVE:
        raise PlanEnded(f"The plan of {plan} is {plan.get_state_display().lower()}; only an active plan is signed.")
    if not is_scan(name, content):
        raise Refused(f"{name} is no signed letter: a PDF or a picture (PNG, JPEG) is kept.")

    before = {"file": plan.signed_letter.name if plan.signed_letter else ""}
    plan.signed_letter = store_file(by, plan.entity, name, content, max_bytes=LARGEST_SCAN)
    plan.save(update_fields=["signed_letter"])

    after = {"file": plan.signed_letter.name, "sha256": plan.signed_letter.sha256}
    audit(by, "plan.signed_letter_attached", plan, entity=plan.entity, before=before, after=after)
    return plan


@transaction.atomic
def cancel_plan(*, by: User, plan: PaymentPlan, reason: str, cancelled_on: date) -> PaymentPlan:
    """End a plan that isn't wanted any more. What is still open is due by its own days."""
    require(by, "collections.cancel_plan", plan.entity)
    lock(plan.customer)
    plan = _locked(plan)
    if plan.state == State.CANCELLED:
        return plan
    if plan.is_over:
        raise PlanEnded(f"The plan of {plan} is {plan.get_state_display().lower()} already.")
    if not reason.strip():
        raise Refused("Write why the plan ends.")

    plan.state, plan.ended_on, plan.ended_by = State.CANCELLED, cancelled_on, by
    plan.end_reason = reason.strip()[:400]
    plan.save(update_fields=["state", "ended_on", "ended_by", "end_reason"])

    audit(by, "plan.cancelled", plan, entity=plan.entity, reason=plan.end_reason)
    return plan


def _locked(plan: PaymentPlan) -> PaymentPlan:
    rows = PaymentPlan.objects.select_for_update(no_key=True, of=("self",))
    return rows.select_related("customer__entity", "entity", "signed_letter").get(pk=plan.pk)


def _left(customer: Customer, proposal: Proposal, on: date) -> dict[int, Decimal]:
    rows = open_items(entity=customer.entity, as_of=on, customer=customer)
    rows = rows.filter(
        side=OpenItem.Side.DEBIT, currency=proposal.currency, pk__in=[each.pk for each in proposal.items]
    )
    columns = ("pk", "open_then")
    return dict(rows.values_list(*columns))


def _refuse(customer: Customer, proposal: Proposal, left: dict[int, Decimal], on: date) -> None:
    if not proposal.reason.strip():
        raise NoSuchPlan("Write why the customer can't pay at once.")
    for item in proposal.items:
        if item.pk not in left:
            raise NoSuchPlan(f"{item.number} isn't open at {customer.name} in {proposal.currency}.")
    owed, planned = sum(left.values(), ZERO), total_of(proposal.steps)
    if not left or owed != planned:
        sums = Money(planned, proposal.currency), Money(owed, proposal.currency)
        raise NoSuchPlan(f"The instalments come to {sums[0]}, the documents to {sums[1]}.")
    if proposal.steps[0].due_on < on:
        raise NoSuchPlan(f"The first instalment is due on {proposal.steps[0].due_on:%d %b %Y}, which is over.")
    promised = PromiseItem.objects.filter(item__in=proposal.items, promise__outcome=Outcome.OPEN)
    if (other := promised.select_related("promise__customer", "item").first()) is not None:
        raise NoSuchPlan(f"{other.item.number} is promised: {other.promise}. Withdraw that promise first.")
    running = PaymentPlan.objects.filter(customer=customer, currency=proposal.currency, ended_on=None).first()
    if running is not None:
        raise NoSuchPlan(f"{customer.name} has a plan already: {running}. End it before another is proposed.")


def _ask(by: User, plan: PaymentPlan, proposal: Proposal, on: date) -> None:
    first, last = proposal.steps[0], proposal.steps[-1]
    request_approval(
        by=by,
        entity=plan.entity,
        kind=Authority.PAYMENT_PLAN,
        subject=plan,
        subject_url=reverse("collections:plan", args=[plan.pk]),
        subject_label=f"Plan of {plan}",
        facts=[
            ("Customer", str(plan.customer)),
            ("Documents", ", ".join(item.number for item in proposal.items)),
            ("Instalments", f"{len(proposal.steps)}, {first.due_on:%d %b %Y} to {last.due_on:%d %b %Y}"),
            ("Late interest", "waived" if plan.interest_waived else "not waived"),
            ("Proof", plan.proof.name),
            ("Opened by", f"{plan.opening.opened_by.name}: {plan.opening.reason}"),
        ],
        effect="Nobody chases these documents while the instalments are paid; they keep their due dates.",
        amount=plan.money,
        counts_with=f"customer:{plan.customer_id}",
        reason=plan.reason,
        decide_url_name="collections:approve_plan",
        requested_on=on,
    )
