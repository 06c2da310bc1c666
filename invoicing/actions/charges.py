"""Turning what contracts owe into drafts."""

from collections.abc import Collection, Iterable
from datetime import date

from django.db import transaction

from core.models import LegalEntity, User
from core.permissions import require
from customers.models import CreditStop, Customer, take_turns
from invoicing.actions.errors import NotReady
from invoicing.actions.planned import Drafting
from invoicing.models import Invoice
from invoicing.queries.credit_stops import refuse_on_hold
from invoicing.queries.due import ALL_KINDS
from invoicing.queries.planning import Planned, plan_billing


@transaction.atomic
def draft_charges(
    *,
    by: User,
    entity: LegalEntity,
    customers: Iterable[Customer],
    through: date,
    invoice_on: date,
    kinds: Collection[str] = ALL_KINDS,
) -> list[Invoice]:
    """Draft invoices of everything that contracts of these customers owe by the end of a day; what is drafted is
    billed, so that asking again drafts nothing."""
    require(by, "invoicing.draft_charges", entity)
    keys = sorted({customer.pk for customer in customers})
    take_turns(Customer(pk=key) for key in keys)

    planned = plan_billing(entity=entity, through=through, invoice_on=invoice_on, kinds=kinds, customers=keys)
    _refuse_incomplete(planned)
    refuse_on_hold(entity, (one.plan.customer for one in planned), CreditStop.DRAFTING, invoice_on)

    return Drafting(by, entity).write([one.rows for one in planned if one.rows is not None])


def _refuse_incomplete(planned: Iterable[Planned]) -> None:
    complaints = [finding.message for one in planned if one.rows is None for finding in one.findings]
    if complaints:
        raise NotReady(" ".join(complaints[:5]))
