"""QIF as a table: one row for each transaction, so that its dates and amounts are read by a mapping like any other.

The format tells neither currency nor account number, and its dates are written as the exporting program's user likes.
"""

import re
from collections.abc import Iterator

from cashapp.statements.model import StatementRefused
from core.rows import Row

HEADINGS = ("Date", "Amount", "Payee", "Memo", "Cheque number", "Category")
CASH_TYPES = frozenset({"bank", "cash", "ccard", "oth a", "oth l"})
FIELDS = {"D": "Date", "T": "Amount", "U": "Amount", "P": "Payee", "M": "Memo", "N": "Cheque number", "L": "Category"}
LISTS = frozenset({"cat", "class", "memorized", "prices", "security", "budget", "tag"})


def qif_rows(text: str, name: str, largest: int) -> list[Row]:
    """The headings, then every transaction with the number of the line where it begins."""
    rows = [Row(1, HEADINGS)]
    for number, fields in _records(text, name):
        rows.append(Row(number, tuple(fields.get(heading, "") for heading in HEADINGS)))
        if len(rows) > largest:
            raise StatementRefused(f"{name} has more than {largest:,} transactions. Split it.")
    return rows


def _records(text: str, name: str) -> Iterator[tuple[int, dict[str, str]]]:
    fields: dict[str, str] = {}
    began, section, accounts = 0, "", 0
    for number, line in enumerate(text.splitlines(), 1):
        line = line.strip()
        if line.startswith("!"):
            section = _section(line, name, number)
            fields = {}
            accounts += section == "account"
            if accounts > 1:
                raise StatementRefused(f"{name}, line {number}: a second account begins. Export each by itself.")
        elif line.startswith("^"):
            if fields and section == "transactions":
                yield began, fields
            fields = {}
        elif line and section == "transactions":
            began = began if fields else max(number, 2)
            _take(line, fields)
    if fields:
        raise StatementRefused(f"{name} breaks off: the transaction of line {began} has no end. Export it again.")


def _section(line: str, name: str, number: int) -> str:
    """What the lines that follow are: transactions, an account's name, or lists that are left out."""
    head, _, kind = line[1:].partition(":")
    told = (kind if head.casefold() == "type" else head).strip().casefold()
    if told in CASH_TYPES:
        return "transactions"
    if told == "account":
        return "account"
    if told in LISTS or head.casefold() in {"option", "clear"}:
        return "list"
    raise StatementRefused(
        f"{name}, line {number}: “{line[:40]}” are no transactions of a bank account. Export the account as “Bank”."
    )


def _take(line: str, fields: dict[str, str]) -> None:
    """Splits and addresses are left out; an amount given twice is the same."""
    heading = FIELDS.get(line[0])
    if heading:
        value = line[1:].strip()
        fields.setdefault(heading, _plain_date(value) if heading == "Date" else value)


def _plain_date(written: str) -> str:
    """Quicken writes 3/ 3'13 for the third of March 2013."""
    return re.sub(r"\s*[/']\s*", "/", written)
