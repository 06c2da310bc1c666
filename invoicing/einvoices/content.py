"""What a structured invoice says, whichever syntax it is written in. Terms of EN 16931 are named as BT and BG. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from enum import StrEnum

from core.money import ZERO

ONE = Decimal(1)


class Kind(StrEnum):
    """Whether it asks for money or gives some back (BT-3)."""

    INVOICE = "380"
    CREDIT_NOTE = "381"


@dataclass(frozen=True, slots=True, kw_only=True)
class PartyContent:
    """Seller (BG-4) or buyer (BG-7). `tax_number` carries its country's letters; `tax_registration` is any other."""

    name: str
    code: str = ""
    tax_number: str = ""
    tax_registration: str = ""
    registration_number: str = ""
    registration_scheme: str = ""
    streets: Sequence[str] = ()
    postcode: str = ""
    city: str = ""
    region: str = ""
    country: str = ""
    contact: str = ""
    phone: str = ""
    email: str = ""
    electronic_address: str = ""
    electronic_scheme: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class LineContent:
    """A line (BG-25): quantity × price, less `discount`, is `net`. All amounts are without tax."""

    position: str
    name: str
    quantity: Decimal
    unit: str
    price: Decimal
    net: Decimal
    category: str
    percent: Decimal
    per: Decimal = ONE
    discount: Decimal = ZERO
    discount_percent: Decimal = ZERO
    description: str = ""
    product: str = ""
    service_from: date | None = None
    service_until: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class TaxContent:
    """The tax on all lines of a category and percentage (BG-23)."""

    category: str
    percent: Decimal
    net: Decimal
    tax: Decimal
    reason: str = ""
    reason_code: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class PaymentContent:
    """How it is paid (BG-16): the code of UNTDID 4461, the account and what to write on the payment."""

    means: str
    account: str = ""
    is_iban: bool = True
    holder: str = ""
    bic: str = ""
    reference: str = ""


@dataclass(frozen=True, slots=True)
class Preceding:
    """The invoice that this one corrects (BT-25, BT-26)."""

    number: str
    issued_on: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class InvoiceContent:
    """An invoice or a credit note. Sums are in `currency`; `tax_in_books` is the tax in `books_currency` (BT-111)."""

    kind: Kind
    number: str
    issued_on: date
    currency: str
    seller: PartyContent
    buyer: PartyContent
    lines: Sequence[LineContent]
    taxes: Sequence[TaxContent]
    lines_net: Decimal
    net: Decimal
    tax: Decimal
    gross: Decimal
    payable: Decimal
    due_on: date | None = None
    allowances: Decimal = ZERO
    charges: Decimal = ZERO
    prepaid: Decimal = ZERO
    rounding: Decimal = ZERO
    books_currency: str = ""
    tax_in_books: Decimal | None = None
    note: str = ""
    terms: str = ""
    buyer_reference: str = ""
    purchase_order: str = ""
    cost_centre: str = ""
    service_from: date | None = None
    service_until: date | None = None
    preceding: Sequence[Preceding] = ()
    payment: PaymentContent | None = field(default=None)
