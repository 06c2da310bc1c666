"""What an amendment costs or gives back, each with its working, before anybody records it. Pure."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal

from invoicing.amending import Following, Outcome
from invoicing.charges import Charge, charges_due, surplus
from invoicing.cycles import Days
from invoicing.models import ContractLine

TWO_YEARS = timedelta(days=800)
LONGEST_PRICE = timedelta(days=366 * 20)


@dataclass(frozen=True, slots=True)
class BilledNet:
    """Days that an invoice bills, and what they cost before tax."""

    days: Days
    net: Decimal
    document: str = ""


@dataclass(frozen=True, slots=True)
class Effect:
    """An amount with its working: positive is billed, negative is given back."""

    line: ContractLine
    amount: Decimal
    working: str
    document: str = ""


def effects_of(outcome: Outcome, billed: Mapping[int, Sequence[BilledNet]], currency: str) -> list[Effect]:
    """What is given back of the lines that end, and the first charge of every line that follows."""
    return [*_given_back(outcome, billed, currency), *_first_charges(outcome, currency)]


def _given_back(outcome: Outcome, billed: Mapping[int, Sequence[BilledNet]], currency: str) -> Iterator[Effect]:
    for ending in outcome.endings:
        for before in billed.get(ending.line.pk, ()):
            unused = surplus(before.days, before.net, ending.ends_on, currency)
            if unused is not None:
                yield Effect(ending.line, -unused.net, unused.working, before.document)


def _first_charges(outcome: Outcome, currency: str) -> Iterator[Effect]:
    for following in outcome.followings:
        charge = _first_charge(following)
        if charge is not None:
            yield Effect(following.line, charge.net(currency) or Decimal(0), charge.working)


def _first_charge(following: Following) -> Charge | None:
    line = following.line
    through = line.starts_on
    if line.timing == ContractLine.Timing.ARREARS:
        through += LONGEST_PRICE if line.cycle == ContractLine.Cycle.FIXED else TWO_YEARS
    return next(charges_due(line, (), through, tiers=following.tiers), None)
