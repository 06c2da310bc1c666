"""Posting an electronic payment: debit clearing, credit the customer, and what it pays; its payer gets a receipt."""

from collections.abc import Sequence
from datetime import date

from django.db import transaction
from django.urls import reverse

from cashapp.actions.receipts import post_receipt
from cashapp.electronic_items import payments_named
from cashapp.errors import PaymentRefused, SurchargeNotCharged
from cashapp.models import ElectronicPayment, PaymentFact, Receipt
from cashapp.money_in import Incoming, Payment
from cashapp.queries.payments import live_receipt, surcharge_posted
from core import clock
from core.audit import audit
from core.models import User
from core.money import Money
from core.permissions import require
from customers.models import Customer, lock
from ledger.periods import is_open
from messaging.actions import Draft, queue_messages
from messaging.recipients import STATEMENTS, Recipients, recipients_of

RECEIPT_MAIL = "payment_receipt"


@transaction.atomic
def post_payment(
    *, by: User, payment: ElectronicPayment, posted_on: date, pays: Sequence[Payment] | None = None
) -> Receipt:
    """Post a payment to its customer and to the documents that its payer names, or to those given; mail a receipt.

    It counts from the day on which it was received, or from `posted_on` where that month is closed.
    """
    require(by, "cashapp.post_payment", payment.entity)
    if payment.customer_id:
        lock(Customer(pk=payment.customer_id))
    rows = ElectronicPayment.objects.select_for_update(no_key=True, of=("self",))
    payment = rows.select_related("entity", "provider__clearing", "customer__entity").get(pk=payment.pk)
    if known := live_receipt(payment):
        return known
    customer = _refuse_unready(payment)

    receipt = _post(by, payment, customer, posted_on, pays)
    PaymentFact.objects.create(
        payment=payment,
        kind=PaymentFact.Kind.POSTED,
        at=clock.now(),
        reference=str(receipt),
        receipt=receipt,
        recorded_by=by,
    )

    audit(by, "payment.posted", payment, entity=payment.entity, after={"receipt": str(receipt)})
    _mail_receipt(by, payment, receipt)
    return receipt


def _refuse_unready(payment: ElectronicPayment) -> Customer:
    if payment.customer is None:
        raise PaymentRefused(f"Say whose {payment.money} payment {payment} is, before it is posted.")
    if payment.provider is None:
        raise PaymentRefused(f"Payment {payment} comes straight to the bank: match its bank line when it is there.")
    if payment.facts.filter(kind=PaymentFact.Kind.FAILED).exists():
        raise PaymentRefused(f"Payment {payment} failed; there is no money to post.")
    charged = surcharge_posted(payment)
    if charged != payment.surcharge:
        collected = Money(payment.surcharge, payment.currency)
        booked = Money(charged, payment.currency)
        raise SurchargeNotCharged(f"Payment {payment} collected {collected} on top, but {booked} are in the ledger.")
    return payment.customer


def _post(
    by: User, payment: ElectronicPayment, customer: Customer, posted_on: date, pays: Sequence[Payment] | None
) -> Receipt:
    received_on = payment.received_at.astimezone(payment.entity.zone).date()
    attempts = payment.facts.filter(kind=PaymentFact.Kind.POSTED).count()
    incoming = Incoming(
        money=payment.money,
        received_on=received_on,
        key=f"payment:{payment.pk}:{attempts}",
        payer=payment.payer,
        text=payment.text or f"{payment.get_method_display()} {payment.reference}",
        clearing=payment.provider.clearing if payment.provider else None,
    )
    named = payments_named(customer, payment.money, payment.documents) if pays is None else pays
    wanted = _day_of(payment, received_on, posted_on)
    day = wanted if is_open(payment.entity, wanted) else posted_on
    return post_receipt(by=by, customer=customer, incoming=incoming, pays=named, posted_on=day)


def _day_of(payment: ElectronicPayment, received_on: date, posted_on: date) -> date:
    """The day on which it came; posted anew, never before it was undone, and money that had gone back from then on."""
    before = (
        Receipt.objects.filter(payment_facts__payment=payment, ended_on__isnull=False).order_by("-ended_on").first()
    )
    if before is None or before.ended_on is None:
        return received_on
    came_again_on = posted_on if before.ending == Receipt.Ending.RETURNED else received_on
    return max(came_again_on, before.ended_on)


def _mail_receipt(by: User, payment: ElectronicPayment, receipt: Receipt) -> None:
    customer = receipt.item.customer
    if payment.payer_email:
        to = Recipients(to=(payment.payer_email,), name=payment.payer, language=customer.language)
    else:
        to = recipients_of([customer], STATEMENTS)[customer.pk]
    draft = Draft(
        kind=RECEIPT_MAIL,
        key=str(receipt),
        customer=customer,
        recipients=to,
        document=str(receipt),
        document_url=reverse("cashapp:receipt", args=[receipt.pk]),
        context={"payment": payment.pk, "receipt": receipt.pk},
    )
    queue_messages(by=by, drafts=[draft])
