"""Refunds of open credit: asked for by one person, approved by another. Paying what is approved is another step.

Approved, the credit is used up and the amount stands on “Refunds payable” until it is paid.
"""

from datetime import date

from django.db import transaction
from django.db.models import Sum
from django.urls import reverse

from controls.actions import approve_request, request_approval
from controls.models import ApprovalRequest, Authority
from core.audit import audit
from core.models import User
from core.money import ZERO, Money
from core.permissions import require
from customers.models import Customer, CustomerBankAccount, lock
from invoicing.actions.item_changes import ChangeRefused, File, ItemChanges
from invoicing.models import Refund
from ledger.models import Account, BankClaim, OpenItem


@transaction.atomic
def request_refund(
    *,
    by: User,
    item: OpenItem,
    amount: Money,
    reason: str,
    requested_on: date,
    bank_account: CustomerBankAccount | None = None,
    file: File | None = None,
    request_id: str | None = None,
) -> Refund:
    """Ask for a refund of open credit; somebody else decides."""
    require(by, "invoicing.request_refund", item.entity)
    customer = lock(item.customer)
    _refuse(item, customer, amount, bank_account, requested_on)

    row = Refund(
        entity=item.entity,
        customer=customer,
        item=item,
        side=OpenItem.Side.DEBIT,
        currency=item.currency,
        amount=amount.amount,
        reason=reason.strip(),
        bank_account=bank_account,
    )
    refund = ItemChanges(by).draft(row, file, request_id)
    if refund is row:
        _ask(by, refund, requested_on)
        audit(by, "refund.requested", refund, entity=item.entity, after=_summary(refund), reason=refund.reason)
    return refund


@transaction.atomic
def approve_refund(*, by: User, request: ApprovalRequest, refund: Refund, posted_on: date, comment: str = "") -> Refund:
    """Approve somebody else's request: the credit is used up, and the amount is owed as a refund."""
    require(by, "invoicing.approve_refund", refund.entity)
    draft = ItemChanges(by).draft_again(refund)
    if (request.subject_type, request.subject_id) != (draft._meta.label_lower, str(draft.pk)):
        raise ChangeRefused(f"The request is about {request.subject_label}, not about this refund.")
    _refuse(draft.item, draft.customer, draft.money, draft.bank_account, posted_on)
    approve_request(by=by, request=request, amount=draft.money, decided_on=posted_on, comment=comment)

    posted = ItemChanges(by).post(draft, Account.Role.REFUNDS_PAYABLE, "refund", posted_on)
    audit(by, "refund.approved", posted, entity=posted.entity, after=_summary(posted), reason=comment)
    return posted


@transaction.atomic
def discard_refund(*, by: User, refund: Refund) -> None:
    """Throw a refund away that was asked for and not approved."""
    require(by, "invoicing.discard_refund", refund.entity)
    draft = ItemChanges(by).draft_again(refund)
    ItemChanges(by).refuse_waiting(Authority.REFUND, draft)

    audit(by, "refund.discarded", draft, entity=draft.entity, before=_summary(draft))
    draft.delete()


def _refuse(item: OpenItem, customer: Customer, amount: Money, account: CustomerBankAccount | None, on: date) -> None:
    if item.side != OpenItem.Side.CREDIT:
        raise ChangeRefused(f"{item} is owed to us; only an open credit is refunded.")
    if amount.currency != item.currency:
        raise ChangeRefused(f"{item.number} is in {item.currency}, not in {amount.currency}.")
    overdue = OpenItem.objects.filter(customer=customer, currency=item.currency, side="debit", due_on__lt=on)
    owed = overdue.aggregate(owed=Sum("open_amount"))["owed"] or ZERO
    if owed:
        raise ChangeRefused(f"{customer} owes {Money(owed, item.currency)} overdue. Set the credit against that first.")
    claim = BankClaim.objects.filter(item__customer=customer, ended_on=None).select_related("item").first()
    if claim is not None:
        raise ChangeRefused(
            f"{customer} claims {claim.item.number} back at their bank ({claim.reference}). Wait how that ends."
        )
    if account is not None and not (account.customer_id == customer.pk and account.is_active and account.verified_at):
        raise ChangeRefused(
            "That bank account isn't verified for this customer. Whoever did not add it calls a number known before."
        )


def _ask(by: User, refund: Refund, requested_on: date) -> None:
    account = refund.bank_account
    paid_to = (account.iban or account.account_number) if account else "where the money came from"
    request_approval(
        by=by,
        entity=refund.entity,
        kind=Authority.REFUND,
        subject=refund,
        subject_url=reverse("invoicing:refund", args=[refund.pk]),
        facts=[
            ("Customer", str(refund.customer)),
            ("Credit", f"{refund.item}, {refund.item.open_money} open"),
            ("Refund", str(refund.money)),
            ("Paid to", paid_to),
            ("File", refund.file.name if refund.file else "none"),
        ],
        effect=f"{refund.item.number} is used up by {refund.money}, which is owed as a refund until it is paid.",
        amount=refund.money,
        counts_with=f"customer:{refund.customer_id}",
        reason=refund.reason,
        decide_url_name="invoicing:approve_refund",
        requested_on=requested_on,
    )


def _summary(refund: Refund) -> dict[str, str]:
    return {"number": refund.number or "", "item": refund.item.number, "amount": str(refund.money)}
