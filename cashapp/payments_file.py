"""Payments out of a table: one row each, by the headings that providers and people write. Refused with the row's place.

It looks customers and providers up by the codes in the file, and writes nothing.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal, InvalidOperation

from cashapp.electronic import CardUsed, Named, PaymentDraft
from cashapp.models import ElectronicPayment, PaymentProvider
from core.currencies import currency_codes
from core.errors import Refused
from core.models import LegalEntity
from core.money import ZERO, Money
from core.tables import read_table
from customers.models import Customer

HEADINGS = {
    "id": "reference", "reference": "reference", "payment": "reference", "paymentid": "reference",
    "chargeid": "reference", "method": "method", "type": "method", "provider": "provider", "customer": "customer",
    "customercode": "customer", "amount": "amount", "gross": "collected", "charged": "collected",
    "surcharge": "surcharge", "currency": "currency", "receivedat": "received_at", "created": "received_at",
    "createdutc": "received_at", "date": "received_at", "documents": "documents", "invoices": "documents",
    "invoice": "documents", "payer": "payer", "name": "payer", "email": "payer_email", "payeremail": "payer_email",
    "text": "text", "description": "text", "funding": "funding", "cardfunding": "funding", "product": "product",
    "brand": "brand", "cardbrand": "brand",
}  # fmt: skip
NEEDED = ("reference", "currency", "received_at")
METHODS = {
    "card": "card", "creditcard": "card", "debitcard": "card", "portal": "portal", "bank": "portal", "ach": "ach",
    "achdebit": "ach", "wire": "wire", "": "card",
}  # fmt: skip
BETWEEN = re.compile(r"[\s,;]+")


class PaymentsFileRefused(Refused):
    """The file is no table of payments, or a row of it makes no sense."""

    code = "payments_file_refused"


@dataclass(frozen=True, slots=True)
class ReadPayment:
    """One row: the payment that it tells, or what is wrong with it."""

    number: int
    draft: PaymentDraft | None
    complaint: str = ""


class PaymentsFile:
    """A table of payments of one company; rows without a provider are of the one given."""

    def __init__(self, entity: LegalEntity, name: str, content: bytes) -> None:
        self.entity = entity
        self.table = read_table(name, content)
        self.columns = {
            heading: HEADINGS[squeezed]
            for heading in self.table.headings
            if (squeezed := re.sub(r"[^a-z]", "", heading.lower())) in HEADINGS
        }
        found = set(self.columns.values())
        missing = [column for column in NEEDED if column not in found]
        if missing or not found & {"amount", "collected"}:
            lacks = ", ".join([*missing, *([] if found & {"amount", "collected"} else ["amount"])])
            raise PaymentsFileRefused(f"{name} has no column for {lacks.replace('_', ' ')}.")
        self.providers = {each.code: each for each in PaymentProvider.objects.filter(entity=entity, is_active=True)}

    def rows(self) -> Iterator[ReadPayment]:
        """Every row in the order of the file."""
        records = [(number, self._cells(record)) for number, record in self.table.records()]
        codes = {cells.get("customer", "") for _, cells in records}
        rows = Customer.objects.filter(entity=self.entity, code__in=codes).select_related("entity", "terms")
        customers = {customer.code: customer for customer in rows}
        for number, cells in records:
            try:
                yield ReadPayment(number, self._draft(cells, customers))
            except (ValueError, Refused) as error:
                yield ReadPayment(number, None, f"Row {number}: {error}")

    def _cells(self, record: Mapping[str, str]) -> dict[str, str]:
        return {column: record[heading].strip() for heading, column in self.columns.items() if record[heading].strip()}

    def _draft(self, cells: Mapping[str, str], customers: Mapping[str, Customer]) -> PaymentDraft:
        currency = cells.get("currency", "").upper()
        if currency not in currency_codes():
            raise ValueError(f"“{currency}” is no currency.")
        surcharge = _amount(cells.get("surcharge", "0"))
        amount = _amount(cells["amount"]) if "amount" in cells else _amount(cells.get("collected", "")) - surcharge
        customer = customers.get(cells.get("customer", ""))
        if customer is None and cells.get("customer"):
            raise ValueError(f"There is no customer {cells['customer']}.")
        return PaymentDraft(
            method=self._method(cells),
            reference=cells.get("reference", ""),
            money=Money(amount, currency),
            received_at=self._moment(cells.get("received_at", "")),
            provider=self._provider(cells),
            surcharge=surcharge,
            customer=customer,
            documents=[Named(number) for number in BETWEEN.split(cells.get("documents", "")) if number],
            payer=cells.get("payer", ""),
            payer_email=cells.get("payer_email", ""),
            text=cells.get("text", ""),
            card=CardUsed(*(cells.get(name, "").lower() for name in ("funding", "product", "brand"))),
        )

    def _method(self, cells: Mapping[str, str]) -> str:
        told = re.sub(r"[^a-z]", "", cells.get("method", "").lower())
        if told not in METHODS:
            raise ValueError(f"“{cells['method']}” is none of {', '.join(ElectronicPayment.Method.values)}.")
        return METHODS[told]

    def _provider(self, cells: Mapping[str, str]) -> PaymentProvider | None:
        code = cells.get("provider", "").lower()
        if code and code not in self.providers:
            raise ValueError(f"There is no provider {code}. Known are: {', '.join(self.providers) or 'none'}.")
        if code:
            return self.providers[code]
        only = list(self.providers.values())
        return only[0] if len(only) == 1 and self._method(cells) in ("card", "portal") else None

    def _moment(self, text: str) -> datetime:
        """With a zone as it says; a time without one is by UTC, as providers write it, a day alone by the company."""
        try:
            moment = datetime.fromisoformat(text)
        except ValueError:
            raise ValueError(f"“{text}” is no moment; write it as 2026-05-12 09:30.") from None
        if moment.tzinfo is not None:
            return moment
        return moment.replace(tzinfo=self.entity.zone if len(text) <= 10 else UTC)


def _amount(text: str) -> Decimal:
    try:
        amount = Decimal(text.replace(",", ""))
    except InvalidOperation:
        raise ValueError(f"“{text}” is no amount; write it as 1234.50.") from None
    if not amount.is_finite() or amount < ZERO:
        raise ValueError(f"“{text}” is no amount that comes in.")
    return amount
