"""What a provider exchanges: a payment paid out in another currency, and its conversions. Part of taking them in."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from cashapp.actions.exchange_entries import Half
from cashapp.exchanging import met_at
from cashapp.models import BankStatementLine, ElectronicPayment, PaymentProvider
from cashapp.queries.payments import live_receipt
from cashapp.queries.settlements import entry_keyed, other_half
from cashapp.settlements import Movement, movement_of
from core.models import User
from core.money import Money, round_to_currency
from core.rates import rate_on
from ledger.carried import worth_of_move
from ledger.models import JournalEntry
from ledger.posting import LineDraft, post


@dataclass(frozen=True, slots=True)
class Exchanging:
    """Money on a provider's clearing account that leaves in one currency and comes back in another. Signed amounts."""

    by: User
    provider: PaymentProvider
    on: date

    def of_payment(self, movement: Movement, payment: ElectronicPayment) -> JournalEntry:
        """The exchange of one payment: what the payer was charged for what the provider settles of it."""
        key = f"settlement-exchange:{movement.line.pk}"
        charged, here = movement.charged, Money(movement.gross, movement.currency)
        words = f"{self.provider} settles {payment} of {charged} as {here}"
        worth = round_to_currency(charged.amount * self._rate_of(payment), self.provider.entity.currency)
        _, arrived = self._book(charged, here, worth, key, words)
        return arrived

    def of_conversion(self, movement: Movement) -> JournalEntry | None:
        """Both halves of a conversion, booked once; this movement's own. Nothing while the other half is missing."""
        other = other_half(movement.line)
        if other is None:
            return None
        mine, theirs = movement, movement_of(other)
        left, arrived = (mine, theirs) if mine.gross < 0 else (theirs, mine)
        given, taken = Money(-left.gross, left.currency), Money(arrived.gross, arrived.currency)
        key, words = _key(left.line, arrived.line), f"{self.provider} exchanges {given} for {taken}"
        out, into = self._book(given, taken, self._carried(given), key, words)
        return out if left is mine else into

    def _book(
        self, given: Money, taken: Money, worth: Decimal, key: str, words: str
    ) -> tuple[JournalEntry, JournalEntry]:
        entity = self.provider.entity
        if (out := entry_keyed(entity, f"{key}:out")) and (into := entry_keyed(entity, f"{key}:in")):
            return out, into
        value = met_at(entity.currency, given, worth, taken)
        leaves = self._half(Money(-given.amount, given.currency), -worth, f"{key}:out", words)
        arrives = self._half(taken, value, f"{key}:in", words)
        out, into = post(by=self.by, entries=[leaves.entry(-value), arrives.entry(value)])
        return out, into

    def _half(self, money: Money, worth: Decimal, key: str, words: str) -> Half:
        entity = self.provider.entity
        base = abs(worth) if money.currency != entity.currency else None
        line = LineDraft.signed(self.provider.clearing, money.amount, base)
        return Half(entity=entity, on=self.on, money=money, worth=worth, lines=(line,), key=key, text=words)

    def _carried(self, given: Money) -> Decimal:
        """What the money stands at on clearing; what is not there yet counts at the rate of the day."""
        if given.currency == self.provider.entity.currency:
            return given.amount
        rate, leaves = self._day_rate(given.currency, self.on), Money(-given.amount, given.currency)
        return -worth_of_move(self.provider.entity, self.provider.clearing, leaves, rate)

    def _rate_of(self, payment: ElectronicPayment) -> Decimal:
        """At what the payment stands on clearing, or will: the rate of its receipt, else of the day when it came."""
        receipt = live_receipt(payment)
        if receipt is not None:
            return receipt.item.line.entry.rate or Decimal(1)
        return self._day_rate(payment.currency, payment.received_at.astimezone(payment.entity.zone).date())

    def _day_rate(self, currency: str, on: date) -> Decimal:
        return rate_on(currency, self.provider.entity.currency, on)


def _key(left: BankStatementLine, arrived: BankStatementLine) -> str:
    return f"settlement-conversion:{left.pk}:{arrived.pk}"
