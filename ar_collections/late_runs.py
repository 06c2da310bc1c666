"""Every hour: charges for late payment that were too high are put right, some customers at a time."""

from collections.abc import Sequence
from datetime import date, datetime
from functools import partial

from ar_collections.actions.late_correcting import correct_late_charges
from ar_collections.keeping_apart import kept_apart
from ar_collections.models import LateCharge
from ar_collections.queries.late_charges import charges_to_check
from core.models import LegalEntity
from core.permissions import system_user
from customers.models import Customer
from ledger.models import OpenItem

BATCH = 200
"""Charges that are asked about in one transaction."""


def put_charges_right(entity: LegalEntity, at: datetime) -> int:
    """Credit what was charged too much; how often. A customer at whom it breaks is reported and stops no other."""
    today = at.astimezone(entity.zone).date()
    charges = list(charges_to_check(entity, today))
    failures: list[Exception] = []
    credited = 0
    for begin in range(0, len(charges), BATCH):
        batch = charges[begin : begin + BATCH]
        work = partial(_correct, entity, today)
        credited += sum(len(some) for some in kept_apart(batch, work, partial(_fail, failures)))
    if failures:
        raise ExceptionGroup(f"late charges of some customers of {entity.code}", failures)
    return credited


def _correct(entity: LegalEntity, today: date, charges: Sequence[LateCharge]) -> list[OpenItem]:
    return correct_late_charges(by=system_user(), entity=entity, charges=charges, corrected_on=today)


def _fail(failures: list[Exception], customer: Customer, error: Exception) -> None:
    error.add_note(f"At customer {customer.code}")
    failures.append(error)
