"""What a month's final billing still lacks."""

from datetime import date

from core.models import LegalEntity
from invoicing.billing.kinds import end_of_month
from invoicing.models import BillingException, ChargeKind, Contract, FinalsDeclaration, Invoice
from invoicing.queries.due import dues_of

SHOWN = 24


def left_open(*, entity: LegalEntity, month_on: date) -> list[str]:
    """Drafts, exceptions and unbilled finals up to the month's end, as words; nothing when it is complete."""
    last_on = end_of_month(month_on)
    drafts = Invoice.objects.filter(entity=entity, number=None, lines__billed_periods__first_on__lte=last_on)
    waiting = BillingException.objects.filter(
        billing_run__entity=entity,
        billing_run__billed_through__range=(month_on, last_on),
        accepted_at=None,
        resolved_at=None,
    )
    leavers = _leavers(entity, last_on)
    found = [
        (drafts.distinct().count(), "drafts of contracts that are not issued: {}"),
        (waiting.count(), "exceptions of billing runs that are open: {}"),
        (leavers, "customers who leave and are not billed: {}"),
    ]
    return [words.format(count) for count, words in found if count]


def declarations(entity: LegalEntity) -> list[FinalsDeclaration]:
    """The months whose finals were declared, the latest first."""
    return list(FinalsDeclaration.objects.filter(entity=entity).select_related("declared_by")[:SHOWN])


def _leavers(entity: LegalEntity, last_on: date) -> int:
    """Customers who left by then and owe an invoice. Only theirs are looked at."""
    ended = Contract.objects.filter(entity=entity, activated_at__isnull=False, ends_on__lte=last_on)
    customers = list(ended.order_by().values_list("customer_id", flat=True).distinct())
    dues = dues_of(entity=entity, through=last_on, kinds={ChargeKind.FINAL.value}, customers=customers)
    return len({due.contract.customer_id for due in dues})
