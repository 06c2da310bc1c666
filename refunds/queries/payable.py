"""Which refunds wait to be paid, and what stands in the way of one."""

from collections.abc import Sequence
from typing import Any

from django.db.models import Exists, F, OuterRef, QuerySet

from cashapp.models import ElectronicPayment
from core.models import LegalEntity
from invoicing.models import Refund
from ledger.models import BankClaim
from refunds.models import PaymentBatch, RefundPayment, TakenBack


def refunds_to_pay(entity: LegalEntity) -> QuerySet[Refund]:
    """Approved refunds that are not on their way, the oldest first."""
    on_the_way = RefundPayment.objects.filter(refund=OuterRef("pk"), failed_on=None)
    back = TakenBack.objects.filter(refund=OuterRef("pk"))
    rows = Refund.objects.filter(entity=entity, number__isnull=False).exclude(Exists(on_the_way)).exclude(Exists(back))
    related = ("entity", "customer", "item", "own_item", "bank_account", "taken_back")
    return rows.select_related(*related).order_by("posted_on", "pk")


def why_not_payable(refund: Refund, within: RefundPayment | None = None) -> str:
    """Why money must not leave for a refund at this moment, or nothing. `within` is its payment being released."""
    others = RefundPayment.objects.filter(refund=refund, failed_on=None)
    if within is not None:
        others = others.exclude(pk=within.pk)
    return _reason(refund, is_on_its_way=others.exists(), claim=open_claim(refund))


def held_up(refunds: Sequence[Refund]) -> dict[int, str]:
    """What stands in the way of each of many refunds, asked at once; those that can be paid are not in it."""
    on_their_way = RefundPayment.objects.filter(refund__in=[refund.pk for refund in refunds], failed_on=None)
    known = set(on_their_way.values_list("refund", flat=True))
    customers = {refund.customer_id for refund in refunds}
    rows = BankClaim.objects.filter(item__customer__in=customers, ended_on=None).select_related("item")
    claims = {claim.item.customer_id: claim for claim in rows}
    found = {
        refund.pk: _reason(refund, is_on_its_way=refund.pk in known, claim=claims.get(refund.customer_id))
        for refund in refunds
    }
    cards = card_payments(refunds)
    for refund in refunds:
        if not found[refund.pk] and refund.bank_account_id is None and not cards[refund.pk]:
            found[refund.pk] = (
                f"{refund.item.number} came by no card, and no bank account is named: {refund} has no way back yet."
            )
    return {pk: reason for pk, reason in found.items() if reason}


def _reason(refund: Refund, *, is_on_its_way: bool, claim: BankClaim | None) -> str:
    if not refund.is_posted:
        return f"{refund} is not approved."
    if hasattr(refund, "taken_back"):
        return f"{refund} was taken back on {refund.taken_back.taken_back_on:%d %b %Y}."
    if refund.own_item is not None and refund.own_item.open_amount:
        return f"{refund.item.number} went back to the payer; {refund} is covered no more. Take it back first."
    if is_on_its_way:
        return f"{refund} is on its way already."
    if claim is not None:
        return f"{refund.customer} claims {claim.item.number} back at their bank ({claim.reference}). Wait for its end."
    account = refund.bank_account
    if account is not None and (account.verified_at is None or not account.is_active):
        return f"The bank account of {refund.customer} isn't verified by a second person, or not in use any more."
    return ""


def open_claim(refund: Refund) -> BankClaim | None:
    """A claim of the customer at their bank that nobody knows the end of."""
    rows = BankClaim.objects.filter(item__customer=refund.customer_id, ended_on=None)
    return rows.select_related("item").first()


def card_payments(refunds: Sequence[Refund]) -> dict[int, list[ElectronicPayment]]:
    """By refund: the card payments that brought the credit, where it goes back to where the money came from."""
    back = [refund for refund in refunds if refund.bank_account_id is None]
    rows = ElectronicPayment.objects.filter(provider__isnull=False, facts__receipt__item__in={r.item_id for r in back})
    paid: list[Any] = list(rows.annotate(brought=F("facts__receipt__item")).distinct().order_by("pk")) if back else []
    return {
        refund.pk: [row for row in paid if (row.brought, row.customer_id) == (refund.item_id, refund.customer_id)]
        for refund in back
    }


def batches(entity: LegalEntity) -> QuerySet[PaymentBatch]:
    """The company's files, the newest first."""
    rows = PaymentBatch.objects.filter(channel__entity=entity)
    return rows.select_related("channel__bank_account", "made_by", "released_by", "file").order_by("-pk")


def payments_under_way(entity: LegalEntity) -> QuerySet[RefundPayment]:
    """What left in a file and has not been seen on a bank line yet."""
    rows = RefundPayment.objects.filter(
        refund__entity=entity, entry__isnull=False, line=None, failed_on=None, batch__isnull=False
    )
    return rows.select_related("refund__customer", "batch__channel", "bank_account").order_by("batch__paid_on", "pk")
