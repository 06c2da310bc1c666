"""OFX and QFX: what banks offer to accounting programs, in version 1 and 2, for accounts and credit cards."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from cashapp.statements.model import (
    Balance,
    References,
    Statement,
    StatementKind,
    StatementLine,
    StatementRefused,
)
from cashapp.statements.ofx_tags import Group, read_tags
from cashapp.statements.values import any_amount, reference

STATEMENTS = ("STMTRS", "CCSTMTRS")
INVESTMENTS = "INVSTMTRS"
TRANSACTIONS = ("STMTTRN", "STMTTRNP")
IBAN_SHAPE = re.compile(r"[A-Z]{2}\d{2}[A-Z0-9]{11,30}")


def read_ofx(text: str, name: str) -> tuple[Statement, ...]:
    """The statement of every account in the file; a bank's error and a depot's statement are refused."""
    top = read_tags(text, name)
    statements = tuple(_Reader(name, group).statement() for group in top.each(*STATEMENTS))
    if statements:
        return statements
    _refuse_errors(top, name)
    if top.first(INVESTMENTS):
        raise StatementRefused(
            f"{name} is a statement of investments, line {_line(top.first(INVESTMENTS))}. Securities are not booked "
            "here: download the statement of the cash account that belongs to them."
        )
    raise StatementRefused(f"{name} is an OFX file without the statement of an account. Download it again.")


def _line(tag: Group | None) -> int:
    return tag.line if tag else 0


def _refuse_errors(top: Group, name: str) -> None:
    for status in top.each("STATUS"):
        if status.text("SEVERITY").upper() == "ERROR":
            words = status.text("MESSAGE") or "no reason given"
            raise StatementRefused(
                f"{name} holds no statement, only the bank's error {status.text('CODE')} in line {status.line}: "
                f"“{words}”. Download the file again."
            )


@dataclass(frozen=True, slots=True)
class _Reader:
    name: str
    group: Group

    def statement(self) -> Statement:
        """One account's statement. OFX tells no opening balance, so nothing proves its lines."""
        account = self.group.first("BANKACCTFROM", "CCACCTFROM")
        number = account.text("ACCTID") if account else ""
        period = self.group.first("BANKTRANLIST")
        from_on = self._date(period, "DTSTART") if period else None
        to_on = self._date(period, "DTEND") if period else None
        currency = self.group.text("CURDEF").upper()
        return Statement(
            kind=StatementKind.BOOKED,
            file_format="OFX",
            account=number,
            account_is_iban=IBAN_SHAPE.fullmatch(number.replace(" ", "")) is not None,
            bank=account.text("BANKID") if account else "",
            currency=currency,
            closing=self._balance("LEDGERBAL", currency, to_on),
            available=self._balance("AVAILBAL", currency, to_on),
            from_on=from_on,
            to_on=to_on,
            lines=tuple(self._lines(currency)),
        )

    def _lines(self, currency: str) -> Iterator[StatementLine]:
        for number, tag in enumerate(self.group.each(*TRANSACTIONS), 1):
            yield self._transaction(tag, number, currency)

    def _transaction(self, tag: Group, number: int, currency: str) -> StatementLine:
        place = f"transaction {number}, line {tag.line}"
        booked_on = self._date(tag, "DTPOSTED", "DTTRAN")
        if booked_on is None:
            raise self._refused(place, "it has no date (DTPOSTED)")
        payee = tag.first("PAYEE")
        other = tag.first("BANKACCTTO", "CCACCTTO")
        original = tag.first("ORIGCURRENCY")
        payer = tag.text("EXTDNAME", "NAME") or (payee.text("NAME") if payee else "")
        return StatementLine(
            booked_on=booked_on,
            value_on=self._date(tag, "DTAVAIL") or booked_on,
            amount=self._amount(tag, place),
            currency=self._currency(tag) or currency,
            payer=payer,
            payer_account=other.text("ACCTID") if other else "",
            references=self._references(tag),
            text=tag.text("MEMO") or payer,
            posting_text=tag.text("TRNTYPE"),
            is_pending=tag.name == "STMTTRNP",
            transaction_code=f"OFX {tag.text('TRNTYPE')}".strip(),
            original_currency=original.text("CURSYM") if original else "",
            place=place,
            raw=" ".join(f"<{name}>{value}" for name, value in tag.values.items()),
        )

    def _references(self, tag: Group) -> References:
        cheque = tag.text("CHECKNUM", "CHKNUM")
        return References(
            bank_reference=reference(tag.text("FITID")),
            transaction=reference(tag.text("SRVRTID")),
            customer_reference=reference(tag.text("REFNUM")),
            cheque=cheque if cheque.strip("0") else "",
        )

    def _currency(self, tag: Group) -> str:
        """The currency that the amount is in, where it is not the account's."""
        told = tag.first("CURRENCY")
        return told.text("CURSYM").upper() if told else ""

    def _amount(self, tag: Group, place: str) -> Decimal:
        written = tag.text("TRNAMT")
        try:
            return any_amount(written)
        except ValueError as error:
            raise self._refused(place, f"“{written}” is no amount (TRNAMT)") from error

    def _balance(self, group: str, currency: str, to_on: date | None) -> Balance | None:
        """A balance; some banks leave it or its day empty, and then there is none or it is of the period's last day."""
        tag = self.group.first(group)
        written = tag.text("BALAMT") if tag else ""
        if tag is None or not written:
            return None
        try:
            amount = any_amount(written)
        except ValueError as error:
            raise self._refused(f"line {tag.line}", f"“{written}” is no balance (BALAMT)") from error
        day = self._date(tag, "DTASOF") or to_on
        return Balance(amount, currency, day) if day else None

    def _date(self, tag: Group, *names: str) -> date | None:
        """The day as the bank's own clock says it; noughts say that there is none."""
        written = tag.text(*names)[:8]
        if not written.strip("0"):
            return None
        try:
            return date(int(written[:4]), int(written[4:6]), int(written[6:8]))
        except ValueError as error:
            raise self._refused(f"line {tag.line}", f"“{tag.text(*names)}” is no day") from error

    def _refused(self, place: str, what: str) -> StatementRefused:
        return StatementRefused(f"{self.name}, {place}: {what}. Download the file again.")
