"""Payouts of providers: gross, fee and net, the payments inside, and the bank line on which they arrive."""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal

from django.db import transaction

from cashapp.actions.clearing import Arrival, Booking
from cashapp.electronic import PaidOut, PayoutDraft
from cashapp.errors import PayoutRefused
from cashapp.models import BankStatementLine, ClearingCredit, ElectronicPayment, PaymentFact, Payout
from core import clock
from core.audit import audit
from core.errors import SameKeyOtherContent
from core.models import LegalEntity, User
from core.money import Money
from core.permissions import require

Kind = PaymentFact.Kind


@transaction.atomic
def record_payout(*, by: User, entity: LegalEntity, draft: PayoutDraft) -> Payout:
    """Keep what a provider pays out and which payments it settles; each payout comes in once."""
    require(by, "cashapp.record_payout", entity)
    LegalEntity.objects.select_for_update(no_key=True).get(pk=entity.pk)
    known = Payout.objects.filter(provider=draft.provider, reference=draft.reference).first()
    if known is not None:
        if (known.gross, known.fee, known.currency) == (draft.gross.amount, draft.fee, draft.gross.currency):
            return known
        raise SameKeyOtherContent(f"Payout {draft.reference} came in before, with {known.gross} {known.currency}.")
    payments = _payments(draft)
    _refuse(draft, payments)

    payout = Payout(
        entity=entity,
        provider=draft.provider,
        reference=draft.reference,
        paid_on=draft.paid_on,
        gross=draft.gross.amount,
        fee=draft.fee,
        net=draft.gross.amount - draft.fee,
        currency=draft.gross.currency,
        recorded_by=by,
    )
    payout.save(force_insert=True)
    moment, settled = clock.now(), {each.reference for each in draft.payments if each.amount > 0}
    PaymentFact.objects.bulk_create(
        PaymentFact(
            payment=payment, kind=Kind.SETTLED, at=moment, reference=payout.reference, payout=payout, recorded_by=by
        )
        for payment in payments
        if payment.reference in settled
    )

    after = {"gross": payout.gross, "fee": payout.fee, "net": payout.net, "payments": len(payments)}
    audit(by, "payout.recorded", payout, entity=entity, after=after)
    return payout


@transaction.atomic
def credit_payout(*, by: User, payout: Payout, line: BankStatementLine) -> ClearingCredit:
    """Tie a payout to its bank line: net to the bank, the fee to charges, gross out of clearing."""
    require(by, "cashapp.credit_payout", payout.entity)
    payout = Payout.objects.select_related("entity", "provider__clearing").get(pk=payout.pk)
    arrival = Arrival(
        label=f"Payout {payout.reference} of {payout.provider}",
        key=f"payout:{payout.pk}",
        clearing=payout.provider.clearing,
        net=Money(payout.net, payout.currency),
        fee=payout.fee,
        payout=payout,
    )
    credit, is_new = Booking(by, payout.entity).book(line, arrival)
    if is_new:
        facts = PaymentFact.objects.filter(payout=payout, kind=Kind.SETTLED).select_related("payment")
        PaymentFact.objects.bulk_create(
            PaymentFact(
                payment=fact.payment,
                kind=Kind.RECONCILED,
                at=clock.now(),
                reference=f"{payout.reference}:{credit.pk}",
                payout=payout,
                credit=credit,
                recorded_by=by,
            )
            for fact in facts
        )
        audit(by, "payout.credited", payout, entity=payout.entity, after={"entry": credit.entry.number})
    return credit


@transaction.atomic
def uncredit_payout(*, by: User, payout: Payout, on: date, reason: str) -> Payout:
    """Take a payout off its bank line: its money stands on clearing again, and the line waits."""
    require(by, "cashapp.uncredit_payout", payout.entity)
    rows = ClearingCredit.objects.select_for_update(no_key=True, of=("self",))
    credit = rows.select_related("entry", "line__bank_account").filter(payout=payout, ended_on=None).first()
    if not reason.strip():
        raise PayoutRefused(f"Say why payout {payout} is taken off its bank line: auditors will ask.")
    if credit is None:
        return payout

    Booking(by, payout.entity).end(credit, on, reason)

    audit(by, "payout.taken_off", payout, entity=payout.entity, after={"line": str(credit.line)}, reason=reason)
    return payout


def _payments(draft: PayoutDraft) -> list[ElectronicPayment]:
    """The payments that it names; one that never came in is refused by its id."""
    wanted = {each.reference for each in draft.payments}
    rows = ElectronicPayment.objects.filter(provider=draft.provider, reference__in=wanted)
    found = {row.reference: row for row in rows}
    if missing := sorted(wanted - set(found)):
        raise PayoutRefused(f"Payout {draft.reference} settles payments that never came in: {', '.join(missing[:5])}.")
    return list(found.values())


def _refuse(draft: PayoutDraft, payments: Sequence[ElectronicPayment]) -> None:
    if draft.gross.amount == draft.fee:
        raise PayoutRefused(f"Payout {draft.reference}: {draft.gross} less a fee of {draft.fee} pays nothing out.")
    collected = {payment.reference: payment.collected for payment in payments}
    for each in draft.payments:
        _refuse_other_amount(draft, each, collected[each.reference])
    total = sum((each.amount for each in draft.payments), draft.besides)
    if draft.payments and total != draft.gross.amount:
        inside = Money(total, draft.gross.currency)
        raise PayoutRefused(f"Payout {draft.reference} says {draft.gross}, but its payments come to {inside}.")
    settled = PaymentFact.objects.filter(payment__in=payments, kind=Kind.SETTLED).select_related("payment", "payout")
    positive = {each.reference for each in draft.payments if each.amount > 0}
    for fact in settled:
        if fact.payment.reference in positive:
            raise PayoutRefused(f"Payment {fact.payment} was settled by payout {fact.payout} before.")


def _refuse_other_amount(draft: PayoutDraft, each: PaidOut, collected: Money) -> None:
    most: Decimal = collected.amount
    if each.is_exchanged:
        return
    if (
        collected.currency != draft.gross.currency
        or abs(each.amount) > most
        or (each.amount > 0 and each.amount != most)
    ):
        raise PayoutRefused(
            f"Payout {draft.reference} counts {each.amount} for payment {each.reference}, which was {collected}."
        )
