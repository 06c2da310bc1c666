"""Surcharge rules, and what they put on top of an invoice that is paid by card."""

from datetime import date, datetime

from django.db.models import Q, QuerySet

from core.models import LegalEntity
from core.money import Money
from invoicing.models import CardSurcharge, Invoice, InvoiceTax, SurchargeRule, SurchargeWaiver
from invoicing.queries.taxing import buyers_of
from invoicing.surcharges import Payment, highest
from invoicing.totals import TaxPart


def surcharge_rules_on(entity: LegalEntity, on: date) -> QuerySet[SurchargeRule]:
    """The rules that hold on a day."""
    rows = SurchargeRule.objects.filter(entity=entity, valid_from__lte=on)
    return rows.filter(Q(valid_until=None) | Q(valid_until__gte=on))


def card_payment(invoice: Invoice, paid: Money) -> Payment:
    """Some of an invoice, paid by card. Its customer is loaded."""
    buyer = buyers_of([invoice.customer]).get(invoice.customer_id)
    taxes = InvoiceTax.objects.filter(invoice=invoice).select_related("tax_rate")
    return Payment(paid, buyer.place if buyer else None, [TaxPart(row.tax_rate, row.net, row.tax) for row in taxes])


def forgone_by_waiver(invoice: Invoice, on: date) -> Money:
    """The most that paying an invoice by card could cost on top."""
    payment = card_payment(invoice, invoice.money)
    return highest(payment, surcharge_rules_on(invoice.entity, on))


def waiver_before(invoice: Invoice, moment: datetime) -> SurchargeWaiver | None:
    """The waiver that was granted before a moment, if there is one."""
    rows = SurchargeWaiver.objects.filter(invoice=invoice, granted_at__lt=moment)
    return rows.select_related("granted_by", "request").first()


def surcharges_of(invoice: Invoice) -> QuerySet[CardSurcharge]:
    """What payments of an invoice carried on top."""
    return CardSurcharge.objects.filter(invoice=invoice).select_related("charged_by", "entry")
