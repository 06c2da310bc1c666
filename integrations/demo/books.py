"""Writing the demo company's year into the books, day by day, through the actions that people use."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from cashapp.actions.drafts import ReceiptDraft
from cashapp.actions.receipts import post_receipts
from cashapp.money_in import Incoming, Payment
from core.models import BankAccount, LegalEntity, User
from core.money import Money, round_to_currency
from customers.actions import add_note, import_customers
from customers.drafts import AddressDraft, ContactDraft, CustomerDraft
from customers.models import Customer
from integrations.demo.story import CustomerStory, InvoiceStory
from invoicing.actions import cancel_invoice, draft_invoices, issue_invoices, issue_invoices_unsent, record_delivery
from invoicing.drafts import DraftLine, InvoiceDraft
from invoicing.models import Invoice, TaxRate, Unit
from ledger.models import OpenItem

Say = Callable[[str], None]
UNITS = {"month": Unit.MONTH.value, "hour": Unit.HOUR.value, "day": Unit.DAY.value, "user": Unit.PIECE.value}
OVERPAID = Decimal("180.00")
SENT_BEFORE = "By the system that was used before"
CATEGORIES = {"standard": "S", "reverse_charge": "AE", "export": "G"}


@dataclass
class Ledger:
    """The books of one company while its year is written."""

    by: User
    entity: LegalEntity
    customers: dict[str, Customer] = field(default_factory=dict)
    rates: dict[str, TaxRate] = field(default_factory=dict)
    banks: dict[str, BankAccount] = field(default_factory=dict)
    invoices: dict[int, Invoice] = field(default_factory=dict)
    receipts: int = 0

    @property
    def active(self) -> list[Customer]:
        """Customers with whom there is business, in the order of their codes."""
        return [row for row in self.customers.values() if row.is_active]

    def open(self, stories: Sequence[CustomerStory]) -> None:
        """Make the customers, with contacts, addresses and bank accounts."""
        made = import_customers(by=self.by, entity=self.entity, drafts=[_customer_draft(row) for row in stories])
        self.customers = {customer.code: customer for customer in made}
        self.banks = {account.currency: account for account in self.entity.bank_accounts.all()}
        for rate in TaxRate.objects.filter(entity=self.entity, valid_until=None).order_by("percent"):
            self.rates[rate.category] = rate

    def bill(self, stories: Sequence[InvoiceStory], on: date, *, send: bool) -> None:
        """Draft and issue the invoices of a day."""
        drafts = draft_invoices(by=self.by, entity=self.entity, drafts=[self._draft(story) for story in stories])
        issue = issue_invoices if send else issue_invoices_unsent
        issued = issue(by=self.by, entity=self.entity, invoices=drafts, issued_on=on)
        self.invoices |= {id(story): invoice for story, invoice in zip(stories, issued, strict=True)}
        if not send:
            how = {"delivered_on": on, "today": on}
            record_delivery(by=self.by, entity=self.entity, documents=issued, way=SENT_BEFORE, **how)

    def _draft(self, story: InvoiceStory) -> InvoiceDraft:
        customer = self.customers[story.customer.code]
        rate = self.rates[CATEGORIES[customer.tax_status]]
        lines = [
            DraftLine(product.description, product.price, rate, Decimal(quantity), UNITS[product.unit])
            for product, quantity in story.lines
        ]
        return InvoiceDraft(customer, lines, purchase_order=story.customer.purchase_order)

    def credit(self, story: InvoiceStory, on: date) -> None:
        """Take an invoice back in full."""
        invoice = self.invoices[id(story)]
        cancel_invoice(
            by=self.by, invoice=invoice, issued_on=on, reason_code="service", reason="Service was not delivered"
        )

    def receive(self, stories: Iterable[InvoiceStory], on: date) -> None:
        """Post what customers paid on a day, each with one payment for all that it pays."""
        paid = defaultdict(list)
        for story in stories:
            paid[story.customer.code].append(story)
        drafts = [self._receipt(self.customers[code], rows, on) for code, rows in sorted(paid.items())]
        post_receipts(by=self.by, entity=self.entity, drafts=drafts)

    def _receipt(self, customer: Customer, stories: Sequence[InvoiceStory], on: date) -> ReceiptDraft:
        pays = [Payment(self.item_of(story), self.amount_of(story)) for story in stories]
        total = sum((payment.amount for payment in pays), Decimal(0)) + self._too_much()
        incoming = Incoming(
            money=Money(total, customer.currency),
            received_on=on,
            key=f"demo:{customer.code}:{on}",
            bank_account=self.banks[customer.currency],
            payer=customer.name.upper()[:35],
            payer_account=stories[0].customer.iban,
            text=" ".join(payment.item.number for payment in pays),
        )
        return ReceiptDraft(customer, incoming, pays)

    def _too_much(self) -> Decimal:
        """What some customers pay beyond what they owe; it waits on their account."""
        self.receipts += 1
        return OVERPAID if self.receipts % 97 == 0 else Decimal(0)

    def item_of(self, story: InvoiceStory) -> OpenItem:
        """The open item of an invoice, as it is now."""
        return OpenItem.objects.get(pk=self.invoices[id(story)].item_id)

    def amount_of(self, story: InvoiceStory) -> Decimal:
        """What is paid of an invoice."""
        invoice = self.invoices[id(story)]
        return round_to_currency(invoice.gross * story.paid_share, invoice.currency)

    def note_trouble(self, stories: Iterable[CustomerStory]) -> None:
        """What the collector wrote down about customers who stopped paying."""
        for story in stories:
            if story.habit.stops_after is not None:
                text = f"{story.contact} says payments are on hold until their audit is finished. Call again next week."
                add_note(by=self.by, customer=self.customers[story.code], text=text)


def _customer_draft(story: CustomerStory) -> CustomerDraft:
    status = "standard" if story.place.country in {"GB", "DE"} else "reverse_charge"
    return CustomerDraft(
        name=story.name,
        code=story.code,
        terms=story.net_days,
        currency=story.currency,
        language={"DE": "de", "AT": "de", "FR": "fr"}.get(story.place.country, "en"),
        credit_limit=Decimal(25_000),
        tax_status="export" if story.place.country == "US" else status,
        tax_number=story.tax_number,
        segment=story.segment,
        contacts=(ContactDraft(name=story.contact, email=story.email, phone="+44 20 7946 0000"),),
        address=AddressDraft(
            lines="12 Mill Lane", postcode=story.place.postcode, city=story.place.city, country=story.place.country
        ),
        iban=story.iban,
    )
