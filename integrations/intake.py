"""The state of a ledger's import: who is who, which document is which, and how rows become drafts."""

from __future__ import annotations

from array import array
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from functools import cached_property

from cashapp.actions.drafts import ReceiptDraft
from cashapp.money_in import Incoming, Payment
from core.models import LegalEntity
from core.money import Money
from core.reading import read as read_rows
from customers.drafts import AddressDraft, ContactDraft, CustomerDraft
from customers.models import Customer
from integrations.ledger_folder import Folder, FolderRefused, Following, Row, amount, day, read
from integrations.ledger_taxes import first_percent, percent_of, taxes_in, taxes_of
from invoicing.imported import ImportedCreditNote, ImportedInvoice, ImportedLine
from ledger.models import OpenItem

Rows = Sequence[tuple[int, Row]]
LARGEST_ID = 50_000_000


class Numbered:
    """Row ids of the ledger by the ids of the folder, eight bytes each, so an id has an upper bound."""

    def __init__(self) -> None:
        self._ids = array("q")

    def __setitem__(self, name: str, value: int) -> None:
        place = int(name)
        if not 0 <= place <= LARGEST_ID:
            raise ValueError(f"ids lie between 0 and {LARGEST_ID:,}, and {name} does not")
        if place >= len(self._ids):
            self._ids.extend([0] * (place + 1 - len(self._ids)))
        self._ids[place] = value

    def __getitem__(self, name: str) -> int:
        place = int(name)
        found = self._ids[place] if 0 <= place < len(self._ids) else 0
        if not found:
            raise ValueError(f"there is no document {name}")
        return found


@dataclass(frozen=True, slots=True)
class Share:
    """The customers that one of several processes takes, so that they never wait for each other's locks."""

    part: int = 0
    of: int = 1

    def has(self, row: Row) -> bool:
        """Whether a row belongs to it; money of unknown payers belongs to the first."""
        return int(row["customer_id"] or 0) % self.of == self.part if self.of > 1 else True


WHOLE = Share()


