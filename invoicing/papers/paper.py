"""A document as its page shows it: only text, in the order in which it is read."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from functools import cached_property

from babel import Locale

from core.locales import amount_in, day_in, locale_of, money_in
from core.models import BankAccount, LegalEntity
from core.money import ZERO, Money, round_to_currency
from core.pdf import picture_url
from core.qr import payment_code, qr_url
from invoicing.models import CreditNote, Document, DocumentLine, DocumentTax, Invoice, Party
from invoicing.papers.words import Words, percent_in, price_in, quantity_in, sign_of, words_in
from invoicing.references import spaced
from invoicing.totals import HUNDRED


@dataclass(frozen=True, slots=True)
class Fact:
    """A label and what it says."""

    label: str
    value: str


@dataclass(frozen=True, slots=True)
class PaperLine:
    """A line as text. `so_far` is the net up to here, for the foot of a page that ends with it."""

    description: str
    details: Sequence[str]
    quantity: str
    unit_price: str
    tax: str
    net: str
    so_far: str


@dataclass(frozen=True, slots=True)
class PayBox:
    """How to pay."""

    facts: Sequence[Fact]
    code: str = ""
    code_text: str = ""
    note: str = ""


@dataclass(frozen=True, kw_only=True)
class Paper:
    """Everything that a page says."""

    language: str
    words: Words
    heading: str
    name: str
    seller_name: str
    logo: str
    bill_to: Sequence[str]
    facts: Sequence[Fact]
    strip: Sequence[Fact]
    text: str
    sign: str
    lines: Sequence[PaperLine]
    tax_rows: Sequence[tuple[str, str, str]]
    sums: Sequence[Fact]
    total: Fact
    pay: PayBox | None = None
    notes: Sequence[str] = field(default_factory=tuple)
    footer: str = ""
    is_letter_size: bool = False

    @property
    def fact_columns(self) -> list[Sequence[Fact]]:
        """The facts in two columns, read down the first and then the second."""
        return [self.facts[::2], self.facts[1::2]]


@dataclass(frozen=True)
class Writer:
    """Writes the parts that every document has, in its language and currency."""

    entity: LegalEntity
    document: Document
    seller: Party
    buyer: Party

    @cached_property
    def locale(self) -> Locale:
        """The document's language as the seller's country writes it."""
        return locale_of(self.document.language, self.entity.country)

    @cached_property
    def words(self) -> Words:
        """Its labels."""
        return words_in(self.locale)

    def day(self, day: date | None) -> str:
        """A date in full."""
        return day_in(self.locale, day) if day else "–"

    def amount(self, amount: Decimal) -> str:
        """An amount under a head that names the currency."""
        return amount_in(self.locale, amount, self.document.currency)

    def money(self, amount: Decimal) -> str:
        """An amount with its currency."""
        return money_in(self.locale, Money(amount, self.document.currency))

    def percent(self, percent: Decimal) -> str:
        """A percentage."""
        return percent_in(self.locale, percent)

    def period(self, start: date | None, end: date | None) -> str:
        """A service period, or its one day."""
        if start is None:
            return ""
        if end is None or end == start:
            return self.day(start)
        return self.words.say("from_to", start=self.day(start), end=self.day(end))

    def bill_to(self) -> list[str]:
        """The buyer's name and address; the country only where it isn't the seller's."""
        abroad = self.buyer.country and self.buyer.country != self.seller.country
        lines = [self.buyer.name, *self.buyer.address_lines.splitlines()]
        lines += [str(self.locale.territories.get(self.buyer.country, self.buyer.country))] if abroad else []
        return lines + ([f"{self.words.tax_number} {self.buyer.tax_number}"] if self.buyer.tax_number else [])

    def lines(self, lines: Iterable[DocumentLine]) -> list[PaperLine]:
        """The lines, with the running total of each."""
        written, so_far = [], ZERO
        for line in lines:
            so_far += line.net
            written.append(self._line(line, so_far))
        return written

    def _line(self, line: DocumentLine, so_far: Decimal) -> PaperLine:
        unit = self.words.unit.get(line.unit, "")
        return PaperLine(
            description=line.description,
            details=self._details(line),
            quantity=f"{quantity_in(self.locale, line.quantity)} {unit}".strip(),
            unit_price=price_in(self.locale, line.unit_price, self.document.currency),
            tax=self.percent(line.tax_rate.percent),
            net=self.amount(line.net),
            so_far=self.amount(so_far),
        )

    def _details(self, line: DocumentLine) -> list[str]:
        parts = line.detail.splitlines()
        period = self.period(getattr(line, "service_from", None), getattr(line, "service_until", None))
        if period:
            parts.append(f"{self.words.service_period} {period}")
        if line.discount_percent:
            parts.append(self.words.say("discount", percent=self.percent(line.discount_percent)))
        return parts

    def tax_rows(self, taxes: Iterable[DocumentTax]) -> list[tuple[str, str, str]]:
        """Rate, net and tax of each rate."""
        return [(self._rate(part), self.amount(part.net), self.amount(part.tax)) for part in taxes]

    def _rate(self, part: DocumentTax) -> str:
        return f"{self.words.category[part.tax_rate.category]} {self.percent(part.tax_rate.percent)}"

    def sums(self, taxes: Iterable[DocumentTax]) -> list[Fact]:
        """Net, and the tax at each rate that has one."""
        rates = [
            Fact(self.words.say("tax_at", percent=self.percent(part.tax_rate.percent)), self.amount(part.tax))
            for part in taxes
        ]
        return [Fact(self.words.total_net, self.amount(self.document.net)), *rates]

    def tax_notes(self, taxes: Iterable[DocumentTax]) -> list[str]:
        """Why no tax is charged, and the tax in the seller's own currency, which the law asks for."""
        notes = [
            part.tax_rate.reason or self.words.reason_text[part.tax_rate.category]
            for part in taxes
            if part.tax_rate.category in self.words.reason_text
        ]
        home = self.entity.currency
        if self.document.currency != home and self.document.tax and self.document.base_tax is not None:
            rate = f"{self.document.rate:.6f}".rstrip("0").rstrip(".")
            said = self.words.say("tax_in", currency=home, rate=rate)
            notes.append(f"{said}: {money_in(self.locale, Money(self.document.base_tax, home))}.")
        return notes

    def footer(self) -> str:
        """Who the seller is, in law."""
        seller, words = self.seller, self.words
        parts = [
            seller.name,
            f"{words.registered} {seller.registration_number}" if seller.registration_number else "",
            f"{words.tax_number} {seller.tax_number}" if seller.tax_number else "",
            ", ".join(seller.address_lines.splitlines()),
        ]
        return ". ".join(part for part in parts if part)


