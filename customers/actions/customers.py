"""Opening, changing, ending and reopening customers."""

from typing import Any
from uuid import UUID

from django.db import IntegrityError, transaction

from core import clock
from core.audit import audit, changes
from core.errors import Refused, SameKeyOtherContent
from core.models import LegalEntity, User
from core.permissions import require
from core.series import take_numbers
from customers.checks import (
    ChangedMeanwhile,
    CodeTaken,
    refuse_bad_tax_number,
    refuse_invalid,
    refuse_reverse_charge_without_number,
)
from customers.models import Customer, PaymentTerms, lock
from customers.names import compact
from customers.references import payment_reference

CHANGEABLE = frozenset(
    "name language currency terms credit_limit tax_status tax_number registration_number delivery "
    "purchase_order_required segment".split()
)


@transaction.atomic
def create_customer(
    *,
    by: User,
    entity: LegalEntity,
    name: str,
    terms: PaymentTerms,
    currency: str = "",
    code: str = "",
    request_id: UUID | None = None,
    **fields: Any,
) -> Customer:
    """Open a customer; without a code it gets the next number. `request_id` makes a repeated form harmless."""
    require(by, "customers.create_customer", entity)
    LegalEntity.objects.select_for_update(no_key=True).get(pk=entity.pk)
    if request_id is not None and (first := Customer.objects.filter(entity=entity, request_id=request_id).first()):
        if first.name != name:
            raise SameKeyOtherContent(f"{first.name} was made by this form already. Open a new one for {name}.")
        return first
    _refuse_unknown(fields, CHANGEABLE)
    _refuse_foreign_terms(entity, terms)

    customer = Customer(entity=entity, name=name.strip(), terms=terms, request_id=request_id, **fields)
    customer.currency = currency or entity.currency
    customer.tax_number = compact(customer.tax_number)
    refuse_bad_tax_number(customer.tax_number)
    refuse_reverse_charge_without_number(customer)
    customer.code = code.strip() or _next_code(entity)
    customer.payment_reference = payment_reference(customer.code, _references_like(entity, customer.code))
    refuse_invalid(customer)
    _insert(customer)

    audit(by, "customer.created", customer, entity=entity, after=_facts(customer))
    return customer


@transaction.atomic
def change_customer(*, by: User, customer: Customer, version: int | None = None, **fields: Any) -> Customer:
    """Change master data. With the `version` that was shown, a change made by somebody else meanwhile isn't lost."""
    require(by, "customers.change_customer", customer.entity)
    customer = lock(customer)
    _refuse_unknown(fields, CHANGEABLE)
    if "terms" in fields:
        _refuse_foreign_terms(customer.entity, fields["terms"])
    if "tax_number" in fields:
        fields["tax_number"] = compact(fields["tax_number"])
    before, after = changes(customer, fields)
    if not after:
        return customer
    if version is not None and version != customer.version:
        raise ChangedMeanwhile(
            f"{customer.name} was changed by somebody else meanwhile. Look at it again, then change it."
        )

    for name, value in fields.items():
        setattr(customer, name, value)
    if "tax_number" in after:
        refuse_bad_tax_number(customer.tax_number)
    refuse_reverse_charge_without_number(customer)
    customer.version += 1
    refuse_invalid(customer)
    customer.save()

    audit(by, "customer.changed", customer, entity=customer.entity, before=before, after=after)
    return customer


@transaction.atomic
def deactivate_customer(*, by: User, customer: Customer, reason: str) -> Customer:
    """Stop making documents for a customer. What they owe stays, and stays to be paid."""
    require(by, "customers.deactivate_customer", customer.entity)
    customer = lock(customer)
    if not customer.is_active:
        return customer
    if not reason.strip():
        raise Refused(f"Write why {customer.name} is closed: the next person reads it in the history.")

    _set_status(customer, Customer.Status.INACTIVE)

    audit(by, "customer.deactivated", customer, entity=customer.entity, reason=reason.strip())
    return customer


@transaction.atomic
def reactivate_customer(*, by: User, customer: Customer) -> Customer:
    """Do business with a closed customer again."""
    require(by, "customers.reactivate_customer", customer.entity)
    customer = lock(customer)
    if customer.is_active:
        return customer

    _set_status(customer, Customer.Status.ACTIVE)

    audit(by, "customer.reactivated", customer, entity=customer.entity)
    return customer


def _set_status(customer: Customer, status: str) -> None:
    customer.status = status
    customer.version += 1
    customer.save(update_fields=["status", "version"])


def _refuse_unknown(fields: dict[str, Any], known: frozenset[str]) -> None:
    if unknown := sorted(set(fields) - known):
        raise Refused(f"{', '.join(unknown)}: this can't be set on a customer.")


def _refuse_foreign_terms(entity: LegalEntity, terms: PaymentTerms) -> None:
    if terms.entity_id != entity.pk:
        raise Refused(f"The terms “{terms}” belong to another company than {entity.name}.")


def _next_code(entity: LegalEntity) -> str:
    """The next number that no imported customer has; the stretches that are skipped grow, so that it ends soon."""
    count = 1
    while True:
        codes = take_numbers(entity, "customer", clock.today(entity), count)
        taken = set(Customer.objects.filter(entity=entity, code__in=codes).values_list("code", flat=True))
        free = [code for code in codes if code not in taken]
        if free:
            return free[0]
        count = min(count * 4, 4096)


def _references_like(entity: LegalEntity, code: str) -> set[str]:
    rows = Customer.objects.filter(entity=entity, payment_reference__contains=compact(code)[:17])
    return set(rows.values_list("payment_reference", flat=True))


def _insert(customer: Customer) -> None:
    try:
        with transaction.atomic():
            customer.save(force_insert=True)
    except IntegrityError as error:
        if "one_customer_a_code" not in str(error):
            raise
        raise CodeTaken(f"Another customer of {customer.entity.name} has the code {customer.code}.") from None


def _facts(customer: Customer) -> dict[str, Any]:
    facts = {name: getattr(customer, name) for name in ("code", *sorted(CHANGEABLE - {"terms"}))}
    return {name: value for name, value in {**facts, "terms": str(customer.terms)}.items() if value not in ("", None)}
