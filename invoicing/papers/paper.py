"""A document as its page shows it: only text, in the order in which it is read."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date

from core.models import BankAccount
from core.money import ZERO, Money, round_to_currency
from core.papers import Fact, PayBox, Words, in_groups, pay_box, sign_of
from core.pdf import picture_url
from invoicing.models import CreditNote, DocumentLine, DocumentTax, Invoice, Party
from invoicing.papers.writer import PaperLine, Writer
from invoicing.totals import HUNDRED


@dataclass(frozen=True, kw_only=True)
class Paper:
    """Everything that a page says."""

    language: str
    words: Words
    heading: str
    marks: Sequence[str]
    name: str
    seller_name: str
    logo: str
    bill_to: Sequence[str]
    fact_columns: Sequence[Sequence[Fact]]
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


def paper_of_invoice(invoice: Invoice, *, seller: Party, buyer: Party, account: BankAccount | None) -> Paper:
    """An invoice, or a draft as it would look."""
    writer = Writer(invoice.entity, invoice, seller, buyer)
    words, taxes = writer.words, list(invoice.taxes.all())
    asked = invoice.money if invoice.is_issued else Money(ZERO, invoice.currency)
    box = pay_box(invoice.entity, words, account, asked, invoice.reference)
    return _paper(
        writer,
        headings=headings_of(writer, invoice) if invoice.is_issued else [words.draft, *marks_of(writer, invoice)],
        facts=_invoice_facts(writer, invoice),
        strip=[
            Fact(words.amount_due, writer.money(invoice.gross)),
            Fact(words.due_by, writer.day(invoice.due_on)),
            Fact(words.pay_with_reference, in_groups(invoice.reference) or "–"),
            Fact(words.ways_to_pay, words.bank_transfer),
        ],
        lines=list(invoice.lines.all()),
        taxes=taxes,
        total=Fact(words.total_due, writer.money(invoice.gross)),
        pay=box,
        notes=[*writer.tax_notes(taxes), *settlement_discount(writer, invoice), words.closing_text],
    )


def headings_of(writer: Writer, invoice: Invoice) -> list[str]:
    """What an issued invoice is called: the last one of a customer and one for several contracts say so."""
    return marks_of(writer, invoice) or [writer.words.invoice]


def marks_of(writer: Writer, invoice: Invoice) -> list[str]:
    """What sets it apart from other invoices."""
    words = writer.words
    marks = [(invoice.is_final, words.final_invoice), (invoice.is_consolidated, words.consolidated_invoice)]
    return [mark for holds, mark in marks if holds]


def paper_of_pro_forma(
    invoice: Invoice, *, seller: Party, buyer: Party, account: BankAccount | None, on: date
) -> Paper:
    """A draft as the customer may see it before there is an invoice: it says that it is none, and has no number."""
    writer = Writer(invoice.entity, invoice, seller, buyer)
    words, taxes, reference = writer.words, list(invoice.taxes.all()), invoice.customer.payment_reference
    return _paper(
        writer,
        headings=[words.pro_forma, words.not_an_invoice],
        facts=[
            [Fact(words.pro_forma_day, writer.day(on)), Fact(words.terms, invoice.terms.name)],
            _invoice_facts(writer, invoice)[1],
        ],
        strip=[
            Fact(words.pro_forma_amount, writer.money(invoice.gross)),
            Fact(words.pay_with_reference, in_groups(reference) or "–"),
            Fact(words.ways_to_pay, words.bank_transfer),
        ],
        lines=list(invoice.lines.all()),
        taxes=taxes,
        total=Fact(words.pro_forma_total, writer.money(invoice.gross)),
        pay=pay_box(invoice.entity, words, account, Money(ZERO, invoice.currency), reference),
        notes=[*writer.tax_notes(taxes), words.pro_forma_text],
    )


def paper_of_credit_note(credit_note: CreditNote, *, seller: Party, buyer: Party) -> Paper:
    """A credit note, naming the invoice that it corrects."""
    writer = Writer(credit_note.entity, credit_note, seller, buyer)
    words, taxes, invoice = writer.words, list(credit_note.taxes.all()), credit_note.invoice
    corrected = words.say("corrects_value", number=str(invoice.number), day=writer.day(invoice.issued_on))
    return _paper(
        writer,
        headings=[words.credit_note if credit_note.is_issued else words.draft],
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
    headings: Sequence[str],
    facts: Sequence[Sequence[Fact]],
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
        heading=headings[0],
        marks=headings[1:],
        name=f"{headings[0]} {document.number or ''}".strip(),
        seller_name=entity.name,
        logo=picture_url(entity.logo),
        bill_to=writer.bill_to(),
        fact_columns=[[fact for fact in column if fact.value] for column in facts],
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
    )


def _invoice_facts(writer: Writer, invoice: Invoice) -> list[list[Fact]]:
    words = writer.words
    return [
        [
            Fact(words.number, invoice.number or "–"),
            Fact(words.issued_on, writer.day(invoice.issued_on)),
            Fact(words.terms, invoice.terms.name),
        ],
        [
            Fact(words.your_order, invoice.purchase_order),
            Fact(words.customer, writer.buyer.code),
            Fact(words.queries, writer.seller.email),
            Fact(words.service_period, writer.period(invoice.service_from, invoice.service_until)),
        ],
    ]


def _credit_note_facts(writer: Writer, credit_note: CreditNote) -> list[list[Fact]]:
    words = writer.words
    return [
        [
            Fact(words.credit_number, credit_note.number or "–"),
            Fact(words.credit_issued_on, writer.day(credit_note.issued_on)),
        ],
        [
            Fact(words.your_order, credit_note.purchase_order),
            Fact(words.customer, writer.buyer.code),
            Fact(words.queries, writer.seller.email),
        ],
    ]


def settlement_discount(writer: Writer, invoice: Invoice) -> list[str]:
    """What may be taken off until when; nothing where the terms give no discount."""
    until = invoice.terms.discount_until(invoice.issued_on) if invoice.issued_on else None
    if until is None:
        return []
    percent = invoice.terms.discount_percent
    amount = round_to_currency(invoice.gross * percent / HUNDRED, invoice.currency)
    percent_text, amount_text = writer.percent(percent), writer.money(amount)
    said = {"percent": percent_text, "amount": amount_text, "day": writer.day(until)}
    return [writer.words.say("settlement_discount", **said)]
