"""One BAI2 transaction (record 16 with its continuations) as a line of a statement."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal

from cashapp.statements.bai2_codes import (
    LOCKBOX_DEPOSIT,
    LOCKBOX_ITEM,
    RETURNS,
    TAKES_BACK_RECEIPTS,
    WORDS,
    sign_of,
)
from cashapp.statements.bai2_records import Record
from cashapp.statements.model import References, StatementLine, sum_of
from cashapp.statements.values import reference, squeeze, swift_date

AMOUNT = re.compile(r"\+?\d{1,18}")
LABEL = re.compile(r"([A-Z]{2,4}): ?(.*)")
BY_ORDER_OF = re.compile(r"(?P<account>\S*) *BO1:(?P<name>.*?)(?: *BO\d:|$)")
FROM = re.compile(r"\bFrom: ([^,]{2,140})")
TO = re.compile(r"\bTo: ([^,]{2,140})")
REMITTER = re.compile(r"\b(?:REMITTER|PAYOR|PAYER)(?: NAME)?[: ]+([^,:/]{2,80}?)(?=\s{2,}|[,:/]|$)", re.IGNORECASE)
CHEQUE = re.compile(
    r"\b(?:CHECK|CHEQUE|CHK|CK)(?: SERIAL)?(?: ?(?:NO|NUMBER|NUM|#))?[.: #]{0,3}(\d{3,12})\b", re.IGNORECASE
)
REASON = re.compile(r"Reason: \"?(R\d\d|[^\",]{2,40})", re.IGNORECASE)
SAID = frozenset({"REMI", "PY"})
LABELS = SAID | {"CREF", "EREF", "DBNM", "CRNM", "DACT", "CACT", "DABA", "CABA", "DBIC", "CBIC", "CHKN", "IDNM"}
LABELS |= {"FR", "ENDT", "TRID", "BI", "OB", "BO"}


@dataclass(frozen=True, slots=True)
class Parts:
    """The fields of a transaction, funds types unfolded."""

    code: str
    amount: int
    value_on: date | None
    bank_reference: str
    customer_reference: str
    text: str


def whole_number(written: str) -> int:
    """Digits with a sign or without; anything else is a ValueError."""
    if not re.fullmatch(r"[+-]?\d{1,18}", written):
        raise ValueError(written)
    return int(written)


def parts_of(record: Record) -> Parts:
    """Take a record 16 apart. A field that is none of its kind is a ValueError."""
    fields = record.fields
    code, written = fields[0].zfill(3), fields[1] if len(fields) > 1 else ""
    if not re.fullmatch(r"\d{3}", code) or not AMOUNT.fullmatch(written):
        raise ValueError(f"{code},{written}")
    funds, after = funds_of(fields, 2)
    rest = [*fields[after:], "", ""]
    return Parts(code, int(written), funds, rest[0], rest[1], ",".join(record.body.split(",")[after + 2 :]))


def funds_of(fields: Sequence[str], at: int) -> tuple[date | None, int]:
    """The value date of a funds type, and where the field after it stands.

    V carries a day and a time, S three amounts by availability, D a number of pairs of days and amounts.
    """
    kind = fields[at].upper() if at < len(fields) else ""
    if kind in {"", "0", "1", "2", "Z"}:
        return None, at + 1
    if kind == "V":
        day = fields[at + 1] if at + 1 < len(fields) else ""
        return swift_date(day) if day.strip("0") else None, at + 3
    if kind == "S":
        return None, at + 4
    if kind == "D" and re.fullmatch(r"\d{1,3}", fields[at + 1]):
        return None, at + 2 + 2 * int(fields[at + 1])
    raise ValueError(kind)


def line_of(parts: Parts, more: Sequence[Record], booked_on: date, currency: str, decimals: int) -> StatementLine:
    """The line, its payer and references read from the labels that some banks write into the text."""
    sign = sign_of(parts.code)
    told, labelled = _words(parts, more)
    whole = squeeze(" ".join([parts.text, *(record.body for record in more)]))
    name, account = _other_side(sign, labelled, told)
    return StatementLine(
        booked_on=booked_on,
        value_on=parts.value_on or booked_on,
        amount=sign * Decimal(parts.amount).scaleb(-decimals),
        currency=currency,
        payer=squeeze(name),
        payer_account=account,
        references=_references(parts, labelled, whole),
        text=squeeze(told),
        posting_text=WORDS.get(parts.code, ""),
        is_reversal=parts.code in TAKES_BACK_RECEIPTS,
        return_reason=_reason(parts.code, whole),
        transaction_code=f"BAI {parts.code}",
        raw=whole,
    )


def _words(parts: Parts, more: Sequence[Record]) -> tuple[str, dict[str, str]]:
    """What the payment is for, and every labelled value."""
    told = parts.text
    labelled: dict[str, str] = {}
    fills = False
    for record in more:
        found = LABEL.fullmatch(record.body.strip())
        if found and found[1] in LABELS:
            labelled.setdefault(found[1], found[2].strip())
            told += f" {found[2]}" if found[1] in SAID and found[2] not in told else ""
        else:
            told += record.body.rstrip() if fills else f" {record.body}"
        fills = record.fills_its_line
    return told.removesuffix(",-"), labelled


def _other_side(sign: int, labelled: dict[str, str], told: str) -> tuple[str, str]:
    """Name and account of who paid, or was paid."""
    if sign < 0:
        found = TO.search(told)
        return labelled.get("CRNM") or (found[1] if found else ""), labelled.get("CACT", "")
    ordered = BY_ORDER_OF.match(labelled.get("BO", ""))
    if ordered:
        return ordered["name"], ordered["account"]
    found = FROM.search(told) or REMITTER.search(told)
    return labelled.get("DBNM") or (found[1] if found else ""), labelled.get("DACT", "")


def _references(parts: Parts, labelled: dict[str, str], whole: str) -> References:
    cheque = CHEQUE.search(whole)
    number = labelled.get("CHKN", "") or (cheque[1] if cheque else "")
    if not number and parts.code == LOCKBOX_ITEM:
        number = parts.customer_reference
    return References(
        bank_reference=reference(parts.bank_reference),
        customer_reference=reference(parts.customer_reference),
        end_to_end=reference(labelled.get("EREF")),
        transaction=reference(labelled.get("TRID")),
        clearing=reference(labelled.get("CREF")),
        cheque=number if number.isdecimal() and number.strip("0") else "",
    )


def _reason(code: str, whole: str) -> str:
    if code not in RETURNS:
        return ""
    found = REASON.search(whole)
    return found[1] if found else RETURNS[code]


def with_lockbox_items(lines: Sequence[StatementLine]) -> tuple[list[StatementLine], list[str]]:
    """A lockbox deposit and its items are the same money: the items become its payments where they add up to it.

    Where they do not, the deposit stays one line, with the items' words, and a sentence says so.
    """
    kept: list[StatementLine] = []
    findings: list[str] = []
    at = 0
    while at < len(lines):
        end = at + 1
        if lines[at].transaction_code == f"BAI {LOCKBOX_DEPOSIT}":
            while end < len(lines) and lines[end].transaction_code == f"BAI {LOCKBOX_ITEM}":
                end += 1
        kept += _deposit(lines[at], lines[at + 1 : end], findings)
        at = end
    return kept, findings


def _deposit(deposit: StatementLine, items: Sequence[StatementLine], findings: list[str]) -> list[StatementLine]:
    if not items:
        return [deposit]
    total = sum_of(item.amount for item in items)
    if total != deposit.amount:
        findings.append(
            f"The items of the lockbox deposit in {deposit.place} add up to {total:,} and not to {deposit.amount:,}, "
            "so it stays one line."
        )
        words = " ".join(item.text for item in items)
        return [replace(deposit, text=squeeze(f"{deposit.text} {words}"))]
    entry = deposit.references.bank_reference
    return [
        replace(
            item,
            place=f"{deposit.place}, payment {number}",
            references=replace(item.references, entry_reference=entry),
        )
        for number, item in enumerate(items, 1)
    ]
