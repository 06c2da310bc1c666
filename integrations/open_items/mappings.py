"""How the exports of other programs are read: one table, a line for each program."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from core.errors import Refused

ISO = "%Y-%m-%d"
DAY_FIRST = "%d/%m/%Y"


class NoSuchMapping(Refused):
    """The product has no mapping of that name."""

    code = "no_such_mapping"


@dataclass(frozen=True)
class OpenItemMapping:
    """Names of columns by what they hold, and the habits of the program that wrote them.

    `amount` is the document's total and `paid` what was paid of it, or `open_amount` is what is left. Where a document
    takes several rows, `rows_add_up` says whether their amounts are parts of it or repeat its total.
    """

    name: str
    program: str
    columns: Mapping[str, str]
    date_format: str = ISO
    currency: str = ""
    rows_add_up: bool = False
    only_where: Mapping[str, str] = field(default_factory=dict)
    settled_states: frozenset[str] = frozenset()
    ignored_states: frozenset[str] = frozenset()
    usual_days: int = 30
    note: str = ""


MAPPINGS = {
    mapping.name: mapping
    for mapping in (
        OpenItemMapping(
            name="ibm",
            program="IBM accounts receivable sample",
            columns={
                "customer_code": "customerID",
                "number": "invoiceNumber",
                "document_on": "InvoiceDate",
                "due_on": "DueDate",
                "amount": "InvoiceAmount",
                "settled_on": "SettledDate",
            },
            date_format=DAY_FIRST,
            currency="USD",
        ),
        OpenItemMapping(
            name="highradius",
            program="HighRadius open items (SAP)",
            columns={
                "customer_code": "cust_number",
                "customer_name": "name_customer",
                "number": "doc_id",
                "document_on": "baseline_create_date",
                "due_on": "due_in_date",
                "open_amount": "total_open_amount",
                "currency": "invoice_currency",
                "terms": "cust_payment_terms",
            },
            only_where={"isOpen": "1"},
        ),
        OpenItemMapping(
            name="zoho",
            program="Zoho Books and Zoho Invoice, export of invoices",
            columns={
                "customer_code": "Customer Number",
                "customer_name": "Customer Name",
                "number": "Invoice Number",
                "document_on": "Invoice Date",
                "due_on": "Due Date",
                "open_amount": "Balance",
                "currency": "Currency Code",
                "purchase_order": "PurchaseOrder",
                "terms": "Payment Terms",
                "email": "Primary Contact EmailID",
                "state": "Invoice Status",
            },
            settled_states=frozenset({"closed", "paid"}),
            ignored_states=frozenset({"draft", "void"}),
            note="Written from the names in the program's own documents; not yet tried on a real export.",
        ),
        OpenItemMapping(
            name="wave",
            program="Wave, export of accounting transactions",
            columns={
                "customer_name": "Customer",
                "number": "Invoice Number",
                "document_on": "Transaction Date",
                "debit": "Debit Amount (Two Column Approach)",
                "credit": "Credit Amount (Two Column Approach)",
            },
            rows_add_up=True,
            only_where={"Account Name": "Accounts Receivable"},
        ),
        OpenItemMapping(
            name="freshbooks",
            program="FreshBooks, export of invoices",
            columns={
                "customer_name": "Client Name",
                "number": "Invoice #",
                "document_on": "Date Issued",
                "amount": "Line Total",
                "currency": "Currency",
                "state": "Invoice Status",
                "settled_on": "Date Paid",
            },
            rows_add_up=True,
            settled_states=frozenset({"paid", "auto-paid"}),
            ignored_states=frozenset({"draft"}),
        ),
        OpenItemMapping(
            name="invoice_ninja",
            program="Invoice Ninja, export of invoices",
            columns={
                "customer_name": "Client",
                "number": "Invoice Number",
                "document_on": "Invoice Date",
                "due_on": "Due Date",
                "amount": "Amount",
                "paid": "Paid",
                "purchase_order": "PO Number",
                "email": "Email",
                "state": "Status",
            },
            settled_states=frozenset({"paid"}),
            ignored_states=frozenset({"draft"}),
        ),
    )
}


def mapping_named(name: str) -> OpenItemMapping:
    """The mapping of a program; a name that there isn't is refused with the names that there are."""
    try:
        return MAPPINGS[name.lower().replace("-", "_")]
    except KeyError:
        raise NoSuchMapping(f"There is no mapping “{name}”. Use one of {', '.join(MAPPINGS)}.") from None
