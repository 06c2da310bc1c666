"""What returns cost, and who bears it."""

from decimal import Decimal

from django.db import transaction

from core.audit import audit
from core.models import User
from core.permissions import require
from directdebit.errors import RunRefused
from directdebit.models import Creditor, ReturnPolicy


@transaction.atomic
def change_return_policy(*, by: User, creditor: Creditor, bank_fee: Decimal, recharge: Decimal) -> ReturnPolicy:
    """Set what the bank takes for a return and what the customer is charged for it, from now on."""
    require(by, "directdebit.change_return_policy", creditor.entity)
    Creditor.objects.select_for_update(no_key=True).get(pk=creditor.pk)
    before = ReturnPolicy.objects.filter(creditor=creditor).first()
    if before and (before.bank_fee, before.recharge) == (bank_fee, recharge):
        return before
    if bank_fee < 0 or recharge < 0:
        raise RunRefused("A fee of a return is not negative.")

    policy, _ = ReturnPolicy.objects.update_or_create(
        creditor=creditor, defaults={"bank_fee": bank_fee, "recharge": recharge, "changed_by": by}
    )

    old = {"bank_fee": before.bank_fee, "recharge": before.recharge} if before else None
    after = {"bank_fee": bank_fee, "recharge": recharge}
    audit(by, "return_policy.changed", policy, entity=creditor.entity, before=old, after=after)
    return policy
