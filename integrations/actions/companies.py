"""Opening a company with all that it needs to work: books, limits and an administrator."""

from typing import Any

from django.db import transaction

from ar_collections.actions.strategies import set_up_strategies
from controls.actions import set_up_limits
from core.actions import create_entity, create_person, grant_role
from core.models import LegalEntity, User
from invoicing.actions import set_up_tax_rates, set_up_tax_rules
from ledger.actions import set_up_ledger


@transaction.atomic
def open_company(
    *,
    by: User,
    code: str,
    administrator_email: str,
    administrator_name: str,
    administrator_password: str | None = None,
    **fields: Any,
) -> LegalEntity:
    """Open a company: chart of accounts, tax rates, limits, strategies, and the person who lets in all others.

    Without a password a new administrator chooses one by the reset link.
    """
    entity = create_entity(by=by, code=code, **fields)
    set_up_ledger(by=by, entity=entity)
    set_up_limits(by=by, entity=entity)
    set_up_tax_rates(by=by, entity=entity)
    set_up_tax_rules(by=by, entity=entity)
    set_up_strategies(by=by, entity=entity)

    administrator = User.objects.filter(email__iexact=administrator_email).first()
    if administrator:
        grant_role(by=by, person=administrator, entity=entity, role="administrator")
    else:
        create_person(
            by=by,
            entity=entity,
            email=administrator_email,
            name=administrator_name,
            role="administrator",
            password=administrator_password,
        )
    return entity
