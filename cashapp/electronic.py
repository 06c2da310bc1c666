"""What is told of electronic payments and payouts, before anything is written."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal

from cashapp.models import ElectronicPayment, PaymentProvider
from core.money import ZERO, Money
from customers.models import Customer


@dataclass(frozen=True, slots=True)
class Named:
    """A document that the payer names, and how much of it is paid where that is told."""

    number: str
    amount: Decimal | None = None

    def as_data(self) -> dict[str, str | None]:
        """As it is kept."""
        return {"number": self.number, "amount": None if self.amount is None else f"{self.amount:f}"}


@dataclass(frozen=True, slots=True)
class CardUsed:
    """What the provider knows of the card."""

    funding: str = ""
    product: str = ""
    brand: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class PaymentDraft:
    """A payment as somebody tells of it. `money` pays documents; `surcharge` was collected on top of it."""

    method: str
    reference: str
    money: Money
    received_at: datetime
    provider: PaymentProvider | None = None
    surcharge: Decimal = ZERO
    customer: Customer | None = None
    documents: Sequence[Named] = ()
    payer: str = ""
    payer_email: str = ""
    text: str = ""
    card: CardUsed = field(default_factory=CardUsed)

    def says_the_same(self, payment: ElectronicPayment) -> bool:
        """Whether a payment that was taken in before is this one, and not another with its id."""
        return (
            payment.method == self.method
            and payment.money == self.money
            and payment.surcharge == self.surcharge
            and payment.documents == [each.as_data() for each in self.documents]
        )


@dataclass(frozen=True, slots=True)
class PaidOut:
    """One payment in a payout: what the provider counts for it, negative where it takes money back.

    Of one that it exchanged this is what the exchange made of it, in the payout's currency.
    """

    reference: str
    amount: Decimal
    is_exchanged: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class PayoutDraft:
    """A payout as the provider tells of it.

    `besides` is what its gross holds beside the payments: refunds, chargebacks and reserves taken off, corrections.
    A payout is negative where more went back than came in: the provider draws it from our account.
    """

    provider: PaymentProvider
    reference: str
    paid_on: date
    gross: Money
    fee: Decimal = ZERO
    payments: Sequence[PaidOut] = ()
    besides: Decimal = ZERO
