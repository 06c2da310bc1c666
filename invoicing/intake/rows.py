"""Rows become drafts, or say what is wrong with them. All that has to be known is handed in; no database here."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any, TypeVar

from customers.importing.values import currency_of, text_of, tick_of
from customers.models import Customer
from invoicing.amending import AmendmentDraft
from invoicing.contract_drafts import ContractDraft, ContractLineDraft
from invoicing.intake import values
from invoicing.intake.columns import REQUIRED, labels_of
from invoicing.models import Contract, ContractIntake, Product

Value = TypeVar("Value")
Kind = ContractIntake.Kind
SOURCE = "file"


@dataclass(frozen=True, slots=True)
class Known:
    """What the company has, by code or number."""

    customers: Mapping[str, Customer]
    products: Mapping[str, Product]
    contracts: Mapping[str, Contract]
    decimal_sign: str = "."


@dataclass(frozen=True, slots=True)
class UsageDraft:
    """A reading of a file, and the line that it is for; without a position, the only one that runs on the day."""

    contract: Contract
    position: int | None
    used_on: date
    quantity: Decimal
    source_id: str


@dataclass
class ReadRow:
    """One row of the preview: what it says, and what is wrong with it."""

    number: int
    cells: dict[str, str]
    errors: list[str] = field(default_factory=list)

    @property
    def source_id(self) -> str:
        """What tells it from all others."""
        return self.cells.get("source_id", "")


class RowReader:
    """Reads one row and gathers every error instead of stopping at the first."""

    def __init__(self, kind: str, number: int, cells: dict[str, str], known: Known) -> None:
        self.kind, self.known = kind, known
        self.row = ReadRow(number, cells)
        self.labels = labels_of(kind)
        for key in REQUIRED[kind]:
            if not cells.get(key):
                self.row.errors.append(f"{self.labels[key]}: it is missing.")

    def order(self) -> tuple[dict[str, Any], ContractLineDraft | None]:
        """What the row says of the contract, and the line that it is."""
        facts = self._order_facts()
        product = self._named("product", self.known.products, "product")
        cycle = self._value("cycle", values.cycle_of, "annual" if facts["ends_on"] else "fixed")
        usual = "arrears" if cycle == "usage" else "advance"
        line_facts = {
            "quantity": self._number("quantity", Decimal(1)),
            "unit_price": self._number("unit_price", None),
            "discount_percent": self._number("discount_percent", Decimal(0)),
            "timing": self._value("timing", values.timing_of, usual),
            "description": self._text("description", 300),
            "cost_centre": self._text("cost_centre", 60),
        }
        if product is None or self.row.errors:
            return facts, None
        if line_facts["unit_price"] is None:
            line_facts["unit_price"] = product.list_price
        return facts, ContractLineDraft(product, cycle=cycle, **line_facts)

    def _order_facts(self) -> dict[str, Any]:
        ends_on = self._value("ends_on", values.date_of, None)
        return {
            "customer": self._named("customer", self.known.customers, "customer"),
            "starts_on": self._value("starts_on", values.date_of, date.min),
            "ends_on": ends_on,
            "kind": self._value("kind", values.kind_of, "subscription" if ends_on else "order"),
            "number": self._text("number", 60),
            "currency": self._value("currency", currency_of, ""),
            "purchase_order": self._text("purchase_order", 60),
            "renews": self._value("renews", tick_of, False),
            "renewal_months": self._value("renewal_months", values.whole_of, 12),
            "notice_days": self._value("notice_days", values.whole_of, 0),
            "indexation_percent": self._number("indexation_percent", None),
        }

    def amendment(self) -> tuple[Contract, AmendmentDraft] | None:
        """The contract and what changes."""
        contract = self._named("contract", self.known.contracts, "contract")
        kind = self._value("kind", values.change_of, "add")
        effective_on = self._value("effective_on", values.date_of, None)
        if kind == "renewal" and contract is not None and effective_on is None:
            effective_on = date.fromordinal(contract.ends_on.toordinal() + 1) if contract.ends_on else None
        product = self._named("product", self.known.products, "product") if self.row.cells.get("product") else None
        facts = {
            "position": self._value("position", values.whole_of, None),
            "description": self._text("description", 300),
            "quantity": self._number("quantity", None),
            "unit_price": self._number("unit_price", None),
            "percent": self._number("percent", None),
            "reason": self._text("reason", 300),
        }
        if effective_on is None:
            self.row.errors.append("From: it is missing.")
        if contract is None or effective_on is None or self.row.errors:
            return None
        source_id = self.row.source_id
        draft = AmendmentDraft(kind, effective_on, product=product, source=SOURCE, source_id=source_id, **facts)
        return contract, draft

    def reading(self) -> UsageDraft | None:
        """The reading."""
        contract = self._named("contract", self.known.contracts, "contract")
        used_on = self._value("used_on", values.date_of, date.min)
        quantity = self._number("quantity", Decimal(0))
        position = self._value("position", values.whole_of, None)
        if contract is None or self.row.errors:
            return None
        return UsageDraft(contract, position, used_on, quantity or Decimal(0), self.row.source_id)

    def _named(self, key: str, rows: Mapping[str, Value], what: str) -> Value | None:
        code = self.row.cells.get(key, "")
        found = rows.get(code.casefold())
        if code and found is None:
            self.row.errors.append(f"{self.labels[key]}: there is no {what} {code}.")
        return found

    def _number(self, key: str, missing: Decimal | None) -> Any:
        return self._value(key, lambda text: values.number_of(text, self.known.decimal_sign), missing)

    def _text(self, key: str, longest: int) -> str:
        return str(self._value(key, lambda text: text_of(text, longest), ""))

    def _value(self, key: str, read: Callable[[str], Any], missing: Any) -> Any:
        text = self.row.cells.get(key, "")
        if not text:
            return missing
        try:
            return read(text)
        except ValueError as error:
            self.row.errors.append(f"{self.labels[key]}: {error}")
            return missing


def draft_of_order(rows: list[tuple[dict[str, Any], ContractLineDraft]], source_id: str) -> ContractDraft:
    """Rows of one order make one contract; its first row says what holds for all of it."""
    facts = rows[0][0]
    return ContractDraft(**facts, lines=tuple(line for _, line in rows), source=SOURCE, source_id=source_id)
