"""Money of an electronic payment that went back: refunded, or disputed by the payer at the bank of the card."""

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from django.db import transaction

from cashapp.actions.ending import return_receipt
from cashapp.errors import PaymentRefused
from cashapp.models import ElectronicPayment, PaymentFact, Receipt
from cashapp.queries.payments import live_receipt, surcharge_entries
from core.audit import audit
from core.models import User
from core.money import ZERO
from core.permissions import require
from customers.models import Customer, lock
from ledger.models import Account, JournalEntry
from ledger.posting import EntryDraft, LineDraft, post, reverse_entry

Kind = PaymentFact.Kind
GONE_BACK = (Kind.REFUNDED, Kind.DISPUTED)


@dataclass(frozen=True, slots=True)
class TakenBack:
    """How all of a payment went back, and what the provider charged for that."""

    kind: str
    at: datetime
    on: date
    reference: str
    reason: str
    fee: Decimal = ZERO


@transaction.atomic
def return_payment(*, by: User, payment: ElectronicPayment, told: TakenBack) -> Receipt:
    """Take all of a payment back: what it paid is open again at its old due date, the fee is booked.

    A surcharge that the card paid on top went back with it: its income and tax are reversed.

    A part of a payment goes back by a refund, which somebody else approves.
    """
    require(by, "cashapp.return_payment", payment.entity)
    if payment.customer_id:
        lock(Customer(pk=payment.customer_id))
    rows = ElectronicPayment.objects.select_for_update(no_key=True, of=("self",))
    payment = rows.select_related("entity", "provider__clearing").get(pk=payment.pk)
    if known := payment.facts.filter(kind=told.kind, reference=told.reference).first():
        if known.receipt is not None:
            return known.receipt
    receipt = live_receipt(payment)
    if told.kind not in GONE_BACK or receipt is None:
        raise PaymentRefused(f"Payment {payment} is not posted; there is nothing to take back.")

    given_back = payment.facts.filter(kind=Kind.REFUNDED, receipt=None)
    if given_back.exclude(entry__reversed_by__isnull=False).exists():
        raise PaymentRefused(f"Part of {payment} went back to the card before; only the rest can be disputed.")

    return_receipt(by=by, receipt=receipt, returned_on=told.on, reason=told.reason)
    _reverse_surcharge(by, payment, told)
    entry = _book_fee(by, payment, told) if told.fee else None
    PaymentFact.objects.create(
        payment=payment,
        kind=told.kind,
        at=told.at,
        reference=told.reference,
        note=told.reason[:200],
        receipt=receipt,
        entry=entry,
        recorded_by=by,
    )

    after = {"receipt": str(receipt), "fee": told.fee}
    audit(by, f"payment.{told.kind}", payment, entity=payment.entity, after=after, reason=told.reason)
    return receipt


def _reverse_surcharge(by: User, payment: ElectronicPayment, told: TakenBack) -> None:
    for entry in surcharge_entries(payment):
        reverse_entry(by=by, entry=entry, posted_on=max(told.on, entry.posted_on), reason=told.reason)


def _book_fee(by: User, payment: ElectronicPayment, told: TakenBack) -> JournalEntry:
    clearing = payment.provider.clearing if payment.provider else Account.Role.CARD_CLEARING
    draft = EntryDraft(
        entity=payment.entity,
        kind=JournalEntry.Kind.ADJUSTMENT,
        posted_on=told.on,
        currency=payment.currency,
        lines=(LineDraft(Account.Role.BANK_CHARGES, debit=told.fee), LineDraft(clearing, credit=told.fee)),
        key=f"payment-fee:{payment.pk}:{told.kind}:{told.reference}",
        text=f"Fee of {payment.provider} for {payment}, {told.reason}"[:200],
    )
    return post(by=by, entries=[draft])[0]
