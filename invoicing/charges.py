"""What a contract line has to be billed for, pro rata to the day, and what was billed too far. Pure.

A price is for one unit and one whole cycle. Part of a cycle costs its share of the cycle's own days: 20 users at 120 a
year from 1 July 2026, in a cycle that ends on 14 January 2027, cost 20 × 120 × 198 / 365 = 1,301.92.

Usage is billed by the month. What is read for a month after its invoice was drafted is late: `late_usage` tells how
much that is, and it is billed with the next month that is due, at that month's price.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal

from core.money import ZERO, round_to_currency
from invoicing.cycles import ONE_DAY, Days, cycles, uncovered
from invoicing.models import ContractLine, PriceTier
from invoicing.totals import line_net

PRICE_STEP = Decimal("0.000001")


@dataclass(frozen=True, slots=True)
class Charge:
    """Days of a contract line that are due to be billed; `days` are part of `cycle`, or all of it."""

    line: ContractLine
    days: Days
    cycle: Days
    quantity: Decimal
    unit_price: Decimal | None
    late: Decimal = ZERO
    """What of the quantity was read for days that were billed before."""

    @property
    def is_whole(self) -> bool:
        """Whether it bills a whole cycle."""
        return self.days == self.cycle

    @property
    def billed_price(self) -> Decimal | None:
        """The price of a unit for these days, before discount; None while no price is agreed."""
        if self.unit_price is None or self.is_whole or self.line.cycle == ContractLine.Cycle.USAGE:
            return self.unit_price
        share = self.unit_price * len(self.days) / len(self.cycle)
        return share.quantize(PRICE_STEP, rounding=ROUND_HALF_UP)

    def net(self, currency: str) -> Decimal | None:
        """What it comes to before tax, in the contract's currency."""
        price = self.billed_price
        return None if price is None else line_net(self.quantity, price, self.line.discount_percent, currency)

    @property
    def working(self) -> str:
        """How the amount comes about, in a sentence for people."""
        if self.unit_price is None:
            return f"{self.days}: no price agreed"
        amount = f"{self.quantity.normalize():f} × {self.unit_price.normalize():f}"
        if self.line.discount_percent:
            amount += f" less {self.line.discount_percent.normalize():f} %"
        if self.late:
            amount += f" ({self.late.normalize():f} read late, for days billed before)"
        if self.is_whole or self.line.cycle == ContractLine.Cycle.USAGE:
            return f"{self.days}: {amount}"
        return f"{self.days}: {amount} × {len(self.days)}/{len(self.cycle)} days of {self.cycle}"


@dataclass(frozen=True, slots=True)
class Surplus:
    """Days that were billed and are no longer part of the line, with what they cost before tax."""

    billed: Days
    unused: Days
    net: Decimal

    @property
    def working(self) -> str:
        """How the amount comes about, in a sentence for people."""
        return f"{self.unused}: {len(self.unused)}/{len(self.billed)} days of what was billed for {self.billed}"


def charges_due(
    line: ContractLine,
    billed: Sequence[Days],
    through: date,
    *,
    used: Sequence[tuple[date, Decimal]] = (),
    tiers: Sequence[PriceTier] = (),
    late: Decimal = ZERO,
) -> Iterator[Charge]:
    """What the line owes an invoice by the end of a day: cycles that begin by then, or end by then in arrears.

    `billed` are the days that invoices bill already; `used` are the readings of a usage line, `late` what of them no
    invoice bills although their days are billed; `tiers` its prices.
    """
    if line.never_ran:
        return
    for cycle in cycles_of(line, through, _first_unbilled(line, billed)):
        in_line = cycle.shared_with(_days_of(line, cycle.last_on))
        if in_line is None or not _is_due(line, in_line, through):
            continue
        for days in uncovered(in_line, list(billed)):
            carried = late if all(days.first_on > before.last_on for before in billed) else ZERO
            quantity = _quantity(line, days, used) + carried
            if quantity:
                yield Charge(line, days, cycle, quantity, price_for(line, quantity, tiers), carried)
            late -= carried


def cycles_of(line: ContractLine, through: date, since: date | None = None) -> Iterator[Days]:
    """The cycles in which the line runs, as far as a day; with `since`, those that go on after it."""
    if line.cycle == ContractLine.Cycle.FIXED:
        if line.priced_until is not None:
            yield Days(line.anchor_on, line.priced_until)
        else:
            yield Days(line.starts_on, line.ends_on or line.starts_on)
        return
    last_on = min(line.ends_on, through) if line.ends_on else through
    yield from cycles(line.anchor_on, ContractLine.MONTHS[line.cycle], since or line.starts_on, last_on)


def price_for(line: ContractLine, quantity: Decimal, tiers: Sequence[PriceTier]) -> Decimal | None:
    """The price of a unit at a quantity: the tier's, or the average where each unit has its own tier's price."""
    if line.tiering == ContractLine.Tiering.NONE or not tiers:
        return line.unit_price
    steps = sorted(tiers, key=lambda tier: tier.from_quantity)
    if quantity <= 0:
        return steps[0].unit_price
    if line.tiering == ContractLine.Tiering.VOLUME:
        reached = [tier for tier in steps if tier.from_quantity <= quantity] or steps[:1]
        return reached[-1].unit_price
    ends = [*(tier.from_quantity for tier in steps[1:]), quantity]
    total = sum(
        (
            max(min(end, quantity) - tier.from_quantity, ZERO) * tier.unit_price
            for tier, end in zip(steps, ends, strict=True)
        ),
        ZERO,
    )
    return (total / quantity).quantize(PRICE_STEP, rounding=ROUND_HALF_UP)


def late_usage(used: Sequence[tuple[date, Decimal]], billed: Sequence[tuple[Days, Decimal]]) -> Decimal:
    """What was read for billed days and is on no invoice; negative where readings were corrected downwards.

    `billed` are the days that invoices bill, each stretch with the quantity that they bill for it.
    """
    read = (quantity for on, quantity in used if any(days.first_on <= on <= days.last_on for days, _ in billed))
    return sum(read, ZERO) - sum((quantity for _, quantity in billed), ZERO)


def surplus(billed: Days, net: Decimal, ends_on: date, currency: str) -> Surplus | None:
    """What is to be credited when the line ends on a day and the billed days go beyond it; `net` is what they cost."""
    if ends_on >= billed.last_on:
        return None
    unused = Days(max(billed.first_on, ends_on + ONE_DAY), billed.last_on)
    return Surplus(billed, unused, round_to_currency(net * len(unused) / len(billed), currency))


def _first_unbilled(line: ContractLine, billed: Sequence[Days]) -> date:
    """What was billed without a gap from the first day on need not be looked at cycle by cycle."""
    first_on = line.starts_on
    for days in sorted(billed):
        if days.first_on > first_on:
            break
        first_on = max(first_on, days.last_on + ONE_DAY)
    return first_on


def _days_of(line: ContractLine, at_most: date) -> Days:
    last_on = min(line.ends_on, at_most) if line.ends_on else at_most
    return Days(line.starts_on, max(line.starts_on, last_on))


def _is_due(line: ContractLine, in_line: Days, through: date) -> bool:
    if line.timing == ContractLine.Timing.ADVANCE:
        return in_line.first_on <= through
    return in_line.last_on <= through


def _quantity(line: ContractLine, days: Days, used: Sequence[tuple[date, Decimal]]) -> Decimal:
    if line.cycle != ContractLine.Cycle.USAGE:
        return line.quantity
    return sum((quantity for on, quantity in used if days.first_on <= on <= days.last_on), ZERO)
