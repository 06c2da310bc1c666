"""Saying that a month's final invoices are all out, from which collections starts."""

from datetime import date

from django.db import transaction

from core.audit import audit
from core.models import LegalEntity, User
from core.permissions import require
from invoicing.actions.errors import BillingRefused
from invoicing.models import FinalBill, FinalsDeclaration
from invoicing.queries.finals import last_bills, left_open


@transaction.atomic
def declare_finals(
    *, by: User, entity: LegalEntity, month_on: date, declared_on: date, reason: str = ""
) -> FinalsDeclaration:
    """Declare a month's final billing complete, once, and keep which bills are its finals. What is still open needs a
    reason."""
    require(by, "invoicing.declare_finals", entity)
    LegalEntity.objects.select_for_update(no_key=True).get(pk=entity.pk)
    month_on = month_on.replace(day=1)
    if (first := FinalsDeclaration.objects.filter(entity=entity, month_on=month_on).first()) is not None:
        return first
    if month_on > declared_on:
        raise BillingRefused(f"{month_on:%B %Y} has not begun.")
    still_open = left_open(entity=entity, month_on=month_on)
    if still_open and not reason.strip():
        raise BillingRefused(f"{month_on:%B %Y} is not complete: {'; '.join(still_open)}. Finish it, or write why.")

    declaration = FinalsDeclaration.objects.create(
        entity=entity, month_on=month_on, reason=reason.strip(), declared_by=by, declared_on=declared_on
    )
    finals = last_bills(entity=entity, month_on=month_on)
    FinalBill.objects.bulk_create(
        FinalBill(declaration=declaration, invoice=one.invoice, left_on=one.left_on) for one in finals
    )

    facts = {"month": month_on, "finals": [str(one.invoice) for one in finals], "open": still_open}
    audit(by, "finals.declared", declaration, entity=entity, after=facts, reason=reason.strip())
    return declaration
