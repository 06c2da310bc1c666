"""What the next term of a contract would be, and what it comes to. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from core.money import ZERO
from invoicing.amending import AmendmentDraft, AmendmentRefused, Following, Tiers, percent_of, work_out
from invoicing.charges import charges_due
from invoicing.cycles import ONE_DAY, Days
from invoicing.models import Amendment, Contract, ContractLine

AUTOMATIC = "auto"  # the source of what is agreed because nobody gave notice


@dataclass(frozen=True, slots=True)
class OfferLine:
    """A line of the next term; `net` is for the whole term, None where it depends on usage."""

    line: ContractLine
    net: Decimal | None


@dataclass(frozen=True, slots=True)
class Offer:
    """The next term of a contract as it is offered or will be renewed."""

    term: Days
    percent: Decimal
    lines: Sequence[OfferLine]

    @property
    def net(self) -> Decimal:
        """What the term comes to before tax, without usage."""
        return sum((line.net or ZERO for line in self.lines), ZERO)


def offer_for(contract: Contract, lines: Sequence[ContractLine], tiers: Tiers, percent: Decimal | None = None) -> Offer:
    """What renewing would agree; raises AmendmentRefused where nothing can be renewed."""
    if contract.ends_on is None:
        raise AmendmentRefused(f"{contract} runs until it is ended; there is nothing to renew.")
    draft = AmendmentDraft(Amendment.Kind.RENEWAL.value, contract.ends_on + ONE_DAY, percent=percent)
    outcome = work_out(contract, lines, draft, tiers)
    ends_on = outcome.ends_on or draft.effective_on
    offered = [OfferLine(one.line, _net_of(one, ends_on, contract.currency)) for one in outcome.followings]
    return Offer(Days(draft.effective_on, ends_on), percent_of(contract, draft), offered)


def _net_of(following: Following, ends_on: date, currency: str) -> Decimal | None:
    if following.line.cycle == ContractLine.Cycle.USAGE:
        return None
    charges = charges_due(following.line, (), ends_on, tiers=following.tiers)
    return sum((charge.net(currency) or ZERO for charge in charges), ZERO)
