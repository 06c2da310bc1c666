"""Taking electronic payments in, once each, and what is told of them afterwards."""

from datetime import datetime

from django.db import transaction

from cashapp.electronic import PaymentDraft
from cashapp.errors import PaymentRefused
from cashapp.models import ElectronicPayment, PaymentFact
from cashapp.queries.payments import live_receipt
from core.audit import audit
from core.errors import SameKeyOtherContent
from core.models import LegalEntity, User
from core.permissions import require
from customers.models import Customer

Kind = PaymentFact.Kind
TOLD_BEFORE_POSTING = (Kind.AUTHORISED, Kind.CAPTURED, Kind.FAILED)


@transaction.atomic
def take_in_payment(*, by: User, entity: LegalEntity, draft: PaymentDraft, source: str) -> ElectronicPayment:
    """Put a payment into the queue. The same id of the same provider comes in once."""
    require(by, "cashapp.take_in_payment", entity)
    LegalEntity.objects.select_for_update(no_key=True).get(pk=entity.pk)
    known = ElectronicPayment.objects.filter(entity=entity, provider=draft.provider, reference=draft.reference).first()
    if known is not None:
        if draft.says_the_same(known):
            return known
        raise SameKeyOtherContent(f"Payment {draft.reference} came in before, with {known.collected} in all.")
    _refuse(entity, draft)

    payment = _payment(by, entity, draft, source)
    payment.save(force_insert=True)
    fact = {"payment": payment, "at": draft.received_at, "recorded_by": by}
    PaymentFact.objects.create(kind=Kind.RECEIVED, **fact)

    after = {"amount": payment.amount, "surcharge": payment.surcharge, "currency": payment.currency}
    audit(by, "payment.taken_in", payment, entity=entity, after={**after, "method": payment.method, "source": source})
    return payment


@transaction.atomic
def tell_of_payment(
    *, by: User, payment: ElectronicPayment, kind: str, at: datetime, reference: str = "", note: str = ""
) -> PaymentFact:
    """Add what the provider tells of a payment that is not posted yet: authorised, captured, or failed."""
    require(by, "cashapp.tell_of_payment", payment.entity)
    payment = _turn_with(payment)
    if known := payment.facts.filter(kind=kind, reference=reference).first():
        return known
    if kind not in TOLD_BEFORE_POSTING:
        raise PaymentRefused(f"That {payment} was {Kind(kind).label.lower()} is not told but done.")
    receipt = live_receipt(payment)
    if kind == Kind.FAILED and receipt is not None:
        raise PaymentRefused(f"{payment} is posted as {receipt}. Take it back as refunded or disputed instead.")

    fact = PaymentFact.objects.create(
        payment=payment, kind=kind, at=at, reference=reference, note=note[:200], recorded_by=by
    )

    audit(by, f"payment.{kind}", payment, entity=payment.entity, reason=note)
    return fact


@transaction.atomic
def say_payer(*, by: User, payment: ElectronicPayment, customer: Customer) -> ElectronicPayment:
    """Say whose payment it is, where the provider didn't."""
    require(by, "cashapp.say_payer", payment.entity)
    payment = _turn_with(payment)
    if payment.customer_id == customer.pk:
        return payment
    if customer.entity_id != payment.entity_id:
        raise PaymentRefused(f"{customer.name} is a customer of another company.")
    if receipt := live_receipt(payment):
        raise PaymentRefused(f"{payment} is posted as {receipt}. Move the receipt to {customer.name} instead.")

    before = payment.customer
    payment.customer = customer
    payment.save(update_fields=["customer"])

    told = {"customer": before.code if before else None}
    audit(by, "payment.payer_said", payment, entity=payment.entity, before=told, after={"customer": customer.code})
    return payment


def _turn_with(payment: ElectronicPayment) -> ElectronicPayment:
    rows = ElectronicPayment.objects.select_for_update(no_key=True, of=("self",))
    return rows.select_related("entity", "provider", "customer").get(pk=payment.pk)


def _refuse(entity: LegalEntity, draft: PaymentDraft) -> None:
    method = ElectronicPayment.Method
    if not draft.reference.strip():
        raise PaymentRefused("A payment needs the id by which its provider or its payer knows it.")
    if draft.money.amount <= 0 or draft.surcharge < 0:
        raise PaymentRefused(f"Payment {draft.reference} of {draft.money} is no money that comes in.")
    if draft.provider is None and draft.method in (method.CARD, method.PORTAL):
        raise PaymentRefused(f"Payment {draft.reference}: name the provider that took it.")
    if draft.surcharge and draft.method != method.CARD:
        raise PaymentRefused(f"Payment {draft.reference}: only cards carry a surcharge.")
    if draft.customer is not None and draft.customer.entity_id != entity.pk:
        raise PaymentRefused(f"{draft.customer.name} is a customer of another company.")
    if draft.provider is not None and draft.provider.entity_id != entity.pk:
        raise PaymentRefused(f"{draft.provider} takes payments for another company.")


def _payment(by: User, entity: LegalEntity, draft: PaymentDraft, source: str) -> ElectronicPayment:
    return ElectronicPayment(
        entity=entity,
        provider=draft.provider,
        reference=draft.reference.strip(),
        method=draft.method,
        source=source,
        customer=draft.customer,
        amount=draft.money.amount,
        surcharge=draft.surcharge,
        currency=draft.money.currency,
        documents=[each.as_data() for each in draft.documents],
        payer=draft.payer[:200],
        payer_email=draft.payer_email,
        text=draft.text[:200],
        funding=draft.card.funding,
        product=draft.card.product,
        brand=draft.card.brand,
        received_at=draft.received_at,
        recorded_by=by,
    )
