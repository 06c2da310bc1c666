"""Rows become drafts, or say what is wrong with them. All that has to be known is handed in; no database here."""

from collections.abc import Callable, Container, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, TypeVar

from customers.drafts import AddressDraft, ContactDraft, CustomerDraft
from customers.importing import values
from customers.importing.columns import LABELS, squeezed
from customers.models import Customer, PaymentTerms
from customers.names import compact, name_key

Value = TypeVar("Value")
LONGEST_TERMS = 365


@dataclass(frozen=True)
class Known:
    """What the company has already: codes, likely doubles and terms."""

    country: str
    default_terms: PaymentTerms
    terms: Mapping[str, PaymentTerms]
    codes: Container[str]
    names: Mapping[str, str]
    tax_numbers: Mapping[str, str]
    decimal_sign: str = "."


@dataclass
class ReadRow:
    """One row of the preview: what it says, what is wrong with it, and what looks doubtful."""

    number: int
    cells: dict[str, str]
    draft: CustomerDraft | None = None
    errors: list[str] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)


def read_rows(
    records: Iterable[tuple[int, Mapping[str, str]]], columns: Mapping[str, str], known: Known
) -> list[ReadRow]:
    """Read all rows; a code that comes twice and a parent that is nowhere are errors as well."""
    rows = [RowReader(number, _by_field(cells, columns), known).read() for number, cells in records]
    _check_codes(rows, known)
    _check_parents(rows, known)
    return rows


def _by_field(cells: Mapping[str, str], columns: Mapping[str, str]) -> dict[str, str]:
    return {key: cells[heading].strip() for heading, key in columns.items() if cells.get(heading, "").strip()}


class RowReader:
    """Reads one row and gathers every error instead of stopping at the first."""

    def __init__(self, number: int, cells: dict[str, str], known: Known) -> None:
        self.cells = cells
        self.known = known
        self.row = ReadRow(number, cells)

    def read(self) -> ReadRow:
        """The row with its draft, or with its errors."""
        name = self._text("name", 200)
        if not self.cells.get("name"):
            self.row.errors.append("Name: it is missing.")
        draft = CustomerDraft(name=name, terms=self._terms(), **self._trade(), **self._reach())
        if draft.tax_status == Customer.TaxStatus.REVERSE_CHARGE and not draft.tax_number:
            self.row.errors.append("Tax number: reverse charge needs one.")
        if not self.row.errors:
            self.row.draft = draft
            self._warn_of_doubles(draft)
        return self.row

    def _trade(self) -> dict[str, Any]:
        return {
            "code": self._value("code", values.code_of, ""),
            "currency": self._value("currency", values.currency_of, ""),
            "language": self._value("language", values.language_of, ""),
            "credit_limit": self._value(
                "credit_limit", lambda text: values.amount_of(text, self.known.decimal_sign), None
            ),
            "tax_status": self._value("tax_status", values.tax_status_of, Customer.TaxStatus.STANDARD.value),
            "tax_number": self._value("tax_number", values.tax_number_of, ""),
            "registration_number": self._text("registration_number", 40),
            "purchase_order_required": self._value("purchase_order_required", values.tick_of, False),
            "segment": self._text("segment", 60),
            "parent_code": self._text("parent_code", 30),
        }

    def _reach(self) -> dict[str, Any]:
        contacts = self._contacts()
        by_mail = any(contact.email for contact in contacts)
        fallback = Customer.Delivery.EMAIL if by_mail else Customer.Delivery.PRINT
        return {
            "delivery": self._value("delivery", values.delivery_of, fallback.value),
            "contacts": contacts,
            "address": self._address(),
            "iban": self._value("iban", values.iban_of, ""),
            "account_number": self._value("account_number", lambda text: values.text_of(compact(text), 34), ""),
            "note": self._text("note", 4000),
        }

    def _contacts(self) -> tuple[ContactDraft, ...]:
        parts = [self.cells.get("first_name", ""), self.cells.get("last_name", "")]
        name = self._text("contact_name", 120) or " ".join(part for part in parts if part)[:120]
        phone = self._text("phone", 40)
        emails: list[str] = self._value("email", values.emails_of, [])
        if not emails:
            return (ContactDraft(name=name or self.cells.get("name", "")[:120], phone=phone),) if name or phone else ()
        first = ContactDraft(name=name or emails[0][:120], email=emails[0], phone=phone)
        return (first, *(ContactDraft(name=email[:120], email=email) for email in emails[1:]))

    def _address(self) -> AddressDraft | None:
        lines = [self._text("address_1", 200), self._text("address_2", 200)]
        parts = {
            "postcode": self._text("postcode", 20),
            "city": self._text("city", 80),
            "region": self._text("region", 80),
        }
        country = self._value("country", values.country_of, "")
        if not any(lines) and not any(parts.values()) and not country:
            return None
        return AddressDraft(
            lines="\n".join(line for line in lines if line), country=country or self.known.country, **parts
        )

    def _terms(self) -> PaymentTerms | int:
        default: PaymentTerms | int = self.known.default_terms
        return self._value("terms", self._terms_of, default)

    def _terms_of(self, text: str) -> PaymentTerms | int:
        found = self.known.terms.get(squeezed(text))
        if found is not None:
            return found
        days = squeezed(text).removeprefix("net").removesuffix("net").removesuffix("days").removesuffix("day")
        if days.isdecimal() and int(days) <= LONGEST_TERMS:
            return int(days)
        raise ValueError(f"“{text}” names none of the company's terms; write their code, or the number of days.")

    def _text(self, key: str, longest: int) -> str:
        return self._value(key, lambda text: values.text_of(text, longest), "")

    def _value(self, key: str, read: Callable[[str], Value], missing: Value) -> Value:
        text = self.cells.get(key, "")
        if not text:
            return missing
        try:
            return read(text)
        except ValueError as error:
            self.row.errors.append(f"{LABELS[key]}: {error}")
            return missing

    def _warn_of_doubles(self, draft: CustomerDraft) -> None:
        same_number = self.known.tax_numbers.get(draft.tax_number) if draft.tax_number else None
        same_name = self.known.names.get(name_key(draft.name))
        if same_number:
            self.row.warnings.append(f"The same tax number as {same_number}.")
        elif same_name:
            self.row.warnings.append(f"The same name as {same_name}.")


def _check_codes(rows: list[ReadRow], known: Known) -> None:
    first: dict[str, int] = {}
    for row in rows:
        code = row.draft.code if row.draft else row.cells.get("code", "")
        if not code:
            continue
        if code in known.codes:
            _refuse(row, f"Code: a customer {code} exists already.")
        elif code in first:
            _refuse(row, f"Code: {code} stands in row {first[code]} already.")
        first.setdefault(code, row.number)


def _check_parents(rows: list[ReadRow], known: Known) -> None:
    parents = {row.cells["code"]: row.cells.get("parent_code", "") for row in rows if "code" in row.cells}
    for row in rows:
        parent = row.cells.get("parent_code", "")
        if not parent:
            continue
        if parent not in parents and parent not in known.codes:
            _refuse(row, f"Parent’s code: there is no customer {parent}, in the file or before.")
        elif _goes_in_a_circle(row.cells.get("code", ""), parents):
            _refuse(row, "Parent’s code: the group would go in a circle.")


def _goes_in_a_circle(code: str, parents: Mapping[str, str]) -> bool:
    seen, current = {code}, parents.get(code, "")
    while current:
        if current in seen:
            return True
        seen.add(current)
        current = parents.get(current, "")
    return False


def _refuse(row: ReadRow, sentence: str) -> None:
    row.errors.append(sentence)
    row.draft = None
