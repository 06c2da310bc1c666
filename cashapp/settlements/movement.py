"""One movement at a payment provider, out of the statement line that keeps it. Pure."""

from dataclasses import dataclass
from decimal import Decimal
from itertools import product

from cashapp.models import BankStatementLine, ElectronicPayment, SettlementLine
from cashapp.statements.psp import READERS
from core.money import ZERO, Money

Kind = SettlementLine.Kind
Method = ElectronicPayment.Method
PROVIDERS = tuple(dict.fromkeys(signature.provider for signature, _ in READERS))
SETTLEMENT_CODES = frozenset(f"{provider} {kind}" for provider, kind in product(PROVIDERS, Kind.values))
METHODS = {"PayPal": Method.WALLET, "GoCardless": Method.DEBIT}


@dataclass(frozen=True, slots=True)
class Movement:
    """A movement with its amounts signed as on the account at the provider: gross less fee is what it moved there.

    `payment` is the provider's id of the payment that it is about, `own` that of the movement itself.
    """

    line: BankStatementLine
    provider: str
    kind: str
    payment: str
    own: str
    payout: str
    gross: Decimal
    fee: Decimal

    @property
    def currency(self) -> str:
        """In which the provider counts it."""
        told: str = self.line.currency
        return told

    @property
    def charged(self) -> Money:
        """What the payer was charged, in the payer's currency: the same as the gross unless the provider exchanged."""
        if self.line.original_currency in ("", self.currency):
            told = self.gross if self.line.original_amount is None else self.line.original_amount
            return Money(told, self.currency)
        return Money(self.line.original_amount or ZERO, self.line.original_currency)

    @property
    def money(self) -> Money:
        """Its gross without the sign, as sentences name it."""
        return Money(abs(self.gross), self.currency)

    @property
    def paid_back(self) -> Money:
        """What went back to the payer, in the payer's currency."""
        return Money(abs(self.charged.amount), self.charged.currency)

    @property
    def method(self) -> str:
        """How the payer paid."""
        return METHODS.get(self.provider, Method.CARD).value

    @property
    def words(self) -> str:
        """What the provider calls it."""
        return self.line.text or self.line.posting_text

    @property
    def email(self) -> str:
        """The payer's address, where the account at the provider is one."""
        return self.line.payer_account if "@" in self.line.payer_account else ""


def movement_of(line: BankStatementLine) -> Movement:
    """Read a line of a settlement file."""
    provider, _, kind = line.transaction_code.rpartition(" ")
    told = line.references
    is_wallet = provider == "PayPal"
    own = told.get("bank_reference" if is_wallet else "entry_reference") or told.get("bank_reference", "")
    payment = own if is_wallet and kind == Kind.PAYMENT else told.get("transaction", "")
    fee = sum((Decimal(str(charge["amount"])) for charge in line.charges), ZERO)
    is_fee = kind == Kind.FEE
    return Movement(
        line=line,
        provider=provider,
        kind=kind,
        payment=payment[:80],
        own=(own or payment)[:80],
        payout=told.get("payout", ""),
        gross=ZERO if is_fee else line.amount + fee,
        fee=fee - line.amount if is_fee else fee,
    )
