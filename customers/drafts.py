"""A customer with all that belongs to it, before there is one. Pure."""

from dataclasses import dataclass
from decimal import Decimal

from customers.models import Contact, Customer, PaymentTerms


@dataclass(frozen=True, kw_only=True)
class ContactDraft:
    """A person or mailbox to be added."""

    name: str
    email: str = ""
    phone: str = ""
    role: str = Contact.Role.BILLING

    @property
    def receives_documents(self) -> bool:
        """Invoices and statements go to everybody with an address."""
        return bool(self.email)


@dataclass(frozen=True, kw_only=True)
class AddressDraft:
    """A billing address to be added."""

    lines: str = ""
    postcode: str = ""
    city: str = ""
    region: str = ""
    country: str


@dataclass(frozen=True, kw_only=True)
class CustomerDraft:
    """What one row says. Terms are given, or as days for which plain terms are found or agreed."""

    name: str
    terms: PaymentTerms | int
    code: str = ""
    currency: str = ""
    language: str = ""
    credit_limit: Decimal | None = None
    tax_status: str = Customer.TaxStatus.STANDARD
    tax_number: str = ""
    registration_number: str = ""
    delivery: str = Customer.Delivery.EMAIL
    purchase_order_required: bool = False
    segment: str = ""
    parent_code: str = ""
    contacts: tuple[ContactDraft, ...] = ()
    address: AddressDraft | None = None
    iban: str = ""
    account_number: str = ""
    note: str = ""
