"""Remittances in words: lockbox stubs, mails, pasted text, the text of a PDF. Labels, tables and sentences."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal

from cashapp.remittances.labels import role_of
from cashapp.remittances.model import (
    MOST_LINES,
    ZERO,
    Advice,
    RemittanceRefused,
    StatedDeduction,
    StatedLine,
    credits_fitted,
)
from cashapp.remittances.text_table import TextTable
from cashapp.remittances.writing import amounts_in, currency_in, day_in, documents_in
from cashapp.statements.values import squeeze

LONGEST_TEXT = 2_000_000
LONGEST_LINE = 1000
LABELLED = re.compile(r"\s*(?P<label>[^\W\d_][^:=|]{0,40}?)\s*[:=]\s*(?P<value>.*)")
SENTENCES = re.compile(
    r"(?<!\S)(?P<amount>[^\s\d]{0,4}\d[\d.,']{0,18}[.,]\d{2})\s(?:to|for|on|against|towards|auf|fur|für|zu)\s"
    r"(?:[^\W_]{1,20}\s){0,2}(?P<number>[A-Za-z0-9][A-Za-z0-9/_-]{2,29})"
)
MOST_IN_SENTENCES = 50_000
FIGURE = re.compile(r"\d[\d.,' ]*[.,]\d{2}")


@dataclass(slots=True)
class Reading:
    """What was found in a text so far."""

    told: dict[str, str] = field(default_factory=dict)
    totals: list[Decimal] = field(default_factory=list)
    numbers: list[str] = field(default_factory=list)
    orders: list[str] = field(default_factory=list)
    deductions: list[str] = field(default_factory=list)
    paid: dict[str, Decimal] = field(default_factory=dict)
    rows: dict[str, StatedLine] = field(default_factory=dict)
    findings: list[str] = field(default_factory=list)

    def label(self, role: str, value: str) -> None:
        """Take one labelled value in."""
        if role == "number":
            self.numbers += [each for each in _named(value) if each not in self.numbers]
        elif role == "purchase_order":
            self.orders += [each for each in _named(value) if each not in self.orders]
        elif role == "deduction":
            self.deductions.append(value)
        elif role in ("total", "paid"):
            self.totals += amounts_in(value)[:1]
        elif value:
            self.told.setdefault(role, value)


def read_words(text: str, name: str, file_format: str) -> Advice:
    """The one payment that a text explains."""
    if len(text) > LONGEST_TEXT:
        raise RemittanceRefused(f"{name} has more than {LONGEST_TEXT:,} characters of text. Send the table as CSV.")
    lines = [line[:LONGEST_LINE] for line in text.splitlines()]
    reading = Reading()
    _read_lines(reading, lines)
    _read_sentences(reading, text)
    stated = _lines_of(reading)
    if not reading.totals and not stated:
        raise RemittanceRefused(
            f"{name} names no document and no amount. Paste the part that says what the payment is for."
        )
    return _advice(reading, stated, text, file_format)


def _read_lines(reading: Reading, lines: Iterable[str]) -> None:
    table = TextTable()
    for number, line in enumerate(lines, 1):
        labelled = LABELLED.fullmatch(line)
        role = role_of(labelled["label"]) if labelled else ""
        if labelled and role:
            reading.label(role, labelled["value"].strip())
            continue
        if table.read_heading(line):
            continue
        row = table.row(line, f"line {number}")
        if row is not None:
            reading.rows.setdefault(row.number, row)
        elif (total := table.total(line)) is not None:
            reading.totals.append(total)
        if len(reading.rows) > MOST_LINES:
            raise RemittanceRefused(f"More than {MOST_LINES:,} documents in one text. Send the table as CSV.")


def _read_sentences(reading: Reading, text: str) -> None:
    """“apply 1,100.00 to INV-10580”."""
    for match in SENTENCES.finditer(squeeze(text[:MOST_IN_SENTENCES])):
        amounts, documents = amounts_in(match["amount"]), documents_in(match["number"])
        if amounts and documents:
            reading.paid.setdefault(documents[0], amounts[-1])


def _named(value: str) -> list[str]:
    """The numbers in a value; where none looks like one, its words between commas."""
    found = documents_in(value)
    if found:
        return found
    parts = [part.strip() for part in re.split(r"[,;]", value)]
    return [part for part in parts if re.fullmatch(r"(?=.*\d)[\w./#-]{1,30}", part)]


def _lines_of(reading: Reading) -> list[StatedLine]:
    lines = dict(reading.rows)
    for number in reading.numbers:
        lines.setdefault(number, StatedLine(number=number))
    for number, paid in reading.paid.items():
        if number in lines and lines[number].net is None:
            lines[number] = replace(lines[number], paid=paid)
        elif not lines:
            lines[number] = StatedLine(number=number, paid=paid)
    _place_deductions(reading, lines)
    if not lines:
        return [StatedLine(purchase_order=order) for order in reading.orders]
    if len(lines) == 1 and len(reading.orders) == 1:
        return [replace(line, purchase_order=line.purchase_order or reading.orders[0]) for line in lines.values()]
    return list(lines.values())


def _place_deductions(reading: Reading, lines: dict[str, StatedLine]) -> None:
    """A deduction belongs to the document that its words name, or to the only one."""
    for told in reading.deductions:
        amounts = amounts_in(told)
        if not amounts:
            continue
        named = [each for each in documents_in(told) if each in lines]
        target = named[0] if len(named) == 1 else next(iter(lines)) if len(lines) == 1 else ""
        words = squeeze(FIGURE.split(told, maxsplit=1)[-1]).strip(" ,;:-")
        if not target:
            reading.findings.append(f"{amounts[0]:,.2f} is kept back ({words}), but of which document is not told.")
            continue
        kept = StatedDeduction(abs(amounts[0]), words=words[:200])
        lines[target] = replace(lines[target], deductions=(*lines[target].deductions, kept))


def _advice(reading: Reading, lines: Sequence[StatedLine], text: str, file_format: str) -> Advice:
    told = reading.told
    nets = [line.net for line in lines]
    total = reading.totals[-1] if reading.totals else None
    if total is None and lines and None not in nets:
        total = sum((net or ZERO for net in nets), ZERO)
    return Advice(
        file_format=file_format,
        reference=told.get("reference", ""),
        trace=told.get("trace", ""),
        payer=told.get("payer", ""),
        payer_code=told.get("payer_code", ""),
        paid_on=day_in(told.get("paid_on", "")),
        currency=currency_in(told.get("currency", "")) or currency_in(text),
        total=total,
        lines=credits_fitted(lines, total),
        memo=told.get("memo", "")[:400],
        findings=tuple(reading.findings),
    )
