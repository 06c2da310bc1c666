"""The bank statements that arrived this morning: money that a newcomer imports, matches and posts."""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from io import StringIO
from textwrap import wrap
from xml.etree import ElementTree as Xml

from core.models import BankAccount
from integrations.demo.books import Ledger
from integrations.demo.story import CustomerStory, InvoiceStory
from ledger.models import OpenItem

NAMESPACE = "urn:iso:std:iso:20022:tech:xsd:camt.053.001.02"
CENT = Decimal("0.01")
SWIFT_WIDTH = 65


@dataclass(frozen=True)
class Deposit:
    """A line of a statement: what the bank knows about money that came in."""

    booked_on: date
    amount: Decimal
    payer: str
    payer_account: str
    text: str
    reference: str = ""


@dataclass(frozen=True)
class Morning:
    """A statement to be written: an account, what stood on it before, and what came in."""

    account: BankAccount
    opening: Decimal
    deposits: Sequence[Deposit]

    @property
    def closing(self) -> Decimal:
        """What stands on the account afterwards."""
        return self.opening + sum((deposit.amount for deposit in self.deposits), Decimal(0))


def deposits_of(ledger: Ledger, stories: Sequence[InvoiceStory], days: Sequence[date]) -> list[Deposit]:
    """Turn payments into lines as customers write them: exactly, sloppily, too little, too much, or not at all."""
    deposits: list[Deposit] = []
    by_customer: dict[str, list[InvoiceStory]] = {}
    for story in stories:
        by_customer.setdefault(story.customer.code, []).append(story)
    for position, rows in enumerate(by_customer.values()):
        on = days[position % len(days)]
        items = [ledger.item_of(row) for row in rows]
        deposits.append(WAYS[position % len(WAYS)](rows[0].customer, items, on))
    deposits.append(_stranger(days[-1]))
    return sorted(deposits, key=lambda deposit: deposit.booked_on)


def _total(items: Sequence[OpenItem]) -> Decimal:
    return sum((item.open_amount for item in items), Decimal(0))


def _line(
    customer: CustomerStory, on: date, amount: Decimal, text: str, *, account: bool = True, reference: str = ""
) -> Deposit:
    payer = customer.name.upper().replace("&", "UND")[:27]
    return Deposit(on, amount, payer, customer.iban if account else "", text, reference)


def _exact(customer: CustomerStory, items: Sequence[OpenItem], on: date) -> Deposit:
    return _line(customer, on, _total(items), " ".join(item.number for item in items))


def _damaged(customer: CustomerStory, items: Sequence[OpenItem], on: date) -> Deposit:
    return _line(customer, on, _total(items), "RE " + ",".join(item.number.replace("-", "") for item in items))


def _structured(customer: CustomerStory, items: Sequence[OpenItem], on: date) -> Deposit:
    return _line(customer, on, items[0].open_amount, "", reference=items[0].reference)


def _nameless(customer: CustomerStory, items: Sequence[OpenItem], on: date) -> Deposit:
    return _line(customer, on, _total(items), "MONTHLY ACCOUNT", account=False)


def _short(customer: CustomerStory, items: Sequence[OpenItem], on: date) -> Deposit:
    return _line(customer, on, _total(items) - Decimal("12.50"), " ".join(item.number for item in items))


def _over(customer: CustomerStory, items: Sequence[OpenItem], on: date) -> Deposit:
    return _line(customer, on, _total(items) + 300, " ".join(item.number for item in items))


def _tail_only(customer: CustomerStory, items: Sequence[OpenItem], on: date) -> Deposit:
    return _line(customer, on, _total(items), "INV " + " ".join(item.number.rpartition("-")[2] for item in items))


def _stranger(on: date) -> Deposit:
    return Deposit(on, Decimal("150.00"), "", "", "FT REF 0091827 J HARRIS")


WAYS: list[Callable[[CustomerStory, Sequence[OpenItem], date], Deposit]] = [
    _exact,
    _damaged,
    _structured,
    _exact,
    _nameless,
    _short,
    _tail_only,
    _over,
]


def business_days_before(today: date, count: int) -> list[date]:
    """The last weekdays before today, oldest first."""
    found: list[date] = []
    day = today
    while len(found) < count:
        day -= timedelta(days=1)
        if day.weekday() < 5:
            found.append(day)
    return found[::-1]


# How banks write them ------------------------------------------------------------------------------------------------


def as_camt(morning: Morning) -> str:
    """CAMT.053, as most European banks send it."""
    document = Xml.Element("Document", xmlns=NAMESPACE)
    message = Xml.SubElement(document, "BkToCstmrStmt")
    head = Xml.SubElement(message, "GrpHdr")
    first, last = morning.deposits[0].booked_on, morning.deposits[-1].booked_on
    _add(head, "MsgId", f"DEMO{last:%Y%m%d}")
    _add(head, "CreDtTm", f"{last.isoformat()}T22:00:00")
    statement = Xml.SubElement(message, "Stmt")
    _add(statement, "Id", f"{morning.account.iban[-8:]}-{last:%Y%m%d}")
    _add(statement, "ElctrncSeqNb", str(last.timetuple().tm_yday))
    _add(statement, "CreDtTm", f"{last.isoformat()}T22:00:00")
    account = Xml.SubElement(statement, "Acct")
    _add(Xml.SubElement(account, "Id"), "IBAN", morning.account.iban)
    _add(account, "Ccy", morning.account.currency)
    _balance(statement, "OPBD", morning.opening, morning.account.currency, first)
    _balance(statement, "CLBD", morning.closing, morning.account.currency, last)
    for position, deposit in enumerate(morning.deposits, start=1):
        _entry(statement, deposit, morning.account.currency, position)
    Xml.indent(document)
    return '<?xml version="1.0" encoding="UTF-8"?>\n' + Xml.tostring(document, encoding="unicode") + "\n"


