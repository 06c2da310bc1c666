"""Charges and waivers of late interest with what was credited of them, and which of them are too high by now."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from django.db.models import QuerySet

from ar_collections.late_interest import NoReferenceRate
from ar_collections.models import LateCharge, LateChargeLine
from ar_collections.queries.late_interest import Known, due_now, known_of
from ar_collections.queries.late_terms import terms_book
from core.models import LegalEntity
from core.money import ZERO, Money
from core.rates import NoRate

UNKNOWN = (NoReferenceRate, NoRate)
LOOKED_BACK = 730
"""Days after which a charge isn't asked about any more."""


@dataclass(frozen=True, slots=True)
class ShownLine:
    """A line with its working as a page and a paper show it."""

    line: LateChargeLine
    spans: Sequence[tuple[date, date, int, Decimal, Decimal, Decimal]]
    credited: Decimal


def left_of(line: LateChargeLine) -> tuple[Decimal, Decimal]:
    """What of a line was not credited yet: interest and compensation."""
    credits = list(line.credits.all())
    return (
        line.interest - sum((each.interest for each in credits), ZERO),
        line.compensation - sum((each.compensation for each in credits), ZERO),
    )


def shown_lines(charge: LateCharge) -> list[ShownLine]:
    """What was decided on, document by document: first and last day, days, amount, rate, interest of each span."""
    rows = charge.lines.select_related("item", "terms").prefetch_related("credits")
    return [
        ShownLine(
            line,
            [_span(*span) for span in line.working],
            sum((each.interest + each.compensation for each in line.credits.all()), ZERO),
        )
        for line in rows.order_by("item__due_on", "pk")
    ]


def _span(
    first: str, last: str, base: str, percent: str, amount: str
) -> tuple[date, date, int, Decimal, Decimal, Decimal]:
    first_on, last_on = date.fromisoformat(first), date.fromisoformat(last)
    return first_on, last_on, (last_on - first_on).days + 1, Decimal(base), Decimal(percent), Decimal(amount)


def charges_to_check(entity: LegalEntity, today: date) -> QuerySet[LateCharge]:
    """Charges that stand and were made of late, by customer."""
    since = today - timedelta(days=LOOKED_BACK)
    rows = LateCharge.objects.filter(entity=entity, kind=LateCharge.Kind.CHARGED, taken_back_on=None)
    return rows.filter(decided_on__gte=since).select_related("customer").order_by("customer_id", "pk")


def lines_of(charges: Sequence[LateCharge]) -> QuerySet[LateChargeLine]:
    """The lines of charges that stand."""
    rows = LateChargeLine.objects.filter(charge__in=charges, charge__kind=LateCharge.Kind.CHARGED, counts=True)
    rows = rows.select_related("charge", "terms", "item__customer", "item__entity").prefetch_related("credits")
    return rows.order_by("charge_id", "pk")


def too_high(
    entity: LegalEntity, lines: Sequence[LateChargeLine], *, as_of: date
) -> list[tuple[LateChargeLine, Decimal, Decimal]]:
    """Lines that charge more than is known now to be owed, with the interest and the compensation too much.

    A line that can't be worked out stays as it is; `why_unknown` says why on its page.
    """
    known = _known(entity, lines, as_of)
    found = []
    for line in lines:
        try:
            interest, compensation = _excess(known, line, as_of)
        except UNKNOWN:
            continue
        if interest or compensation:
            found.append((line, interest, compensation))
    return found


def why_unknown(charge: LateCharge, *, as_of: date) -> str:
    """Why nobody can say whether a charge that stands is too high, where that is so."""
    lines = list(lines_of([charge]))
    if not lines:
        return ""
    known = _known(charge.entity, lines, as_of)
    for line in lines:
        try:
            _excess(known, line, as_of)
        except UNKNOWN as refusal:
            return f"{line.item.number}: {refusal.message}"
    return ""


def _known(entity: LegalEntity, lines: Sequence[LateChargeLine], as_of: date) -> Known:
    items = {line.item_id: line.item for line in lines}
    book = terms_book(entity, sorted({item.customer_id for item in items.values()}))
    return known_of(book, [*items.values()], as_of)


def _excess(known: Known, line: LateChargeLine, as_of: date) -> tuple[Decimal, Decimal]:
    owed, left = due_now(known, line, as_of), left_of(line)
    return max(left[0] - owed[0], ZERO), max(left[1] - owed[1], ZERO)


def credited_of(charge: LateCharge) -> Money:
    """What of a charge was credited."""
    lines = charge.lines.prefetch_related("credits")
    total = sum((each.interest + each.compensation for line in lines for each in line.credits.all()), ZERO)
    return Money(total, charge.currency)
