"""Legal entities and their bank accounts."""

from typing import Any

from django.db import transaction

from core.audit import audit, changes
from core.errors import NotAllowed, Refused
from core.models import BankAccount, LegalEntity, User
from core.permissions import require


class CodeTaken(Refused):
    """Another entity has the code."""

    code = "code_taken"


@transaction.atomic
def create_entity(*, by: User, code: str, **fields: Any) -> LegalEntity:
    """Open a new company in this installation; its administrator is granted afterwards."""
    if not (by.is_system or by.is_superuser):
        raise NotAllowed("You may not open a new company. It is done with manage.py open_company.")
    if LegalEntity.objects.filter(code__iexact=code).exists():
        raise CodeTaken(f"The code {code} is taken by another company.")

    entity = LegalEntity(code=code.upper(), **fields)
    entity.full_clean()
    entity.save(force_insert=True)

    audit(by, "entity.created", entity, entity=entity, after={"code": entity.code, "currency": entity.currency})
    return entity


@transaction.atomic
def change_entity(*, by: User, entity: LegalEntity, **fields: Any) -> LegalEntity:
    """Change a company's details. Its currency stays: the books are kept in it."""
    require(by, "core.change_entity", entity)
    entity = LegalEntity.objects.select_for_update().get(pk=entity.pk)
    if fields.get("currency", entity.currency) != entity.currency:
        raise Refused(f"{entity.name} keeps its books in {entity.currency}; the currency can't be changed.")

    before, after = changes(entity, fields)
    for name, value in fields.items():
        setattr(entity, name, value)
    entity.full_clean()
    entity.save(update_fields=list(fields))

    if after:
        audit(by, "entity.changed", entity, entity=entity, before=before, after=after)
    return entity


@transaction.atomic
def add_bank_account(*, by: User, entity: LegalEntity, **fields: Any) -> BankAccount:
    """Add one of our accounts at a bank."""
    require(by, "core.change_entity", entity)

    account = BankAccount(entity=entity, **fields)
    account.full_clean()
    account.save(force_insert=True)

    audit(by, "bank_account.added", account, entity=entity, after={"name": account.name, "currency": account.currency})
    return account


@transaction.atomic
def change_bank_account(*, by: User, account: BankAccount, **fields: Any) -> BankAccount:
    """Change the details of one of our bank accounts, which customers see on their next invoice."""
    require(by, "core.change_entity", account.entity)
    account = BankAccount.objects.select_for_update(of=("self",)).select_related("entity").get(pk=account.pk)

    before, after = changes(account, fields)
    for name, value in fields.items():
        setattr(account, name, value)
    account.full_clean()
    account.save(update_fields=list(fields))

    if after:
        audit(by, "bank_account.changed", account, entity=account.entity, before=before, after=after)
    return account
