"""Card surcharges: rules, waivers that somebody else approves, and what a payment carries on top."""

import re
from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction
from django.db.models import Q
from django.urls import reverse

from controls.actions import approve_request, request_approval
from controls.models import ApprovalRequest, Authority
from core.audit import audit
from core.errors import Refused, SameKeyOtherContent
from core.models import LegalEntity, User
from core.money import Money
from core.permissions import require
from core.rates import rate_on
from customers.checks import refuse_invalid
from customers.models import Customer, lock
from invoicing.models import CardSurcharge, Invoice, SurchargeRule, SurchargeWaiver
from invoicing.queries.surcharging import card_payment, forgone_by_waiver, surcharge_rules_on, waiver_before
from invoicing.surcharge_law import Scope, why_forbidden
from invoicing.surcharges import Card, Surcharge
from ledger.models import Account, JournalEntry
from ledger.posting import EntryDraft, LineDraft, post


class SurchargeRefused(Refused):
    """The law, another rule or the invoice is against it."""

    code = "surcharge_refused"


@dataclass(frozen=True, slots=True)
class CardPayment:
    """A payment by card as the provider tells of it: its id, what was paid of the invoice, with which card, when.

    `clearing` is the provider's own clearing account; without one it is the entity's for cards in general.
    """

    reference: str
    paid: Money
    card: Card
    paid_at: datetime
    clearing: Account | None = None


@transaction.atomic
def add_surcharge_rule(*, by: User, rule: SurchargeRule) -> SurchargeRule:
    """Charge payments by card from a day on; refused where the law or a brand forbids it."""
    require(by, "invoicing.add_surcharge_rule", rule.entity)
    LegalEntity.objects.select_for_update(no_key=True).get(pk=rule.entity_id)
    refuse_invalid(rule)
    scope = Scope(rule.country, rule.state, rule.funding, rule.product, rule.brand)
    if why := why_forbidden(scope, rule.percent):
        raise SurchargeRefused(why)
    for other in SurchargeRule.objects.filter(entity=rule.entity, country=rule.country, currency=rule.currency):
        if _covers_the_same(rule, other):
            raise SurchargeRefused(f"“{other}” holds from {other.valid_from:%d %b %Y} already. End it first.")

    rule.save(force_insert=True)

    after = {"rule": str(rule), "threshold": rule.threshold, "cap": rule.cap, "from": rule.valid_from}
    audit(by, "surcharge_rule.added", rule, entity=rule.entity, after=after, reason=rule.basis)
    return rule


@transaction.atomic
def end_surcharge_rule(*, by: User, rule: SurchargeRule, valid_until: date) -> SurchargeRule:
    """Say until which day a rule holds."""
    require(by, "invoicing.end_surcharge_rule", rule.entity)
    rule = SurchargeRule.objects.select_for_update(of=("self",), no_key=True).select_related("entity").get(pk=rule.pk)
    if valid_until < rule.valid_from:
        raise SurchargeRefused(
            f"“{rule}” holds from {rule.valid_from:%d %b %Y} on; it can't end on {valid_until:%d %b %Y}."
        )

    before = {"valid_until": rule.valid_until}
    rule.valid_until = valid_until
    LegalEntity.objects.select_for_update(no_key=True).get(pk=rule.entity_id)
    others = SurchargeRule.objects.filter(entity=rule.entity, country=rule.country, currency=rule.currency)
    for other in others.exclude(pk=rule.pk):
        if _covers_the_same(rule, other):
            raise SurchargeRefused(f"“{other}” holds from {other.valid_from:%d %b %Y}; both would hold at once.")
    rule.save(update_fields=["valid_until"])

    audit(by, "surcharge_rule.ended", rule, entity=rule.entity, before=before, after={"valid_until": valid_until})
    return rule


@transaction.atomic
def request_surcharge_waiver(*, by: User, invoice: Invoice, reason: str, requested_on: date) -> ApprovalRequest:
    """Ask that an invoice may be paid by card without surcharge; somebody else decides, before it is paid."""
    require(by, "invoicing.request_surcharge_waiver", invoice.entity)
    current = _turn_with(invoice)
    forgone = forgone_by_waiver(current, requested_on)
    if not forgone:
        raise SurchargeRefused(f"No card would be surcharged for {current}; there is nothing to waive.")
    if SurchargeWaiver.objects.filter(invoice=current).exists():
        raise SurchargeRefused(f"The surcharge on {current} is waived already.")

    return request_approval(
        by=by,
        entity=current.entity,
        kind=Authority.SURCHARGE_WAIVER,
        subject=current,
        subject_url=reverse("invoicing:surcharge", args=[current.pk]),
        facts=[
            ("Customer", str(current.customer)),
            ("Invoice", f"{current.number} of {current.issued_on:%d %b %Y}, {current.money}"),
            ("Surcharge at most", str(forgone)),
        ],
        effect=f"Payments of {current.number} by card made after the approval carry no surcharge.",
        amount=forgone,
        counts_with=f"customer:{current.customer_id}",
        reason=reason,
        decide_url_name="invoicing:approve_surcharge_waiver",
        requested_on=requested_on,
    )