@dataclass
class Intake:
    """The import of one folder, or of a share of it, into one company."""

    entity: LegalEntity
    folder: Folder
    share: Share = WHOLE
    customers: dict[str, Customer] = field(default_factory=dict)
    by_key: dict[int, Customer] = field(default_factory=dict)
    invoices: Numbered = field(default_factory=Numbered)

    @cached_property
    def lines(self) -> Following:
        """Lines, which follow their invoices."""
        return Following("lines.csv", self.folder.rows("lines.csv"), "invoice_id")

    @cached_property
    def credited(self) -> Following:
        """What credit notes settle, in their order."""
        return Following("allocations.csv", self._allocations("credit"), "source_id")

    @cached_property
    def paid(self) -> Following:
        """What receipts settle, in their order."""
        return Following("allocations.csv", self._allocations("receipt"), "source_id")

    def rows(self, name: str) -> Iterator[tuple[int, Row]]:
        """The rows of a file that are ours; what follows the others in a second file is passed over with them."""
        follows: dict[str, Callable[[], Following]] = {
            "invoices.csv": lambda: self.lines,
            "credit_notes.csv": lambda: self.credited,
            "receipts.csv": lambda: self.paid,
        }
        for line, row in self.folder.rows(name):
            if name not in follows or read(name, line, row, self.share.has):
                yield line, row
            else:
                follows[name]().pass_over(row["id"])

    def _allocations(self, kind: str) -> Iterator[tuple[int, Row]]:
        return ((line, row) for line, row in self.folder.rows("allocations.csv") if row["kind"] == kind)

    def customer(self, row: Row) -> Customer:
        """The customer that a row names."""
        try:
            return self.customers[row["customer_id"]]
        except KeyError:
            raise ValueError(f"there is no customer {row['customer_id']}") from None

    def items_here(self, kind: str, numbers: Sequence[str]) -> dict[str, int]:
        """Documents of these numbers that are in the ledger already, by number."""
        rows = OpenItem.objects.filter(entity=self.entity, kind=kind, number__in=numbers)
        return dict(rows.values_list("number", "pk"))

    def items_of(self, names: Sequence[str]) -> dict[int, OpenItem]:
        """The open items of invoices, by their ids in the folder."""
        items = read_rows(OpenItem, "line_id = ANY(%(keys)s)", keys=[self.invoices[name] for name in names])
        for item in items:
            item.customer = self.by_key[item.customer_id]
        return {item.pk: item for item in items}

    # Rows into drafts ------------------------------------------------------------------------------------------------

    def customer_draft(self, row: Row) -> CustomerDraft:
        """A customer with its contact, address and bank account."""
        currency = self.folder.currency_of(row)
        contacts = (ContactDraft(name=row["name"][:120], email=row["email"]),) if row["email"] else ()
        return CustomerDraft(
            name=row["name"],
            code=row["code"],
            terms=int(row["terms_days"]),
            currency=currency,
            tax_number=row["vat_id"],
            credit_limit=amount(row["credit_limit"], currency) or None,
            contacts=contacts,
            address=AddressDraft(
                lines=row["street"], postcode=row["postcode"], city=row["city"], country=row["country"][:2]
            ),
            iban=row["iban"],
        )

    def invoice(self, line: int, row: Row) -> ImportedInvoice:
        """An invoice with the lines that come next."""
        parts = self.lines.of(row["id"])
        return read("invoices.csv", line, row, lambda row: self._invoice(row, parts))

    def _invoice(self, row: Row, parts: Rows) -> ImportedInvoice:
        currency, customer = self.folder.currency_of(row), self.customer(row)
        lines = [read("lines.csv", at, part, lambda part: _line(part, currency)) for at, part in parts]
        taxes = taxes_in(row.get("taxes", ""), currency) or taxes_of(lines, currency)
        return ImportedInvoice(
            number=row["number"],
            customer=customer,
            issued_on=day(row["date"]),
            due_on=day(row["due_date"]),
            currency=currency,
            tax_percent=first_percent(taxes, row["tax_rate"]),
            taxes=taxes,
            net=amount(row["net"], currency),
            tax=amount(row["tax"], currency),
            gross=amount(row["gross"], currency),
            terms=customer.terms,
            lines=lines,
        )

    def credit_note(self, line: int, row: Row, invoices: dict[int, OpenItem]) -> ImportedCreditNote:
        """A credit note that names its invoice; without a column of taxes its rate is the one that its tax says."""
        return read("credit_notes.csv", line, row, lambda row: self._credit_note(row, invoices))

    def _credit_note(self, row: Row, invoices: dict[int, OpenItem]) -> ImportedCreditNote:
        currency = self.folder.currency_of(row)
        net, tax = amount(row["net"], currency), amount(row["tax"], currency)
        taxes = taxes_in(row.get("taxes", ""), currency)
        return ImportedCreditNote(
            number=row["number"],
            customer=self.customer(row),
            issued_on=day(row["date"]),
            currency=currency,
            tax_percent=taxes[0].percent if taxes else percent_of(net, tax, currency),
            taxes=taxes,
            net=net,
            tax=tax,
            gross=amount(row["gross"], currency),
            invoice_number=invoices[self.invoices[row["invoice_id"]]].number,
        )

    def incoming(self, row: Row) -> Incoming:
        """Money that came in."""
        currency = self.folder.currency_of(row)
        money = Money(amount(row["amount"], currency), currency)
        return Incoming(money=money, received_on=day(row["date"]), key=f"folder:{row['id']}")

    def receipt(self, line: int, row: Row, parts: Rows, items: dict[int, OpenItem]) -> ReceiptDraft:
        """A receipt with what it pays."""
        return read("receipts.csv", line, row, lambda row: self._receipt(row, parts, items))

    def _receipt(self, row: Row, parts: Rows, items: dict[int, OpenItem]) -> ReceiptDraft:
        pays = []
        for line, part in parts:
            if part["date"] != row["date"]:
                raise FolderRefused(f"allocations.csv, line {line}: its date is not that of receipt {row['id']}.")
            item = items[self.invoices[part["invoice_id"]]]
            pays.append(Payment(item, amount(part["amount"], item.currency)))
        return ReceiptDraft(self.customer(row), self.incoming(row), pays)


def _line(row: Row, currency: str) -> ImportedLine:
    return ImportedLine(
        description=row["description"],
        quantity=Decimal(row["qty"]),
        unit_price=amount(row["unit_price"], currency),
        net=amount(row["net"], currency),
        tax_percent=Decimal(row["tax_rate"]) if row.get("tax_rate") else None,
    )
