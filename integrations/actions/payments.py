"""Posting electronic payments together with what was collected on top: cash and invoicing meet here."""

from datetime import date

from django.db import transaction

from cashapp.actions.payments import post_payment
from cashapp.electronic_items import payments_named
from cashapp.errors import SurchargeNotCharged
from cashapp.models import ElectronicPayment, Receipt
from cashapp.queries.payments import live_receipt
from core.models import User
from core.money import ZERO, Money
from core.permissions import require
from invoicing.actions.surcharges import CardPayment, charge_surcharge
from invoicing.models import Invoice
from invoicing.queries.surcharging import waiver_before
from invoicing.surcharges import Card


@transaction.atomic
def collect_payment(*, by: User, payment: ElectronicPayment, posted_on: date) -> Receipt:
    """Charge the surcharge that a card payment collected by the rules, then post the payment."""
    require(by, "cashapp.post_payment", payment.entity)
    if payment.surcharge and live_receipt(payment) is None:
        _charge(by, payment)
    return post_payment(by=by, payment=payment, posted_on=posted_on)


def _charge(by: User, payment: ElectronicPayment) -> None:
    parts = _parts(payment)
    charged = ZERO
    for invoice, paid in parts:
        suffix = f"/{invoice.number}" if len(parts) > 1 else ""
        told = CardPayment(
            reference=payment.event + suffix,
            paid=paid,
            card=Card(payment.funding, payment.product, payment.brand),
            paid_at=payment.received_at,
            clearing=payment.provider.clearing if payment.provider else None,
        )
        surcharge = charge_surcharge(by=by, invoice=invoice, payment=told)
        charged += surcharge.gross if surcharge else ZERO
    if charged != payment.surcharge:
        raise SurchargeNotCharged(_why(payment, [invoice for invoice, _ in parts], charged))


def _parts(payment: ElectronicPayment) -> list[tuple[Invoice, Money]]:
    """The invoices that it pays with their share of it."""
    if payment.customer is None:
        return []
    pays = payments_named(payment.customer, payment.money, payment.documents)
    invoices = {
        invoice.item_id: invoice
        for invoice in Invoice.objects.filter(item__in=[each.item.pk for each in pays]).select_related("entity")
    }
    named = [(invoices.get(each.item.pk), Money(each.amount, payment.currency)) for each in pays]
    return [(invoice, paid) for invoice, paid in named if invoice is not None]


def _why(payment: ElectronicPayment, invoices: list[Invoice], charged: object) -> str:
    collected = Money(payment.surcharge, payment.currency)
    if not invoices:
        return f"Payment {payment} collected {collected} on top, but names no open invoice of ours that carries it."
    for invoice in invoices:
        if waiver_before(invoice, payment.received_at):
            return f"Payment {payment} collected {collected} on top, but the surcharge on {invoice.number} is waived."
    return f"Payment {payment} collected {collected} on top; by the rules it is {charged} {payment.currency}."
