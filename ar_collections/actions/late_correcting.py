"""Charges that were too high, because money had come earlier than was known, are credited."""

from collections.abc import Sequence
from datetime import date
from itertools import groupby

from django.db import transaction

from ar_collections.actions.late_books import Excess, LateBooks
from ar_collections.models import LateCharge, LateChargeLine
from ar_collections.queries.late_charges import lines_of, too_high
from core.audit import audit
from core.models import LegalEntity, User
from core.permissions import require
from customers.models import lock_many
from ledger.models import OpenItem


@transaction.atomic
def correct_late_charges(
    *, by: User, entity: LegalEntity, charges: Sequence[LateCharge], corrected_on: date
) -> list[OpenItem]:
    """Ask of charges whether their days still bear what was charged, and credit what is too much.

    Asked again it credits nothing: what was credited counts. What is too little stays in the customer's favour.
    """
    require(by, "collections.correct_late_charges", entity)
    suspects = too_high(entity, list(lines_of(charges)), as_of=corrected_on)
    if not suspects:
        return []
    lock_many(line.item.customer for line, _, _ in suspects)
    again = lines_of(charges).filter(pk__in=[line.pk for line, _, _ in suspects])
    made = []
    for key, found in groupby(too_high(entity, list(again), as_of=corrected_on), key=_charge_of):
        charge = LateCharge.objects.select_related("entity", "customer", "item__line__entry").get(pk=key)
        excesses = [Excess(*each) for each in found]
        credit = LateBooks(by).credit(charge, excesses, corrected_on, _reason(excesses))
        if credit is not None:
            made.append(credit)
            audit(by, "late_interest.corrected", charge, entity=entity, after=_told(credit), reason=_reason(excesses))
    return made


def _charge_of(suspect: tuple[LateChargeLine, object, object]) -> int:
    return suspect[0].charge_id


def _reason(excesses: list[Excess]) -> str:
    numbers = ", ".join(each.line.item.number for each in excesses)
    return f"Paid, credited or contested earlier than was known when it was charged: {numbers}"[:400]


def _told(credit: OpenItem) -> dict[str, str]:
    return {"credit": credit.number, "amount": str(credit.money)}
