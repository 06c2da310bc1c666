"""How far a rate that somebody agreed on may be from the day's. Part of the action that exchanges."""

from dataclasses import dataclass
from datetime import date

from cashapp.errors import AboveTolerance
from cashapp.exchanging import Rate, beside
from cashapp.models import Receipt, ReceiptExchange
from cashapp.queries.exchanges import known_rates
from controls.actions import use_authority
from controls.models import Authority, AuthorityUse
from core.models import User
from core.money import Money
from ledger.models import OpenItem

OTHERWISE = "Check the rate. If it was agreed, somebody sets you a higher limit for adjustments first."


@dataclass(frozen=True, slots=True)
class AgreedRate:
    """A rate that was typed, what it settles, and what it takes of a receipt for that."""

    receipt: Receipt
    item: OpenItem
    rate: Rate
    used: Money
    settled: Money
    on: date

    def limit_used(self, by: User) -> AuthorityUse | None:
        """What is gained or lost beside the day's rate takes the person's own limit, unless the two are near.

        Gains count like losses: both are mistyped alike. Near the bank's own rate, or that of the day on which the
        money came, is near enough. Where no rate is known, nothing bears it out and all of the money counts.
        """
        if self.rate.kind != ReceiptExchange.RateKind.AGREED:
            return None
        known = known_rates(self.receipt, self.item.currency, self.on)
        amount = beside(self.used, self.settled, known)
        if amount is None:
            return None
        if by.is_system:
            raise AboveTolerance(f"{self._label(known)} changes {amount}; a person decides on it.")
        return use_authority(
            by=by,
            entity=self.receipt.entity,
            kind=Authority.ADJUSTMENT,
            amount=amount,
            counts_with=f"customer:{self.receipt.item.customer_id}",
            subject_label=self._label(known),
            on=self.on,
            otherwise=OTHERWISE,
        )

    def _label(self, known: list[Rate]) -> str:
        beside_it = f"the day's is {known[-1].value.normalize():f}" if known else "none is known for the day"
        return f"{self.item.number} at {self.rate.value.normalize():f}, where {beside_it}"
