"""Payers that were learnt: put to use, or forgotten, by a person."""

from django.db import transaction

from cashapp.errors import StillInDoubt
from cashapp.models import PayerAlias
from cashapp.payerbook import CONFIRMATIONS_NEEDED
from core import clock
from core.audit import audit
from core.models import User
from core.permissions import require


@transaction.atomic
def remember_payer(*, by: User, alias: PayerAlias) -> PayerAlias:
    """Let the matcher know a payer from now on. It takes two confirmations by people before."""
    entity = alias.customer.entity
    require(by, "cashapp.remember_payer", entity)
    alias = PayerAlias.objects.select_for_update(no_key=True, of=("self",)).select_related("customer").get(pk=alias.pk)
    if alias.in_use:
        return alias
    if alias.confirmations < CONFIRMATIONS_NEEDED:
        raise StillInDoubt(
            f"“{alias.written}” was matched to {alias.customer.name} once. It is used after the second time."
        )

    _decide(by, alias, in_use=True)
    audit(by, "payer.remembered", alias, entity=entity, after={"customer": alias.customer.code})
    return alias


@transaction.atomic
def forget_payer(*, by: User, alias: PayerAlias) -> PayerAlias:
    """Let the matcher no longer take a payer for this customer."""
    entity = alias.customer.entity
    require(by, "cashapp.forget_payer", entity)
    alias = PayerAlias.objects.select_for_update(no_key=True, of=("self",)).select_related("customer").get(pk=alias.pk)
    if not alias.in_use:
        return alias

    _decide(by, alias, in_use=False)
    audit(by, "payer.forgotten", alias, entity=entity, before={"customer": alias.customer.code})
    return alias


def _decide(by: User, alias: PayerAlias, *, in_use: bool) -> None:
    alias.in_use, alias.decided_by, alias.decided_at = in_use, by, clock.now()
    alias.save(update_fields=["in_use", "decided_by", "decided_at"])
