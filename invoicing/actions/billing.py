"""Billing customers for a run: drafts, numbers, journal and outbox in one transaction, so that a run that is killed has
billed a customer altogether or not at all."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.db import transaction

from core.models import User
from core.permissions import require
from customers.models import Customer, take_turns
from invoicing.actions.issuing import issue_invoices
from invoicing.actions.planned import Drafting
from invoicing.models import BillingRun, Invoice
from invoicing.queries.billing_runs import accepted_in, planned_for, unaccepted


@dataclass(frozen=True, slots=True)
class Billed:
    """What was issued, and what was left out with its reasons, by what people call it."""

    issued: Sequence[Invoice]
    left_out: Sequence[tuple[str, str]]


@transaction.atomic
def bill_customers(*, by: User, billing_run: BillingRun, customers: Iterable[Customer]) -> Billed:
    """Issue what these customers owe and nothing stands in the way of; what was billed before isn't due any more."""
    require(by, "invoicing.start_billing_run", billing_run.entity)
    keys = sorted({customer.pk for customer in customers})
    take_turns(Customer(pk=key) for key in keys)

    accepted = accepted_in(billing_run)
    planned = planned_for(billing_run, keys)
    kept_out = {one.plan.subject: reasons for one in planned if (reasons := unaccepted(one, accepted))}
    ready = [one.rows for one in planned if one.plan.subject not in kept_out and one.rows is not None]

    entity, day = billing_run.entity, billing_run.invoice_on
    drafts = Drafting(by, entity, billing_run).write(ready) if ready else []
    issued = issue_invoices(by=by, entity=entity, invoices=drafts, issued_on=day) if drafts else []
    named = [
        (f"{one.plan.customer}, {', '.join(str(row) for row in one.plan.contracts)}", " ".join(kept_out[key]))
        for one in planned
        if (key := one.plan.subject) in kept_out
    ]
    return Billed(issued, named)
