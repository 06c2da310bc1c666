"""What a run asks about an invoice before it bills it, beside what every draft is checked for. Pure."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from core.money import Money
from invoicing.billing.plans import PlannedInvoice
from invoicing.charges import Charge
from invoicing.checks import Finding
from invoicing.cycles import Days
from invoicing.models import BillingChecks, ContractLine

HUNDRED = Decimal(100)
DUPLICATE, AMOUNT, QUANTITY = "likely_duplicate", "amount_far_from_last", "quantity_far_from_last"
# Credit control says so: a company may let holds only warn, and a limit may be passed with a reason.
HELD_AND_WARNED, OVER_LIMIT = "hold_warning", "over_limit"
ACCEPTABLE = frozenset({DUPLICATE, AMOUNT, QUANTITY, HELD_AND_WARNED, OVER_LIMIT})
# Cycles of the same length differ by a day or two; parts of cycles are compared by the day.
SHORTEST, LONGEST = Decimal("0.9"), Decimal("1.12")


@dataclass(frozen=True, slots=True)
class LastPeriod:
    """What was billed last for a contract line, or for the one that it follows."""

    days: Days
    net: Decimal
    quantity: Decimal

    def net_for(self, days: Days) -> Decimal:
        """What it comes to for as many days."""
        share = Decimal(len(days)) / len(self.days)
        return self.net if SHORTEST <= share <= LONGEST else self.net * share


@dataclass(frozen=True, slots=True)
class Like:
    """An invoice or a draft of the same customer that bills the same amount."""

    name: str
    service_from: date | None
    service_until: date | None

    def may_bill(self, plan: PlannedInvoice) -> bool:
        """Whether it can be for the same days; one that names none can."""
        if self.service_from is None:
            return True
        until = self.service_until or self.service_from
        return self.service_from <= plan.service_until and plan.service_from <= until


def missing_in(plan: PlannedInvoice) -> Iterator[Finding]:
    """Prices that nobody agreed, and tax that no rule settles."""
    for line in plan.lines:
        what = f"{line.due.contract}, “{line.due.charge.line.description}”"
        if line.net is None:
            yield Finding("price_missing", f"{what}: no price is agreed for {line.due.charge.days}.")
        if line.tax_problem:
            yield Finding("tax_unclear", line.tax_problem)


def duplicates_of(plan: PlannedInvoice, likes: Sequence[Like]) -> Iterator[Finding]:
    """Another invoice that bills the same customer the same amount for the same time."""
    if plan.net is None:
        return
    for like in likes:
        if like.may_bill(plan):
            amount = Money(plan.net, plan.currency)
            yield Finding(DUPLICATE, f"{like.name} bills {plan.customer} {amount} before tax for the same time.")


def far_from_last(plan: PlannedInvoice, last: dict[int, LastPeriod], checks: BillingChecks) -> Iterator[Finding]:
    """Quantities and amounts far from what the same line billed last."""
    for line in plan.lines:
        before = last.get(line.due.charge.line.pk)
        if before is None or line.net is None:
            continue
        charge, then = line.due.charge, before.net_for(line.due.charge.days)
        if abs(line.net - then) < checks.least_amount:
            continue
        what = f"{line.due.contract}, “{charge.line.description}”"
        if is_far(charge.quantity, _quantity_then(charge, before), checks.quantity_percent):
            quantities = f"{charge.quantity.normalize():f} after {before.quantity.normalize():f}"
            yield Finding(QUANTITY, f"{what}: {quantities} in the last period.")
        if is_far(line.net, then, checks.amount_percent):
            now, old = Money(line.net, plan.currency), f"{then:,.2f}"
            yield Finding(AMOUNT, f"{what}: {now} after {old} in the last period of as many days.")


def is_far(now: Decimal, before: Decimal, percent: int) -> bool:
    """Whether two figures differ by more than so many per cent of the earlier one."""
    return abs(now - before) * HUNDRED > abs(before) * percent


def _quantity_then(charge: Charge, before: LastPeriod) -> Decimal:
    """Users are users whatever the days; usage is as much as the days."""
    if charge.line.cycle != ContractLine.Cycle.USAGE:
        return before.quantity
    share = Decimal(len(charge.days)) / len(before.days)
    return before.quantity if SHORTEST <= share <= LONGEST else before.quantity * share
