"""Refunds that go back to the card that was charged: paid by the provider, written down here."""

from datetime import date, datetime, time

from django.db import transaction

from cashapp.models import ElectronicPayment, PaymentFact
from core.audit import audit
from core.models import User
from core.money import ZERO
from core.permissions import require
from customers.models import lock
from invoicing.models import Refund
from ledger.models import Account, JournalEntry
from ledger.posting import EntryDraft, LineDraft, post
from refunds.errors import PaymentRefused
from refunds.models import RefundPayment
from refunds.queries.payable import why_not_payable


@transaction.atomic
def record_card_refund(
    *, by: User, refund: Refund, payment: ElectronicPayment, reference: str, refunded_on: date
) -> RefundPayment:
    """Write down that the provider gave a refund back to the card; it comes off what the provider owes us."""
    require(by, "refunds.record_card_refund", refund.entity)
    lock(refund.customer)
    refund = Refund.objects.select_related("entity", "customer", "item", "entry", "bank_account").get(pk=refund.pk)
    done = RefundPayment.objects.filter(refund=refund, failed_on=None, card_payment=payment).first()
    if done is not None and done.reference == reference.strip():
        return done
    _refuse(refund, payment, reference)

    (entry,) = post(by=by, entries=[_entry(refund, payment, refunded_on)])
    row = RefundPayment.objects.create(
        refund=refund,
        card_payment=payment,
        reference=reference.strip()[:80],
        amount=refund.amount,
        currency=refund.currency,
        entry=entry,
        recorded_by=by,
    )
    PaymentFact.objects.create(
        payment=payment,
        kind=PaymentFact.Kind.REFUNDED,
        at=datetime.combine(refunded_on, time(12), refund.entity.zone),
        reference=row.reference,
        note=f"{refund.number}, {refund.money}",
        entry=entry,
        recorded_by=by,
    )
    after = {"payment": str(payment), "reference": row.reference, "amount": str(refund.money)}
    audit(by, "card_refund.recorded", row, entity=refund.entity, after=after)
    return row


def _key(refund: Refund, payment: ElectronicPayment) -> str:
    """Each try has its own; while one stands no other is made, so that a card is given its money once."""
    failed = RefundPayment.objects.filter(refund=refund, card_payment=payment, failed_on__isnull=False).count()
    return f"card-refund:{refund.pk}:{payment.pk}" + (f":{failed}" if failed else "")


def _refuse(refund: Refund, payment: ElectronicPayment, reference: str) -> None:
    if reason := why_not_payable(refund):
        raise PaymentRefused(reason)
    if not reference.strip():
        raise PaymentRefused("Write the provider's reference of the refund: it finds the money again.")
    if RefundPayment.objects.filter(card_payment=payment, reference=reference.strip()).exists():
        raise PaymentRefused(f"{reference.strip()} was written down before, and failed. Write the new one's.")
    if payment.provider is None or payment.customer_id != refund.customer_id or payment.currency != refund.currency:
        raise PaymentRefused(f"{payment} is no card payment of {refund.customer} in {refund.currency}.")
    if payment.facts.filter(kind__in=("refunded", "disputed"), receipt__isnull=False).exists():
        raise PaymentRefused(f"{payment} was taken back altogether; nothing of it is left to give back.")
    given = RefundPayment.objects.filter(card_payment=payment, failed_on=None).values_list("amount", flat=True)
    if sum(given, ZERO) + refund.amount > payment.collected.amount:
        raise PaymentRefused(f"Only {payment.collected} were charged on {payment}; a card gets back no more than that.")


def _entry(refund: Refund, payment: ElectronicPayment, on: date) -> EntryDraft:
    account = payment.provider.clearing if payment.provider else Account.Role.CARD_CLEARING
    return EntryDraft(
        entity=refund.entity,
        kind=JournalEntry.Kind.TRANSFER,
        posted_on=max(on, refund.posted_on or on),
        currency=refund.currency,
        lines=(
            LineDraft(Account.Role.REFUNDS_PAYABLE, debit=refund.amount),
            LineDraft(account, credit=refund.amount),
        ),
        key=_key(refund, payment),
        text=f"{refund.number} to the card of {payment}"[:200],
        rate=refund.entry.rate if refund.entry else None,
    )
