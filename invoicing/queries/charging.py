"""What contract lines have billed and owe, for many lines in a handful of statements."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from core.money import ZERO, round_to_currency
from invoicing.amendment_effects import BilledNet
from invoicing.charges import Charge, charges_due, late_usage
from invoicing.cycles import ONE_DAY, Days
from invoicing.models import BilledPeriod, ContractLine, PriceTier, UsageReading

FOUR_PLACES = Decimal("0.0001")


def billed_periods_of(lines: Iterable[ContractLine]) -> dict[int, list[BilledPeriod]]:
    """By line, what invoices and drafts bill; what was credited altogether is left out."""
    return _billed_periods([line.pk for line in lines])


def _billed_periods(lines: Sequence[int]) -> dict[int, list[BilledPeriod]]:
    rows = BilledPeriod.objects.filter(line__in=lines)
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
    """The same one by one. What was read late goes onto the first charge of its meter."""
    billed, meters, tiers = billed_days_of(lines), meters_of(lines), tiers_of(lines)
    for line in lines:
        meter = meters.get(line.pk, NO_METER)
        due = charges_due(
            line,
            billed.get(line.pk, []),
            through,
            used=meter.readings,
            tiers=tiers.get(line.pk, ()),
            late=meter.late,
        )
        for charge in due:
            if charge.late:
                meter.late = ZERO
            yield charge


@dataclass
class Meter:
    """What was read for a usage line and those that it goes on from, and what of that no invoice bills."""

    readings: Sequence[tuple[date, Decimal]] = ()
    late: Decimal = ZERO


NO_METER = Meter()


def meters_of(lines: Iterable[ContractLine]) -> dict[int, Meter]:
    """By usage line, its meter. A line that follows another is read by the same one, so no reading is lost between."""
    contracts = {line.contract_id for line in lines if line.cycle == ContractLine.Cycle.USAGE}
    first = _first_lines(contracts) if contracts else {}
    readings: dict[int, list[tuple[date, Decimal]]] = defaultdict(list)
    rows = UsageReading.objects.filter(line__in=list(first)).order_by("used_on", "pk") if first else ()
    for row in rows:
        readings[first[row.line_id]].append((row.used_on, row.quantity))
    billed: dict[int, list[tuple[Days, Decimal]]] = defaultdict(list)
    for pk, periods in _billed_periods(list(first)).items() if readings else ():
        billed[first[pk]] += _quantities(periods)
    meters = {root: Meter(found, late_usage(found, billed[root])) for root, found in readings.items()}
    return {pk: meters[root] for pk, root in first.items() if root in meters}


def lines_of_meter(line: ContractLine) -> list[int]:
    """The ids of the usage lines that are read by the same meter, the first on top."""
    first = _first_lines({line.contract_id})
    return sorted(pk for pk, root in first.items() if root == first.get(line.pk))


def _first_lines(contracts: Iterable[int]) -> dict[int, int]:
    """By usage line of these contracts, the line that its chain began with."""
    rows = ContractLine.objects.filter(contract__in=list(contracts), cycle=ContractLine.Cycle.USAGE).order_by("pk")
    first: dict[int, int] = {}
    for pk, follows in rows.values_list("pk", "follows_id"):
        first[pk] = first.get(follows or pk, pk)
    return first


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
    return [(days_left(row), (row.invoice_line.quantity * _share_left(row)).quantize(FOUR_PLACES)) for row in periods]


def _share_left(row: BilledPeriod) -> Decimal:
    return Decimal(len(days_left(row))) / len(Days(row.first_on, row.last_on))


def _net_left(row: BilledPeriod) -> Decimal:
    line = row.invoice_line
    return round_to_currency(line.net * _share_left(row), line.invoice.currency)
