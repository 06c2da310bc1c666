"""The lines of an entry between a clearing account and the bank. Part of the actions that tie bank lines."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from core.models import LegalEntity
from core.money import ZERO, Money, round_to_currency
from core.rates import rate_on
from ledger.carried import worth_of_move
from ledger.models import Account
from ledger.posting import LineDraft


@dataclass(frozen=True, slots=True)
class FromClearing:
    """Money that leaves a clearing account for the bank on a day; negative where it goes back the other way."""

    entity: LegalEntity
    clearing: Account | Account.Role
    net: Money
    on: date
    fee: Decimal = ZERO

    def lines(self, bank: Account | Account.Role) -> list[LineDraft]:
        """Debit the bank and the charges, credit clearing.

        In foreign currency clearing is credited with what the money stands at there, and the rest is realised.
        """
        net, fee, left = self._at_rate(self.net.amount), self._at_rate(self.fee), self._left()
        realised = -(net + fee + left)
        gross = self.net.amount + self.fee
        return [
            self._line(bank, self.net.amount, net),
            *([self._line(Account.Role.BANK_CHARGES, self.fee, fee)] if self.fee else []),
            *([self._line(self.clearing, -gross, left)] if gross else []),
            *([LineDraft(Account.Role.EXCHANGE_DIFFERENCES, base=realised)] if realised else []),
        ]

    def _left(self) -> Decimal:
        """What clearing loses in the books, debit positive."""
        gross = self.net.amount + self.fee
        if not gross or not self._is_foreign:
            return -gross
        account = self.clearing
        if not isinstance(account, Account):
            account = Account.objects.get(entity=self.entity, role=account)
        return worth_of_move(self.entity, account, Money(-gross, self.net.currency), self._rate)

    @property
    def _is_foreign(self) -> bool:
        books: str = self.entity.currency
        return self.net.currency != books

    @property
    def _rate(self) -> Decimal:
        return rate_on(self.net.currency, self.entity.currency, self.on)

    def _at_rate(self, amount: Decimal) -> Decimal:
        return round_to_currency(amount * self._rate, self.entity.currency)

    def _line(self, account: Account | Account.Role, amount: Decimal, worth: Decimal) -> LineDraft:
        return LineDraft.signed(account, amount, abs(worth) if self._is_foreign else None)
