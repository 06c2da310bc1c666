"""What contract lines are worth in a year. Pure."""

from collections.abc import Iterable
from datetime import date
from decimal import Decimal

from core.money import ZERO
from invoicing.amending import runs_on
from invoicing.models import ContractLine
from invoicing.totals import line_net

MONTHS_OF_A_YEAR = 12
RECURRING = frozenset({"monthly", "quarterly", "annual"})


def yearly_value(lines: Iterable[ContractLine], on: date, currency: str) -> Decimal:
    """What the lines that run on a day come to in a year before tax, without usage and what is billed once."""
    running = (line for line in lines if line.cycle in RECURRING and runs_on(line, on))
    return sum((_yearly(line, currency) for line in running), ZERO)


def _yearly(line: ContractLine, currency: str) -> Decimal:
    times = MONTHS_OF_A_YEAR // ContractLine.MONTHS[line.cycle]
    return times * line_net(line.quantity, line.unit_price or ZERO, line.discount_percent, currency)
