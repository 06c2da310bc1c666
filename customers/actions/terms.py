"""Payment terms."""

from typing import Any

from django.db import transaction

from core.audit import audit, changes
from core.errors import Refused
from core.models import LegalEntity, User
from core.permissions import require
from customers.checks import refuse_invalid
from customers.models import PaymentTerms

FIELDS = frozenset("name net_days end_of_month discount_percent discount_days is_active".split())


@transaction.atomic
def create_terms(*, by: User, entity: LegalEntity, code: str, name: str, net_days: int, **fields: Any) -> PaymentTerms:
    """Agree new terms that customers can be given."""
    require(by, "customers.create_terms", entity)
    _refuse_unknown(fields)

    terms = PaymentTerms(entity=entity, code=code.strip(), name=name.strip(), net_days=net_days, **fields)
    refuse_invalid(terms)
    terms.save(force_insert=True)

    after = {field: getattr(terms, field) for field in ("code", *sorted(FIELDS))}
    audit(by, "terms.created", terms, entity=entity, after=after)
    return terms


@transaction.atomic
def change_terms(*, by: User, terms: PaymentTerms, **fields: Any) -> PaymentTerms:
    """Change terms for documents to come; what was issued keeps its due date."""
    require(by, "customers.change_terms", terms.entity)
    terms = PaymentTerms.objects.select_for_update(no_key=True).get(pk=terms.pk)
    _refuse_unknown(fields)
    before, after = changes(terms, fields)
    if not after:
        return terms

    for name, value in fields.items():
        setattr(terms, name, value)
    refuse_invalid(terms)
    terms.save()

    audit(by, "terms.changed", terms, entity=terms.entity, before=before, after=after)
    return terms


def _refuse_unknown(fields: dict[str, Any]) -> None:
    if unknown := sorted(set(fields) - FIELDS):
        raise Refused(f"{', '.join(unknown)}: this can't be set on payment terms.")
