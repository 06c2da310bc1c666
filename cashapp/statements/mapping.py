"""Which column of a bank's CSV or workbook means what."""

import re
from dataclasses import asdict, dataclass, fields
from typing import Any

from cashapp.statements.model import StatementRefused

Column = str | int
DATE_TOKENS = (("YYYY", "YY"), ("MM", "MON", "M"), ("DD", "D"))
CREDIT_WORDS = ("C", "CR", "CRDT", "CREDIT", "K", "BIJ", "H", "INFLOW", "IN", "+")
DEBIT_WORDS = ("D", "DR", "DBIT", "DEBIT", "AF", "S", "OUTFLOW", "OUT", "-")
REFERENCE_COLUMNS = ("end_to_end", "bank_reference", "creditor_reference", "mandate", "cheque")


class MappingRefused(StatementRefused):
    """The mapping cannot be used: something is missing or contradicts itself."""

    code = "mapping_refused"


@dataclass(frozen=True, slots=True)
class ColumnMapping:
    """How to read one bank's table. A column is named by its header, or by its number counted from 1.

    The amount is one signed column, or `debit` and `credit`, or `amount` with `indicator`, whose words then decide
    the sign. `fixed_rate` is for files that go on in a currency that the euro replaced: amounts are divided by it.
    `row_kind` is for banks that mix balances with movements: only rows whose cell there is one of
    `line_kinds` are movements. `rows_continue` lets a row without date and amount go on with the text above.
    """

    name: str = ""
    booked_on: Column = ""
    value_on: Column = ""
    date_format: str = "YYYY-MM-DD"
    amount: Column = ""
    debit: Column = ""
    credit: Column = ""
    indicator: Column = ""
    credit_words: tuple[str, ...] = CREDIT_WORDS
    debit_words: tuple[str, ...] = DEBIT_WORDS
    inverse_sign: bool = False
    fixed_rate: str = ""
    decimal: str = "."
    thousands: str = ""
    payer: Column = ""
    payer_account: Column = ""
    text: tuple[Column, ...] = ()
    end_to_end: Column = ""
    bank_reference: Column = ""
    creditor_reference: Column = ""
    mandate: Column = ""
    cheque: Column = ""
    charges: Column = ""
    original_amount: Column = ""
    original_currency: Column = ""
    currency: Column = ""
    currency_code: str = ""
    balance: Column = ""
    account: Column = ""
    account_number: str = ""
    row_kind: Column = ""
    line_kinds: tuple[str, ...] = ()
    opening_kinds: tuple[str, ...] = ()
    closing_kinds: tuple[str, ...] = ()
    rows_continue: bool = False
    header_row: int = 1
    first_row: int = 0
    skip_footer: int = 0
    encoding: str = ""
    delimiter: str = ""
    sheet: str = ""

    def __post_init__(self) -> None:
        if not self.booked_on:
            raise MappingRefused("Choose the column that holds the booking date.")
        if not (self.amount or (self.debit and self.credit)):
            raise MappingRefused("Choose the column that holds the amount, or one for debits and one for credits.")
        if self.indicator and not self.amount:
            raise MappingRefused("A debit or credit mark needs the amount column that it belongs to.")
        if not all(any(token in self.date_format.upper() for token in tokens) for tokens in DATE_TOKENS):
            raise MappingRefused(f"“{self.date_format}” lacks year, month or day. Write it like DD.MM.YYYY.")
        if self.decimal not in {".", ","} or self.decimal == self.thousands or len(self.thousands) > 1:
            raise MappingRefused("The decimal sign is a point or a comma, and the thousands sign is another.")
        if self.fixed_rate and not re.fullmatch(r"[1-9]\d*(\.\d+)?", self.fixed_rate):
            raise MappingRefused(f"“{self.fixed_rate}” is not a rate. Write it like 13.7603.")
        if len(self.delimiter) > 1 or min(self.header_row, self.first_row, self.skip_footer) < 0:
            raise MappingRefused("The delimiter is one character, and rows are counted from 1.")

    def as_dict(self) -> dict[str, Any]:
        """Only what differs from the defaults, ready for JSON."""
        defaults = {each.name: each.default for each in fields(self)}
        return {name: value for name, value in asdict(self).items() if value != defaults[name]}


def mapping_from(data: dict[str, Any]) -> ColumnMapping:
    """The mapping that was saved as JSON; unknown or ill-typed parts are refused."""
    known = {each.name: each.default for each in fields(ColumnMapping)}
    given: dict[str, Any] = {}
    for name, value in data.items():
        if name not in known:
            raise MappingRefused(f"“{name}” is no part of a column mapping.")
        given[name] = _fitting(name, value, known[name])
    return ColumnMapping(**given)


def _fitting(name: str, value: Any, default: Any) -> Any:
    is_column = isinstance(default, str)
    if isinstance(default, tuple) and isinstance(value, list | tuple):
        if all(isinstance(each, str | int) for each in value):
            return tuple(value)
    elif isinstance(default, bool) == isinstance(value, bool):
        if isinstance(value, type(default)) or (is_column and isinstance(value, int)):
            return value
    raise MappingRefused(f"“{value}” does not fit the mapping's {name.replace('_', ' ')}.")