def paper_of_invoice(
    invoice: Invoice, *, seller: Party, buyer: Party, account: BankAccount | None, reference: str = ""
) -> Paper:
    """An invoice, or a draft as it would look."""
    writer = Writer(invoice.entity, invoice, seller, buyer)
    words, taxes = writer.words, list(invoice.taxes.all())
    return _paper(
        writer,
        heading=words.invoice if invoice.is_issued else words.draft,
        facts=_invoice_facts(writer, invoice),
        strip=[
            Fact(words.amount_due, writer.money(invoice.gross)),
            Fact(words.due_by, writer.day(invoice.due_on)),
            Fact(words.pay_with_reference, spaced(invoice.reference) or "–"),
            Fact(words.ways_to_pay, words.bank_transfer),
        ],
        lines=list(invoice.lines.all()),
        taxes=taxes,
        total=Fact(words.total_due, writer.money(invoice.gross)),
        pay=_pay_box(writer, invoice, account),
        notes=[*writer.tax_notes(taxes), *_settlement_discount(writer, invoice), words.closing_text],
    )


def paper_of_credit_note(credit_note: CreditNote, *, seller: Party, buyer: Party) -> Paper:
    """A credit note, naming the invoice that it corrects."""
    writer = Writer(credit_note.entity, credit_note, seller, buyer)
    words, taxes, invoice = writer.words, list(credit_note.taxes.all()), credit_note.invoice
    corrected = words.say("corrects_value", number=str(invoice.number), day=writer.day(invoice.issued_on))
    return _paper(
        writer,
        heading=words.credit_note if credit_note.is_issued else words.draft,
        facts=_credit_note_facts(writer, credit_note),
        strip=[
            Fact(words.amount_credited, writer.money(credit_note.gross)),
            Fact(words.corrects, corrected),
            Fact(words.reason, credit_note.reason),
        ],
        lines=list(credit_note.lines.all()),
        taxes=taxes,
        total=Fact(words.total_credited, writer.money(credit_note.gross)),
        pay=None,
        notes=[*writer.tax_notes(taxes), words.credit_text],
    )