@transaction.atomic
def approve_surcharge_waiver(
    *, by: User, request: ApprovalRequest, invoice: Invoice, decided_on: date, comment: str = ""
) -> SurchargeWaiver:
    """Agree to somebody else's request: payments from now on carry no surcharge."""
    require(by, "invoicing.approve_surcharge_waiver", invoice.entity)
    current = _turn_with(invoice)
    if (request.subject_type, request.subject_id) != (current._meta.label_lower, str(current.pk)):
        raise SurchargeRefused(f"The request is about {request.subject_label}, not about {current}.")
    forgone = forgone_by_waiver(current, decided_on)
    approve_request(by=by, request=request, amount=forgone, decided_on=decided_on, comment=comment)

    waiver = SurchargeWaiver.objects.create(invoice=current, request=request, granted_by=by)

    audit(
        by, "surcharge.waived", current, entity=current.entity, after={"at_most": str(forgone)}, reason=request.reason
    )
    return waiver


@transaction.atomic
def charge_surcharge(*, by: User, invoice: Invoice, payment: CardPayment) -> CardSurcharge | None:
    """Put the surcharge on top of a payment by card; nothing where no rule covers it or it was waived before.

    The same payment is surcharged once; anew where its surcharge was reversed, as when its money went back and came
    again. The invoice stays as open as the payment itself leaves it.
    """
    require(by, "invoicing.charge_surcharge", invoice.entity)
    current = _turn_with(invoice)
    before = _charged_before(current, payment)
    if (live := next((each for each in before if each.mirror is None), None)) is not None:
        return live
    paid_on = payment.paid_at.astimezone(current.entity.zone).date()
    rules = surcharge_rules_on(current.entity, paid_on)
    surcharge = card_payment(current, payment.paid).surcharge(rules, payment.card)
    if surcharge.rule is None or waiver_before(current, payment.paid_at) is not None:
        return None

    reference = f"{payment.reference}/{len(before) + 1}" if before else payment.reference
    posted_on = max([paid_on, *(each.mirror.posted_on for each in before if each.mirror)])
    entry = post(by=by, entries=[_entry(current, payment, surcharge, posted_on, reference)])[0]
    charged = CardSurcharge.objects.create(
        entity=current.entity,
        invoice=current,
        rule=surcharge.rule,
        payment_reference=reference,
        funding=payment.card.funding,
        product=payment.card.product,
        brand=payment.card.brand,
        currency=payment.paid.currency,
        paid=payment.paid.amount,
        net=surcharge.net,
        tax=surcharge.tax,
        gross=surcharge.gross.amount,
        paid_at=payment.paid_at,
        entry=entry,
        charged_by=by,
    )

    after = {"payment": payment.reference, "working": surcharge.working}
    audit(by, "surcharge.charged", current, entity=current.entity, after=after)
    return charged


def _turn_with(invoice: Invoice) -> Invoice:
    lock(Customer(pk=invoice.customer_id))
    current = Invoice.objects.select_related("entity", "customer").get(pk=invoice.pk)
    if not current.is_issued:
        raise SurchargeRefused(f"{current} is not issued; only issued invoices are paid.")
    return current


def _charged_before(invoice: Invoice, payment: CardPayment) -> list[CardSurcharge]:
    """What the payment was charged before, each time under a reference of its own."""
    again = Q(payment_reference__regex=rf"^{re.escape(payment.reference)}/\d+$", invoice=invoice)
    rows = CardSurcharge.objects.filter(Q(payment_reference=payment.reference) | again, entity=invoice.entity)
    before = list(rows.select_related("invoice", "entry__reversed_by").order_by("pk"))
    for each in before:
        if (each.invoice_id, each.paid) != (invoice.pk, payment.paid.amount):
            raise SameKeyOtherContent(f"Payment {payment.reference} was surcharged for {each.invoice} already.")
    return before


def _entry(invoice: Invoice, payment: CardPayment, surcharge: Surcharge, posted_on: date, reference: str) -> EntryDraft:
    """Debit card clearing; credit surcharges and output tax. Receivables have no part in it."""
    currency = payment.paid.currency
    lines = [LineDraft(payment.clearing or Account.Role.CARD_CLEARING, debit=surcharge.gross.amount)]
    for part in surcharge.parts:
        lines.append(LineDraft(Account.Role.SURCHARGE_INCOME, credit=part.net, tax_code=part.rate.code))
        if part.tax:
            lines.append(LineDraft(Account.Role.OUTPUT_TAX, credit=part.tax, tax_code=part.rate.code))
    return EntryDraft(
        entity=invoice.entity,
        kind=JournalEntry.Kind.RECEIPT,
        posted_on=posted_on,
        currency=currency,
        lines=lines,
        key=f"surcharge:{reference}",
        text=f"Card surcharge on {invoice.number}, {reference}"[:200],
        rate=rate_on(currency, invoice.entity.currency, posted_on),
    )


def _covers_the_same(one: SurchargeRule, other: SurchargeRule) -> bool:
    same = all(getattr(one, name) == getattr(other, name) for name in ("state", "funding", "product", "brand"))
    last = date.max
    return same and one.valid_from <= (other.valid_until or last) and other.valid_from <= (one.valid_until or last)
