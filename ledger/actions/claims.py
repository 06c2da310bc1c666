"""Claims at the payer's bank: told when they come in, ended when the money went back or the claim was dropped."""

from datetime import date

from django.db import transaction

from core.audit import audit
from core.errors import Refused
from core.models import User
from core.permissions import require
from customers.models import lock
from ledger.models import BankClaim, OpenItem


class ClaimRefused(Refused):
    """There is nothing to claim, or nothing is said of how it ended."""

    code = "claim_refused"


@transaction.atomic
def open_claim(*, by: User, item: OpenItem, reference: str, reason: str, claimed_on: date) -> BankClaim:
    """Note that a payer claims a receipt back at their bank. Told twice, it is the same claim."""
    require(by, "ledger.open_claim", item.entity)
    lock(item.customer)
    if item.side != OpenItem.Side.CREDIT:
        raise ClaimRefused(f"{item} is no money that came in; nothing of it can be claimed back.")
    claim, is_new = BankClaim.objects.get_or_create(
        item=item,
        reference=reference[:60],
        defaults={"reason": reason[:200], "claimed_on": claimed_on, "opened_by": by},
    )
    if is_new:
        audit(
            by, "claim.opened", claim, entity=item.entity, after={"item": item.number, "on": claimed_on}, reason=reason
        )
    return claim


@transaction.atomic
def end_claim(*, by: User, claim: BankClaim, ended_on: date, outcome: str) -> BankClaim:
    """Say how a claim ended: the money went back, or the payer dropped it."""
    require(by, "ledger.end_claim", claim.item.entity)
    lock(claim.item.customer)
    claim = BankClaim.objects.select_related("item__entity").get(pk=claim.pk)
    if claim.ended_on is not None:
        return claim
    if not outcome.strip():
        raise ClaimRefused(f"Say how {claim} ended.")

    claim.ended_on, claim.outcome = ended_on, outcome.strip()[:200]
    claim.save(update_fields=["ended_on", "outcome"])
    audit(by, "claim.ended", claim, entity=claim.item.entity, after={"on": ended_on}, reason=outcome)
    return claim
