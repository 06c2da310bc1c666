"""A payout held against the collections that it pays out: every difference by name. Pure."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from decimal import Decimal

from core.money import ZERO, Money, round_to_currency

FEES = frozenset({"gocardless_fee", "app_fee", "surcharge_fee", "revenue_share"})


@dataclass(frozen=True, slots=True)
class Part:
    """One part of a payout: `asked` is what the collection drew, nothing where no collection of ours is meant."""

    kind: str
    identifier: str
    amount: Decimal
    label: str = ""
    asked: Decimal | None = None

    @property
    def is_fee(self) -> bool:
        """Whether the provider keeps it."""
        return self.kind in FEES


@dataclass(frozen=True, slots=True)
class Sums:
    """What a payout comes to."""

    collected: Decimal
    taken_back: Decimal
    fees: Decimal

    @property
    def net(self) -> Decimal:
        """What is left for the bank."""
        return self.collected - self.taken_back - self.fees


def sums_of(parts: Iterable[Part]) -> Sums:
    """Collections, what went back, and fees, each positive."""
    collected = taken_back = fees = ZERO
    for part in parts:
        if part.is_fee:
            fees -= part.amount
        elif part.amount > 0:
            collected += part.amount
        else:
            taken_back -= part.amount
    return Sums(collected, taken_back, fees)


def differences(net: Money, parts: list[Part]) -> Iterator[str]:
    """Why a payout isn't what our collections less the fees come to; nothing where it is."""
    for part in parts:
        if part.is_fee:
            continue
        money = Money(round_to_currency(abs(part.amount), net.currency), net.currency)
        if part.asked is None:
            yield f"{part.identifier or part.kind}: {money} is about no collection of ours."
        elif part.asked != abs(part.amount):
            yield f"{part.label} drew {Money(part.asked, net.currency)}, but {money} is counted for it."
    if not parts:
        yield "The provider told nothing of what is in it."
        return
    come_to = Money(round_to_currency(sums_of(parts).net, net.currency), net.currency)
    if come_to != net:
        yield f"Its parts come to {come_to}, but it pays {net}."
