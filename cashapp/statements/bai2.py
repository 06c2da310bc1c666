"""BAI2, the cash management file of American and some British banks: groups of accounts with control totals.

Amounts are whole minor units and carry no sign; the type code tells which way the money went. Every control record is
proved: what differs is a contradiction, which may be looked at but not imported.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal

from cashapp.statements.bai2_codes import NOTE, TOTALS
from cashapp.statements.bai2_lines import funds_of, line_of, parts_of, whole_number, with_lockbox_items
from cashapp.statements.bai2_records import Record, records_of
from cashapp.statements.model import Balance, Statement, StatementKind, StatementLine, StatementRefused
from cashapp.statements.values import squeeze, swift_date
from core.currencies import UnknownCurrency, minor_units

CURRENCY_WHERE_NONE_IS_TOLD = "USD"
INTRADAY = frozenset({"3", "4"})
NOT_TAKEN = {"2": "takes back an earlier one", "4": "is only a test"}
OPENING, CLOSING, AVAILABLE = "010", "015", "045"


@dataclass(slots=True)
class Account:
    """An account while its records come in; amounts are in minor units."""

    number: str
    currency: str
    line: int
    summaries: dict[str, int] = field(default_factory=dict)
    transactions: list[tuple[Record, list[Record]]] = field(default_factory=list)
    total: int = 0
    records: int = 1
    contradictions: list[str] = field(default_factory=list)


@dataclass(slots=True)
class Group:
    """The accounts of one bank and day."""

    as_of: date
    currency: str
    originator: str
    is_intraday: bool
    findings: tuple[str, ...] = ()
    accounts: list[Account] = field(default_factory=list)
    total: int = 0
    records: int = 1


def read_bai2(text: str, name: str) -> tuple[Statement, ...]:
    """One statement for each account and day."""
    reader = _Reader(name)
    for record in records_of(text, name):
        reader.take(record)
    reader.end()
    return tuple(reader.statements())


class _Reader:
    """Takes records in their order: file, group, account, transactions, and the three controls."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.groups: list[Group] = []
        self.group: Group | None = None
        self.account: Account | None = None
        self.began = self.ended = False
        self.records = self.total = self.group_count = 0
        self.last_line = 1
        self.contradictions: list[str] = []

    def refused(self, line: int, what: str) -> StatementRefused:
        return StatementRefused(f"{self.name}, line {line}: {what}. Download the file again.")

    def take(self, record: Record) -> None:
        if not self.began and record.code != "01":
            raise self.refused(record.line, f"a BAI2 file begins with record 01, not with {record.code}")
        self.last_line = record.line
        if record.code == "01":
            self._open_file(record)
            return
        self.records += 1
        try:
            self._take(record)
        except (ValueError, IndexError) as error:
            raise self.refused(record.line, f"“{record.code},{record.body[:40]}” cannot be read") from error

    def _take(self, record: Record) -> None:
        if self.group and record.code not in {"02", "99"}:
            self.group.records += 1
        if self.account and record.code in {"16", "88", "49"}:
            self.account.records += 1
        match record.code:
            case "02":
                self._open_group(record)
            case "03":
                self._open_account(record)
            case "16" | "88":
                self._add(record)
            case "49":
                self._close_account(record)
            case "98":
                self._close_group(record)
            case _:
                self._close_file(record)

    def _open_file(self, record: Record) -> None:
        if self.began and not self.ended:
            raise self.refused(record.line, "a second file begins before the first has ended (99)")
        self.began, self.ended = True, False
        self.records = self.total = self.group_count = 0

    def _open_group(self, record: Record) -> None:
        if self.group:
            raise self.refused(record.line, "a group begins before the one before it has ended (98)")
        fields = [*record.fields, *[""] * 7]
        status = fields[2]
        if status in NOT_TAKEN:
            raise self.refused(record.line, f"this file {NOT_TAKEN[status]} (group status {status})")
        findings = ("The bank sent this statement as a correction of an earlier one.",) if status == "3" else ()
        self.group = Group(swift_date(fields[3]), fields[5], fields[1], fields[6] in INTRADAY, findings)

    def _open_account(self, record: Record) -> None:
        if self.group is None or self.account:
            raise self.refused(record.line, "an account begins where none may begin")
        fields = [*record.fields, ""]
        currency = (fields[1] or self.group.currency or CURRENCY_WHERE_NONE_IS_TOLD).upper()
        self.account = Account(fields[0], currency, record.line)
        self._summaries(record.fields[2:])

    def _summaries(self, fields: list[str]) -> None:
        """Codes with amount, count and funds type, one after the other."""
        if self.account is None:
            return
        at = 0
        while at < len(fields):
            code = fields[at]
            written = fields[at + 1] if at + 1 < len(fields) else ""
            _, after = funds_of(fields, at + 3)
            if written:
                amount = whole_number(written)
                self.account.summaries.setdefault(code.zfill(3), amount)
                self.account.total += amount
            at = after

    def _add(self, record: Record) -> None:
        if self.account is None:
            raise self.refused(record.line, f"record {record.code} stands outside of an account")
        if record.code == "16":
            self.account.transactions.append((record, []))
            if not record.body.startswith(NOTE):
                self.account.total += parts_of(record).amount
        elif self.account.transactions:
            self.account.transactions[-1][1].append(record)
        else:
            self._summaries(record.fields)

    def _close_account(self, record: Record) -> None:
        if self.group is None or self.account is None:
            raise self.refused(record.line, "the control of an account (49) stands outside of it")
        total, records = _control(record, 2)
        where = f"account {self.account.number}, line {record.line}"
        self.account.contradictions += _differences(where, (total, self.account.total), (records, self.account.records))
        self.group.accounts.append(self.account)
        self.group.total += total
        self.account = None

    def _close_group(self, record: Record) -> None:
        if self.group is None or self.account:
            raise self.refused(record.line, "the control of a group (98) stands inside of an account")
        total, accounts, records = _control(record, 3)
        where = f"group, line {record.line}"
        self.contradictions += _differences(where, (total, self.group.total), (records, self.group.records))
        if accounts != len(self.group.accounts):
            self.contradictions.append(f"{where}: {accounts} accounts are announced, {len(self.group.accounts)} came.")
        self.groups.append(self.group)
        self.group_count += 1
        self.total += total
        self.group = None

    def _close_file(self, record: Record) -> None:
        if self.group:
            raise self.refused(record.line, "the control of the file (99) stands inside of a group")
        total, groups, records = _control(record, 3)
        where = f"file, line {record.line}"
        self.contradictions += _differences(where, (total, self.total), (records, self.records + 1))
        if groups != self.group_count:
            self.contradictions.append(f"{where}: {groups} groups are announced, {self.group_count} came.")
        self.ended = True

    def end(self) -> None:
        """Refuse a file that has no end."""
        if not self.ended:
            raise self.refused(self.last_line, "the file breaks off before its last control record (99)")
        if not any(group.accounts for group in self.groups):
            raise self.refused(self.last_line, "the file holds no account")

    def statements(self) -> Iterable[Statement]:
        """What came in, account by account."""
        for group in self.groups:
            for account in group.accounts:
                yield self._statement(group, account)

    def _statement(self, group: Group, account: Account) -> Statement:
        decimals = self._decimals(account)
        lines, findings = self._lines(group, account, decimals)
        lines, noticed = with_lockbox_items(lines)

        def balance(code: str) -> Balance | None:
            told = account.summaries.get(code)
            return None if told is None else Balance(_money(told, decimals), account.currency, group.as_of)

        return Statement(
            kind=StatementKind.INTRADAY if group.is_intraday else StatementKind.BOOKED,
            file_format="BAI2",
            account=account.number,
            bank=group.originator,
            currency=account.currency,
            opening=balance(OPENING),
            closing=balance(CLOSING),
            available=balance(AVAILABLE),
            from_on=group.as_of,
            to_on=group.as_of,
            lines=tuple(lines),
            findings=(*group.findings, *findings, *noticed),
            contradictions=(*account.contradictions, *self.contradictions),
        )

    def _decimals(self, account: Account) -> int:
        try:
            return minor_units(account.currency)
        except UnknownCurrency as unknown:
            raise self.refused(account.line, f"“{account.currency[:10]}” is no currency") from unknown

    def _lines(self, group: Group, account: Account, decimals: int) -> tuple[list[StatementLine], list[str]]:
        lines: list[StatementLine] = []
        findings: list[str] = []
        for record, more in account.transactions:
            if record.body.startswith(NOTE):
                words = " ".join(each.body for each in (record, *more))
                findings.append(f"Line {record.line} is a note of the bank: “{squeeze(words)[:80]}”.")
                continue
            parts = parts_of(record)
            if parts.code in TOTALS:
                findings.append(f"Line {record.line} is a total (type {parts.code}) and is left out.")
                continue
            try:
                line = line_of(parts, more, group.as_of, account.currency, decimals)
            except ValueError as error:
                raise self.refused(record.line, f"type {parts.code} is neither a credit nor a debit") from error
            lines.append(replace(line, place=f"line {record.line}"))
        return lines, findings


def _money(minor: int, decimals: int) -> Decimal:
    return Decimal(minor).scaleb(-decimals)


def _control(record: Record, count: int) -> list[int]:
    """The numbers of a control record; a missing one is an IndexError."""
    fields = record.fields
    return [whole_number(fields[position]) for position in range(count)]


def _differences(where: str, totals: tuple[int, int], records: tuple[int, int]) -> list[str]:
    """Sentences about control totals, in minor units as the file writes them."""
    sentences: list[str] = []
    if totals[0] != totals[1]:
        sentences.append(f"{where}: the control total is {totals[0]:,}, but the amounts add up to {totals[1]:,}.")
    if records[0] != records[1]:
        sentences.append(f"{where}: {records[0]} records are announced, {records[1]} came.")
    return sentences