def _add(parent: Xml.Element, name: str, text: str) -> Xml.Element:
    element = Xml.SubElement(parent, name)
    element.text = text
    return element


def _amount(parent: Xml.Element, amount: Decimal, currency: str) -> None:
    _add(parent, "Amt", f"{abs(amount):.2f}").set("Ccy", currency)
    _add(parent, "CdtDbtInd", "CRDT" if amount >= 0 else "DBIT")


def _balance(statement: Xml.Element, code: str, amount: Decimal, currency: str, on: date) -> None:
    balance = Xml.SubElement(statement, "Bal")
    _add(Xml.SubElement(Xml.SubElement(balance, "Tp"), "CdOrPrtry"), "Cd", code)
    _amount(balance, amount, currency)
    _add(Xml.SubElement(balance, "Dt"), "Dt", on.isoformat())


def _entry(statement: Xml.Element, deposit: Deposit, currency: str, position: int) -> None:
    entry = Xml.SubElement(statement, "Ntry")
    _amount(entry, deposit.amount, currency)
    _add(entry, "Sts", "BOOK")
    for name in ("BookgDt", "ValDt"):
        _add(Xml.SubElement(entry, name), "Dt", deposit.booked_on.isoformat())
    _add(entry, "AcctSvcrRef", f"{deposit.booked_on:%y%m%d}{position:05d}")
    details = Xml.SubElement(Xml.SubElement(entry, "NtryDtls"), "TxDtls")
    _add(Xml.SubElement(details, "Refs"), "EndToEndId", "NOTPROVIDED")
    if deposit.payer:
        parties = Xml.SubElement(details, "RltdPties")
        _add(Xml.SubElement(parties, "Dbtr"), "Nm", deposit.payer)
        if deposit.payer_account:
            _add(Xml.SubElement(Xml.SubElement(parties, "DbtrAcct"), "Id"), "IBAN", deposit.payer_account)
    remittance = Xml.SubElement(details, "RmtInf")
    if deposit.reference:
        structured = Xml.SubElement(Xml.SubElement(remittance, "Strd"), "CdtrRefInf")
        kind = Xml.SubElement(structured, "Tp")
        _add(Xml.SubElement(kind, "CdOrPrtry"), "Cd", "SCOR")
        _add(structured, "Ref", deposit.reference)
    else:
        _add(remittance, "Ustrd", deposit.text)


def as_mt940(morning: Morning) -> str:
    """MT940, as banks have sent it for thirty years."""
    first, last = morning.deposits[0].booked_on, morning.deposits[-1].booked_on
    return "\r\n".join(
        [
            f":20:DEMO{last:%y%m%d}",
            f":25:{morning.account.iban}",
            f":28C:{last.timetuple().tm_yday:05d}/001",
            f":60F:{_swift(morning.opening, morning.account.currency, first)}",
            *_swift_lines(morning),
            f":62F:{_swift(morning.closing, morning.account.currency, last)}",
            "-",
            "",
        ]
    )


def _swift(amount: Decimal, currency: str, on: date) -> str:
    return f"{'C' if amount >= 0 else 'D'}{on:%y%m%d}{currency}{abs(amount):.2f}".replace(".", ",")


def _swift_lines(morning: Morning) -> Iterator[str]:
    for position, deposit in enumerate(morning.deposits, start=1):
        on = deposit.booked_on
        amount = f"{deposit.amount:.2f}".replace(".", ",")
        yield f":61:{on:%y%m%d}{on:%m%d}C{amount}NTRFNONREF//{on:%y%m%d}{position:06d}"
        payer = f"/ORDP/{deposit.payer}" if deposit.payer else ""
        told = f":86:{payer}/REMI/{deposit.reference or deposit.text}"
        yield from wrap(told, SWIFT_WIDTH, break_on_hyphens=False, drop_whitespace=False)


def as_csv(morning: Morning) -> str:
    """A German bank's download: semicolons, commas, the running balance in the last column."""
    out = StringIO()
    writer = csv.writer(out, delimiter=";", lineterminator="\r\n")
    writer.writerow(["Buchungstag", "Valuta", "Auftraggeber", "IBAN", "Verwendungszweck", "Betrag", "Währung", "Saldo"])
    balance = morning.opening
    for deposit in morning.deposits:
        balance += deposit.amount
        on = f"{deposit.booked_on:%d.%m.%Y}"
        told = deposit.reference or deposit.text
        figures = [_german(deposit.amount), morning.account.currency, _german(balance)]
        writer.writerow([on, on, deposit.payer, deposit.payer_account, told, *figures])
    return out.getvalue()


def _german(amount: Decimal) -> str:
    return f"{amount.quantize(CENT):,.2f}".translate(str.maketrans(",.", ".,"))
