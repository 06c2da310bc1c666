"""Adjustments of receivables: within one's own authority, or after somebody else's approval."""

from datetime import date

from django.db import transaction
from django.urls import reverse

from controls.actions import approve_request, request_approval, use_authority
from controls.models import ApprovalRequest, Authority
from core.audit import audit
from core.models import User
from core.money import Money
from core.permissions import require
from customers.models import lock
from invoicing.actions.item_changes import ChangeRefused, File, ItemChanges
from invoicing.models import Adjustment
from ledger.models import OpenItem


@transaction.atomic
def draft_adjustment(
    *,
    by: User,
    item: OpenItem,
    side: str,
    amount: Money,
    reason_code: str,
    reason: str,
    file: File | None = None,
    request_id: str | None = None,
) -> Adjustment:
    """Write down that a customer owes more or less on an item, and why; nothing is posted yet."""
    require(by, "invoicing.draft_adjustment", item.entity)
    customer = lock(item.customer)
    if amount.currency != item.currency:
        raise ChangeRefused(f"{item.number} is in {item.currency}, not in {amount.currency}.")

    row = Adjustment(
        entity=item.entity,
        customer=customer,
        item=item,
        side=side,
        currency=item.currency,
        amount=amount.amount,
        reason_code=reason_code,
        reason=reason.strip(),
    )
    draft = ItemChanges(by).draft(row, file, request_id)

    audit(by, "adjustment.drafted", draft, entity=item.entity, after=_summary(draft), reason=draft.reason)
    return draft


@transaction.atomic
def discard_adjustment(*, by: User, adjustment: Adjustment) -> None:
    """Throw the draft of an adjustment away."""
    require(by, "invoicing.discard_adjustment", adjustment.entity)
    draft = ItemChanges(by).draft_again(adjustment)
    ItemChanges(by).refuse_waiting(Authority.ADJUSTMENT, draft)

    audit(by, "adjustment.discarded", draft, entity=draft.entity, before=_summary(draft))
    draft.delete()


@transaction.atomic
def post_adjustment(*, by: User, adjustment: Adjustment, posted_on: date) -> Adjustment:
    """Post an adjustment within one's own authority, and set it against its item."""
    require(by, "invoicing.post_adjustment", adjustment.entity)
    current, _ = ItemChanges(by).again(adjustment)
    if current.is_posted:
        return current
    use_authority(
        by=by,
        entity=current.entity,
        kind=Authority.ADJUSTMENT,
        amount=current.money,
        counts_with=_counts_with(current),
        subject_label=f"Adjustment of {current.item.number}",
        on=posted_on,
    )

    return _post(by, current, posted_on)


@transaction.atomic
def request_adjustment(*, by: User, adjustment: Adjustment, requested_on: date) -> ApprovalRequest:
    """Lay an adjustment before somebody who may post it."""
    require(by, "invoicing.request_adjustment", adjustment.entity)
    draft = ItemChanges(by).draft_again(adjustment)
    ItemChanges(by).refuse_unfit(draft)

    return request_approval(
        by=by,
        entity=draft.entity,
        kind=Authority.ADJUSTMENT,
        subject=draft,
        subject_url=reverse("invoicing:adjustment", args=[draft.pk]),
        facts=[
            ("Customer", str(draft.customer)),
            ("Item", f"{draft.item}, {draft.item.open_money} open"),
            ("Change", f"{draft.get_side_display()} {draft.money}"),
            ("Reason", draft.get_reason_code_display()),
            ("File", draft.file.name if draft.file else "none"),
        ],
        effect=f"{draft.item.number} is {_direction(draft)} by {draft.money}, against {_account(draft)}.",
        amount=draft.money,
        counts_with=_counts_with(draft),
        reason=draft.reason,
        decide_url_name="invoicing:approve_adjustment",
        requested_on=requested_on,
    )


@transaction.atomic
def approve_adjustment(
    *, by: User, request: ApprovalRequest, adjustment: Adjustment, posted_on: date, comment: str = ""
) -> Adjustment:
    """Approve somebody else's request and post the adjustment, both or neither."""
    require(by, "invoicing.post_adjustment", adjustment.entity)
    draft = ItemChanges(by).draft_again(adjustment)
    if (request.subject_type, request.subject_id) != (draft._meta.label_lower, str(draft.pk)):
        raise ChangeRefused(f"The request is about {request.subject_label}, not about this adjustment.")
    approve_request(by=by, request=request, amount=draft.money, decided_on=posted_on, comment=comment)

    return _post(by, draft, posted_on)


def _post(by: User, draft: Adjustment, posted_on: date) -> Adjustment:
    posted = ItemChanges(by).post(draft, Adjustment.ACCOUNTS[draft.reason_code], "adjustment", posted_on)
    audit(by, "adjustment.posted", posted, entity=posted.entity, after=_summary(posted), reason=posted.reason)
    return posted


def _counts_with(adjustment: Adjustment) -> str:
    return f"customer:{adjustment.customer_id}"


def _direction(adjustment: Adjustment) -> str:
    return "raised" if adjustment.side == adjustment.item.side else "reduced"


def _account(adjustment: Adjustment) -> str:
    return str(Adjustment.ACCOUNTS[adjustment.reason_code].label).lower()


def _summary(adjustment: Adjustment) -> dict[str, str]:
    return {
        "number": adjustment.number or "",
        "item": adjustment.item.number,
        "side": adjustment.side,
        "amount": str(adjustment.money),
        "reason_code": adjustment.reason_code,
    }