def _paper(
    writer: Writer,
    *,
    heading: str,
    facts: Sequence[Fact],
    strip: Sequence[Fact],
    lines: Sequence[DocumentLine],
    taxes: Sequence[DocumentTax],
    total: Fact,
    pay: PayBox | None,
    notes: Sequence[str],
) -> Paper:
    entity, document = writer.entity, writer.document
    return Paper(
        language=str(writer.locale).replace("_", "-"),
        words=writer.words,
        heading=heading,
        name=f"{heading} {document.number or ''}".strip(),
        seller_name=entity.name,
        logo=picture_url(entity.logo),
        bill_to=writer.bill_to(),
        facts=[fact for fact in facts if fact.value],
        strip=strip,
        text=document.text,
        sign=sign_of(writer.locale, document.currency),
        lines=writer.lines(lines),
        tax_rows=writer.tax_rows(taxes),
        sums=writer.sums(taxes),
        total=total,
        pay=pay,
        notes=notes,
        footer=writer.footer(),
        is_letter_size=entity.country in {"US", "CA"},
    )


def _invoice_facts(writer: Writer, invoice: Invoice) -> list[Fact]:
    words = writer.words
    return [
        Fact(words.number, invoice.number or "–"),
        Fact(words.your_order, invoice.purchase_order),
        Fact(words.issued_on, writer.day(invoice.issued_on)),
        Fact(words.customer, writer.buyer.code),
        Fact(words.terms, invoice.terms.name),
        Fact(words.queries, writer.seller.email),
        Fact(words.service_period, writer.period(invoice.service_from, invoice.service_until)),
    ]


def _credit_note_facts(writer: Writer, credit_note: CreditNote) -> list[Fact]:
    words = writer.words
    return [
        Fact(words.credit_number, credit_note.number or "–"),
        Fact(words.customer, writer.buyer.code),
        Fact(words.credit_issued_on, writer.day(credit_note.issued_on)),
        Fact(words.queries, writer.seller.email),
        Fact(words.your_order, credit_note.purchase_order),
    ]


def _pay_box(writer: Writer, invoice: Invoice, account: BankAccount | None) -> PayBox:
    words, reference = writer.words, invoice.reference
    if account is None:
        return PayBox((), note=words.say("no_account", email=writer.seller.email))
    facts = [
        Fact(words.bank, account.bank_name),
        Fact(words.sort_code, account.sort_code),
        Fact(words.account, account.account_number),
        Fact("IBAN", spaced(account.iban.replace(" ", ""))),
        Fact("BIC", account.bic),
        Fact(words.reference, spaced(reference)),
    ]
    if not invoice.is_issued:
        return PayBox([fact for fact in facts if fact.value])
    code = payment_code(account, writer.seller.name, invoice.money, reference)
    is_epc = code.startswith("BCD")
    return PayBox(
        [fact for fact in facts if fact.value],
        code=qr_url(code),
        code_text=words.scan_text if is_epc else words.scan_plain,
    )


def _settlement_discount(writer: Writer, invoice: Invoice) -> list[str]:
    until = invoice.terms.discount_until(invoice.issued_on) if invoice.issued_on else None
    if until is None:
        return []
    percent = invoice.terms.discount_percent
    amount = round_to_currency(invoice.gross * percent / HUNDRED, invoice.currency)
    percent_text, amount_text = writer.percent(percent), writer.money(amount)
    said = {"percent": percent_text, "amount": amount_text, "day": writer.day(until)}
    return [writer.words.say("settlement_discount", **said)]
