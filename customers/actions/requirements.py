"""Writing down what a customer requires of its invoices."""

from collections.abc import Iterable
from typing import Any

from django.db import transaction

from core.audit import audit, changes
from core.errors import Refused
from core.models import User
from core.permissions import require
from customers.checks import ChangedMeanwhile, refuse_invalid
from customers.models import BillingRequirements, Customer, CustomerFile, lock

CHANGEABLE = frozenset(
    "grouping reference_text file_format buyer_reference electronic_scheme electronic_address "
    "portal_url portal_notes sends_contract_papers".split()
)


@transaction.atomic
def change_requirements(
    *, by: User, customer: Customer, files: Iterable[CustomerFile] = (), version: int | None = None, **fields: Any
) -> BillingRequirements:
    """Change how the customer's invoices have to look. `files` are all that go along with each of them."""
    require(by, "customers.change_requirements", customer.entity)
    customer = lock(customer)
    if unknown := sorted(set(fields) - CHANGEABLE):
        raise Refused(f"{', '.join(unknown)}: no requirement of that name is known.")
    wanted = {file.pk: file for file in files}
    if any(file.customer_id != customer.pk for file in wanted.values()):
        raise Refused(f"Only files of {customer.name} can go along with its invoices.")
    row = BillingRequirements.objects.filter(customer=customer).first() or BillingRequirements(customer=customer)
    fields = {name: value.strip() if isinstance(value, str) else value for name, value in fields.items()}
    before, after = _changes(row, fields, wanted)
    if not after:
        return row
    if version is not None and not row._state.adding and version != row.version:
        raise ChangedMeanwhile(f"What {customer.name} requires was changed by somebody else meanwhile. Look again.")

    for name, value in fields.items():
        setattr(row, name, value)
    row.version += 0 if row._state.adding else 1
    refuse_invalid(row)
    row.save()
    row.files.set(wanted)

    audit(by, "requirements.changed", customer, entity=customer.entity, before=before, after=after)
    return row


def _changes(
    row: BillingRequirements, fields: dict[str, Any], wanted: dict[int, CustomerFile]
) -> tuple[dict[str, Any], dict[str, Any]]:
    before, after = changes(row, fields)
    sent = [] if row._state.adding else list(row.files.select_related("file"))
    if {file.pk for file in sent} != set(wanted):
        before["files"], after["files"] = _names(sent), _names(wanted.values())
    return before, after


def _names(files: Iterable[CustomerFile]) -> str:
    return ", ".join(sorted(str(file) for file in files))
