"""What the customer reads, in the document's language: a few facts, and of an invoice how to pay it."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from babel import Locale

from core.locales import day_in, locale_of, money_in
from core.money import Money
from core.papers import Fact, PayBox, Words, accounts_to_pay_into, in_groups, pay_box, words_of
from invoicing.models import CreditNote, Invoice

LABELS = Path(__file__).with_name("labels.toml")


@dataclass(frozen=True, kw_only=True)
class DocumentPage:
    """Everything that the page says."""

    language: str
    words: Words
    title: str
    seller: str
    number: str
    amount: str
    state: str
    tone: str
    facts: Sequence[Fact]
    pay: PayBox | None
    has_logo: bool
    contact: str


def page_of(invoice: Invoice, left: Money, *, is_overdue: bool) -> DocumentPage:
    """The page of an issued invoice of which this much is still open."""
    locale = locale_of(invoice.language, invoice.entity.country)
    words = words_of(LABELS, locale)
    account = accounts_to_pay_into(invoice.entity).get(invoice.currency)
    is_settled = left.amount <= 0
    state = words.settled if is_settled else words.overdue if is_overdue else words.open
    return DocumentPage(
        language=invoice.language,
        words=words,
        title=words.invoice,
        seller=invoice.entity.name,
        number=str(invoice.number),
        amount=money_in(locale, invoice.money if is_settled else left),
        state=state,
        tone="ok" if is_settled else "bad" if is_overdue else "info",
        facts=[fact for fact in _facts(invoice, left, words, locale) if fact.value],
        pay=None if is_settled else pay_box(invoice.entity, words, account, left, invoice.reference),
        has_logo=invoice.entity.logo_id is not None,
        contact=invoice.entity.email,
    )


def page_of_credit(credit_note: CreditNote, left: Money) -> DocumentPage:
    """The page of an issued credit note of which this much is set against nothing yet."""
    entity = credit_note.entity
    locale = locale_of(credit_note.language, entity.country)
    words = words_of(LABELS, locale)
    return DocumentPage(
        language=credit_note.language,
        words=words,
        title=words.credit_note,
        seller=entity.name,
        number=str(credit_note.number),
        amount=money_in(locale, credit_note.money),
        state=words.open_credit if left.amount > 0 else words.used_up,
        tone="info" if left.amount > 0 else "ok",
        facts=[fact for fact in _facts_of_credit(credit_note, left, words, locale) if fact.value],
        pay=None,
        has_logo=entity.logo_id is not None,
        contact=entity.email,
    )


def _facts_of_credit(credit_note: CreditNote, left: Money, words: Words, locale: Locale) -> list[Fact]:
    return [
        Fact(words.billed_to, credit_note.buyer.name if credit_note.buyer else credit_note.customer.name),
        Fact(words.corrects, str(credit_note.invoice.number)),
        Fact(words.credit_left, money_in(locale, left) if left.amount > 0 else ""),
        Fact(words.issued_on, day_in(locale, credit_note.issued_on) if credit_note.issued_on else ""),
        Fact(words.your_order, credit_note.purchase_order),
    ]


def credits_shown(credit_notes: Iterable[CreditNote]) -> list[tuple[CreditNote, str]]:
    """Credit notes with their amounts, as they stand on the page of their invoice."""
    return [(one, money_in(locale_of(one.language, one.entity.country), one.money)) for one in credit_notes]


def words_for(language: str, country: str = "") -> Words:
    """The words of a page without an invoice."""
    return words_of(LABELS, locale_of(language, country))


def _facts(invoice: Invoice, left: Money, words: Words, locale: Locale) -> list[Fact]:
    return [
        Fact(words.billed_to, invoice.buyer.name if invoice.buyer else invoice.customer.name),
        Fact(words.total, money_in(locale, invoice.money)),
        Fact(words.left, money_in(locale, left) if left != invoice.money else ""),
        Fact(words.issued_on, day_in(locale, invoice.issued_on) if invoice.issued_on else ""),
        Fact(words.due_on, day_in(locale, invoice.due_on) if invoice.due_on else ""),
        Fact(words.your_order, invoice.purchase_order),
        Fact(words.reference, in_groups(invoice.reference)),
    ]
