"""Lockbox files in BAI1 style: fixed fields, one record a line, a cheque (6) with the documents on its stub (4).

1 and 2 name the bank, 5 opens a batch, 7 and 8 add up, 9 ends the file. Not the BAI2 format of balances.
"""

import re
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from cashapp.remittances.model import MOST_LINES, Advice, RemittanceRefused, StatedLine
from cashapp.remittances.writing import amounts_in, documents_in

RECORDS = re.compile(r"[1-9]")
HEADER = re.compile(r"1\d{2}.{10}.{10}\d{6}")
LONGEST_RECORD = 400


@dataclass(slots=True)
class Cheque:
    """One cheque of a batch, with what its stub says."""

    batch: str
    item: str
    amount: Decimal
    account: str
    number: str
    payer: str
    paid_on: date | None
    memos: list[str] = field(default_factory=list)

    def advice(self, findings: tuple[str, ...]) -> Advice:
        """The cheque as a payment."""
        lines = [line for memo in self.memos for line in _lines(memo, f"item {self.item}")]
        return Advice(
            file_format="Lockbox",
            reference=f"{self.batch}-{self.item}",
            trace=self.number,
            payer=self.payer,
            payer_account=self.account,
            paid_on=self.paid_on,
            total=self.amount,
            lines=tuple(lines),
            memo=" ".join(self.memos)[:400],
            findings=findings,
        )


def is_lockbox(text: str) -> bool:
    """Whether the first line is a header (1) and the others are records, cheques among them."""
    lines = [line for line in text.splitlines()[:200] if line.strip()]
    if not lines or not HEADER.match(lines[0]):
        return False
    return all(RECORDS.match(line) for line in lines) and any(line.startswith("6") for line in lines)


def read_lockbox(text: str, name: str) -> list[Advice]:
    """Every cheque of the file."""
    batches: dict[str, list[Cheque]] = {}
    totals: dict[str, str] = {}
    deposited_on: date | None = None
    for number, line in enumerate(text.splitlines(), 1):
        if len(line) > LONGEST_RECORD:
            raise RemittanceRefused(f"{name}, line {number} is {len(line)} characters long. This is no lockbox file.")
        if line.startswith("5"):
            deposited_on = _day(line[14:20], "ymd")
        elif line.startswith("6"):
            batches.setdefault(line[1:4], []).append(_cheque(line, number, name, deposited_on))
        elif line.startswith("4"):
            _add_stub(batches.get(line[1:4], []), line, number, name)
        elif line.startswith("7"):
            totals[line[1:4]] = line
    if not batches:
        raise RemittanceRefused(f"{name} is a lockbox file without a cheque.")
    wrong = {batch: tuple(_batch_findings(line, batches.get(batch, []))) for batch, line in totals.items()}
    return [each.advice(wrong.get(batch, ())) for batch, cheques in batches.items() for each in cheques]


def _cheque(line: str, number: int, name: str, deposited_on: date | None) -> Cheque:
    cents = line[7:17]
    if not cents.isdecimal():
        raise RemittanceRefused(f"{name}, line {number}: “{cents}” is no amount in cents.")
    written_on = _day(line[46:52], "mdy")
    return Cheque(
        batch=line[1:4],
        item=line[4:7],
        amount=Decimal(cents).scaleb(-2),
        account=line[26:36].strip().lstrip("0"),
        number=line[36:46].strip().lstrip("0"),
        payer=line[52:82].strip(),
        paid_on=deposited_on or written_on,
    )


def _add_stub(found: list[Cheque], line: str, number: int, name: str) -> None:
    """The documents on a stub belong to the cheque of the same batch and item."""
    cheque = next((each for each in reversed(found) if (each.batch, each.item) == (line[1:4], line[4:7])), None)
    if cheque is None:
        raise RemittanceRefused(f"{name}, line {number}: a stub of item {line[4:7]}, which has no cheque before it.")
    if len(cheque.memos) >= MOST_LINES:
        raise RemittanceRefused(f"{name}: the stub of cheque {cheque.number} is longer than {MOST_LINES:,} lines.")
    if memo := line[11:].strip():
        cheque.memos.append(memo)


def _lines(memo: str, place: str) -> list[StatedLine]:
    """What a stub names: one document with its amount in cents or written out, or several by number."""
    fixed = re.fullmatch(r"(\S{2,20})\s+(\d{10})(?:\s+(\d{10}))?", memo)
    if fixed:
        paid = Decimal(fixed[2]).scaleb(-2)
        return [StatedLine(number=fixed[1], paid=paid, place=place)]
    documents, amounts = documents_in(memo), amounts_in(memo)
    if not documents:
        short = memo.strip()
        return [StatedLine(number=short, place=place)] if re.fullmatch(r"(?=.*\d)[\w./-]{3,20}", short) else []
    if len(documents) == len(amounts):
        return [StatedLine(number=n, paid=a, place=place) for n, a in zip(documents, amounts, strict=True)]
    return [StatedLine(number=each, place=place) for each in documents]


def _batch_findings(line: str, cheques: list[Cheque]) -> list[str]:
    count, cents = line[20:23], line[23:33]
    findings = []
    total = sum((each.amount for each in cheques), Decimal(0))
    if cents.isdecimal() and Decimal(cents).scaleb(-2) != total:
        findings.append(
            f"Batch {line[1:4]} says {Decimal(cents).scaleb(-2):,.2f} and its cheques come to {total:,.2f}."
        )
    if count.isdecimal() and int(count) != len(cheques):
        findings.append(f"Batch {line[1:4]} says {int(count)} cheques and has {len(cheques)}.")
    return findings


def _day(told: str, order: str) -> date | None:
    """YYMMDD, or MMDDYY on cheques; None for anything else."""
    if not told.isdecimal() or len(told) != 6:
        return None
    year, month, day = (told[:2], told[2:4], told[4:]) if order == "ymd" else (told[4:], told[:2], told[2:4])
    try:
        return date(2000 + int(year), int(month), int(day))
    except ValueError:
        return None
