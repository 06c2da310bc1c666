"""Which refunds wait to be paid, and what stands in the way of one."""

from django.db.models import Exists, OuterRef, QuerySet

from core.models import LegalEntity
from invoicing.models import Refund
from ledger.models import BankClaim
from refunds.models import PaymentBatch, RefundPayment


def refunds_to_pay(entity: LegalEntity) -> QuerySet[Refund]:
    """Approved refunds that are not on their way, the oldest first."""
    on_the_way = RefundPayment.objects.filter(refund=OuterRef("pk"), failed_on=None)
    rows = Refund.objects.filter(entity=entity, number__isnull=False).exclude(Exists(on_the_way))
    return rows.select_related("entity", "customer", "item", "own_item", "bank_account").order_by("posted_on", "pk")


def why_not_payable(refund: Refund, within: RefundPayment | None = None) -> str:
    """Why money must not leave for a refund at this moment, or nothing. `within` is its payment being released."""
    if not refund.is_posted:
        return f"{refund} is not approved."
    if refund.own_item is not None and refund.own_item.open_amount:
        return f"{refund.item.number} went back to the payer; {refund} is covered no more. Take it back first."
    others = RefundPayment.objects.filter(refund=refund, failed_on=None)
    if within is not None:
        others = others.exclude(pk=within.pk)
    if others.exists():
        return f"{refund} is on its way already."
    if claim := open_claim(refund):
        return f"{refund.customer} claims {claim.item.number} back at their bank ({claim.reference}). Wait for its end."
    account = refund.bank_account
    if account is not None and (account.verified_at is None or not account.is_active):
        return f"The bank account of {refund.customer} isn't verified by a second person, or not in use any more."
    return ""


def open_claim(refund: Refund) -> BankClaim | None:
    """A claim of the customer at their bank that nobody knows the end of."""
    rows = BankClaim.objects.filter(item__customer=refund.customer_id, ended_on=None)
    return rows.select_related("item").first()


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
