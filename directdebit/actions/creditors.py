"""Setting up who the company is to a scheme."""

from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import transaction

from core.audit import audit
from core.models import BankAccount, LegalEntity, User
from core.permissions import require
from directdebit.errors import MandateRefused
from directdebit.models import Creditor, Mandate
from directdebit.providers.hosts import refuse_address
from directdebit.schemes import RULES


@transaction.atomic
def add_creditor(
    *,
    by: User,
    entity: LegalEntity,
    code: str,
    name: str,
    scheme: str,
    identifier: str,
    bank_account: BankAccount,
    notice_days: int | None = None,
    **provider: Any,
) -> Creditor:
    """Collect by a scheme from now on, for one of the company's bank accounts."""
    require(by, "directdebit.add_creditor", entity)
    if bank_account.entity_id != entity.pk:
        raise MandateRefused(f"{bank_account} is no account of {entity.name}.")
    if bank_account.currency != RULES[scheme].currency:
        raise MandateRefused(f"{bank_account} is kept in {bank_account.currency}; {scheme} is in another currency.")

    days = RULES[scheme].notice_days if notice_days is None else notice_days
    creditor = Creditor(
        entity=entity,
        code=code,
        name=name.strip(),
        scheme=scheme,
        identifier=identifier.strip().upper(),
        bank_account=bank_account,
        notice_days=days,
        **provider,
    )
    try:
        creditor.full_clean()
    except ValidationError as error:
        raise MandateRefused(" ".join(error.messages)) from None
    if not creditor.writes_files:
        refuse_address(creditor.base_url, settings.DIRECT_DEBIT_HOSTS)
    creditor.save(force_insert=True)

    audit(by, "creditor.added", creditor, entity=entity, after={"scheme": scheme, "notice_days": days})
    return creditor


@transaction.atomic
def end_creditor(*, by: User, creditor: Creditor) -> Creditor:
    """Collect no more this way. Its mandates have to be ended first."""
    require(by, "directdebit.end_creditor", creditor.entity)
    creditor = Creditor.objects.select_for_update().get(pk=creditor.pk)
    if not creditor.is_active:
        return creditor
    under_way = creditor.mandates.filter(state__in=Mandate.UNDER_WAY).count()
    if under_way:
        raise MandateRefused(f"{creditor} has {under_way} mandates under way. Cancel or move them first.")

    creditor.is_active = False
    creditor.save(update_fields=["is_active"])

    audit(by, "creditor.ended", creditor, entity=creditor.entity)
    return creditor
