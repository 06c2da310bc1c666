"""What contract lines have billed and owe, for many lines in a handful of statements."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from decimal import Decimal

from core.money import round_to_currency
from invoicing.amendment_effects import BilledNet
from invoicing.charges import Charge, charges_due, late_usage
from invoicing.cycles import ONE_DAY, Days
from invoicing.models import BilledPeriod, ContractLine, PriceTier, UsageReading

Readings = Sequence[tuple[date, Decimal]]


def billed_periods_of(lines: Iterable[ContractLine]) -> dict[int, list[BilledPeriod]]:
    """By line, what invoices and drafts bill; what was credited altogether is left out."""
    rows = BilledPeriod.objects.filter(line__in=[line.pk for line in lines])
    found: dict[int, list[BilledPeriod]] = defaultdict(list)
    for row in rows.select_related("invoice_line__invoice").order_by("line_id", "first_on", "pk"):
        if row.credited_from is None or row.credited_from > row.first_on:
            found[row.line_id].append(row)
    return dict(found)


def billed_days_of(lines: Iterable[ContractLine]) -> dict[int, list[Days]]:
    """By line, the days that need no billing any more."""
    return {pk: [days_left(row) for row in rows] for pk, rows in billed_periods_of(lines).items()}


def days_left(row: BilledPeriod) -> Days:
    """The days of a billed period that weren't credited."""
    return Days(row.first_on, row.last_on if row.credited_from is None else row.credited_from - ONE_DAY)


def billed_nets_of(lines: Iterable[ContractLine]) -> dict[int, list[BilledNet]]:
    """By line, billed days with what they cost and on which document; a credited tail is taken off both."""
    return {
        pk: [BilledNet(days_left(row), _net_left(row), str(row.invoice_line.invoice)) for row in rows]
        for pk, rows in billed_periods_of(lines).items()
    }


def charges_of(lines: Sequence[ContractLine], through: date) -> list[Charge]:
    """What these lines owe an invoice by the end of a day, in their order."""
    return list(iterate_charges(lines, through))


def iterate_charges(lines: Sequence[ContractLine], through: date) -> Iterator[Charge]:
    """The same one by one."""
    billed, used, tiers = billed_periods_of(lines), readings_of(lines), tiers_of(lines)
    for line in lines:
        periods, readings = billed.get(line.pk, []), used.get(line.pk, [])
        yield from charges_due(
            line,
            [days_left(row) for row in periods],
            through,
            used=readings,
            tiers=tiers.get(line.pk, ()),
            late=late_usage(readings, _quantities(periods)) if readings else Decimal(0),
        )


def readings_of(lines: Iterable[ContractLine]) -> dict[int, list[tuple[date, Decimal]]]:
    """By usage line, what was read for which day."""
    metered = [line.pk for line in lines if line.cycle == ContractLine.Cycle.USAGE]
    found: dict[int, list[tuple[date, Decimal]]] = defaultdict(list)
    if metered:
        rows = UsageReading.objects.filter(line__in=metered).order_by("line_id", "used_on", "pk")
        for line, used_on, quantity in rows.values_list("line_id", "used_on", "quantity"):
            found[line].append((used_on, quantity))
    return dict(found)


def tiers_of(lines: Iterable[ContractLine]) -> Mapping[int, list[PriceTier]]:
    """By line, its price tiers."""
    tiered = [line.pk for line in lines if line.tiering != ContractLine.Tiering.NONE]
    found: dict[int, list[PriceTier]] = defaultdict(list)
    if tiered:
        for tier in PriceTier.objects.filter(line__in=tiered).order_by("line_id", "from_quantity"):
            found[tier.line_id].append(tier)
    return found


def _quantities(periods: Sequence[BilledPeriod]) -> list[tuple[Days, Decimal]]:
    """The quantity that is billed for the days that are left; a credited tail takes its share along."""
    return [(days_left(row), row.invoice_line.quantity * _share_left(row)) for row in periods]


def _share_left(row: BilledPeriod) -> Decimal:
    return Decimal(len(days_left(row))) / len(Days(row.first_on, row.last_on))


def _net_left(row: BilledPeriod) -> Decimal:
    line = row.invoice_line
    return round_to_currency(line.net * _share_left(row), line.invoice.currency)
