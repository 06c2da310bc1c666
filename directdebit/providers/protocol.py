"""What a provider of direct debits does for us, whichever it is."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import Protocol

from core.errors import Refused
from core.money import Money
from directdebit.returns.advice import Advice, CodeList, Kind


class ProviderRefused(Refused):
    """The provider answered that it will not do it."""

    code = "provider_refused"


class Unanswered(Refused):
    """No answer came, or one that says nothing: what was asked for may or may not have been done."""

    code = "unanswered"


class RateLimited(Refused):
    """The provider takes no more requests for a while."""

    code = "rate_limited"


class Status(StrEnum):
    """How far a payment is. Presumed paid: the provider calls it paid while the payer's bank may still return it."""

    PENDING = "pending"
    SUBMITTED = "submitted"
    PRESUMED_PAID = "presumed_paid"
    PAID_OUT = "paid_out"
    UNPAID = "unpaid"
    CLAIMED = "claimed"
    CANCELLED = "cancelled"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Payer:
    """Who pays and from which account. The account leaves for the provider alone and is masked everywhere else."""

    reference: str
    name: str
    email: str
    address: str
    postcode: str
    city: str
    country: str
    account_holder: str
    sort_code: str = ""
    account_number: str = ""
    iban: str = ""


@dataclass(frozen=True, slots=True)
class RegisteredMandate:
    """A mandate as the provider keeps it: its own name for it, and the reference that the payer's bank sees.

    Where it ended and the provider says why, the reason stands here.
    """

    identifier: str
    reference: str
    is_live: bool
    codes: CodeList | None = None
    code: str = ""
    words: str = ""


@dataclass(frozen=True, slots=True)
class DebitOrder:
    """One collection. `key` names it for ever: the same key never collects twice."""

    key: str
    mandate: str
    money: Money
    collect_on: date
    text: str


@dataclass(frozen=True, slots=True)
class Payment:
    """A collection as the provider tells of it. `key` is ours where the provider gives it back."""

    identifier: str
    mandate: str
    money: Money
    collect_on: date
    status: Status
    key: str = ""
    codes: CodeList | None = None
    code: str = ""
    words: str = ""
    told_on: date | None = None


@dataclass(frozen=True, slots=True)
class PayoutItem:
    """A part of a payout, with its sign: a payment in, a fee or a failed payment out."""

    kind: str
    amount: Decimal
    payment: str = ""


@dataclass(frozen=True, slots=True)
class Payout:
    """Money that the provider sent to our bank: `net` arrives, `fees` stayed with it."""

    identifier: str
    reference: str
    net: Money
    fees: Decimal
    arrives_on: date
    items: Sequence[PayoutItem] = ()

    @property
    def gross(self) -> Money:
        """What the payments come to before the provider's fees."""
        return Money(self.net.amount + self.fees, self.net.currency)


class Provider(Protocol):
    """What this house asks of a provider. Every call may raise ProviderRefused, Unanswered or RateLimited."""

    def register_mandate(self, payer: Payer, reference: str, starts_on: date) -> RegisteredMandate:
        """Set up payer and mandate, once: the same reference gives the first again."""

    def mandate(self, identifier: str) -> RegisteredMandate:
        """The mandate as it is now."""

    def cancel_mandate(self, identifier: str, reason: str) -> None:
        """End a mandate and delete what was asked for and not sent yet."""

    def collect(self, order: DebitOrder) -> Payment:
        """Ask for money, once: the same key gives the first payment again."""

    def payment(self, identifier: str, mandate: str) -> Payment:
        """One payment as it is now."""

    def payments_of(self, mandates: Iterable[str], since: date) -> Iterable[Payment]:
        """What became of the payments of these mandates that were due since a day."""


def advice_of(payment: Payment, on: date) -> Advice | None:
    """The return that a payment tells of, in the same shape as any bank's; nothing while all is well."""
    kinds = {Status.UNPAID: Kind.UNPAID, Status.CLAIMED: Kind.CLAIMED}
    if payment.status not in kinds:
        return None
    default = CodeList.DDICA if payment.status == Status.CLAIMED else CodeList.ARUDD
    return Advice(
        kind=kinds[payment.status],
        codes=payment.codes or default,
        code=payment.code,
        words=payment.words,
        collection_reference=payment.identifier,
        amount=payment.money.amount,
        currency=payment.money.currency,
        collected_on=payment.collect_on,
        effective_on=payment.told_on or (on if payment.status == Status.UNPAID else None),
        place=f"payment {payment.identifier}",
    )
