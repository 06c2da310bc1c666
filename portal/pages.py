"""What the customer reads: the invoice in a few facts and how to pay it, in the invoice's language."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from babel import Locale

from core.locales import day_in, locale_of, money_in
from core.money import Money
from core.papers import Fact, PayBox, Words, accounts_to_pay_into, in_groups, pay_box, words_of
from invoicing.models import Invoice

LABELS = Path(__file__).with_name("labels.toml")


@dataclass(frozen=True, kw_only=True)
class InvoicePage:
    """Everything that the page says."""

    language: str
    words: Words
    seller: str
    number: str
    amount: str
    state: str
    tone: str
    facts: Sequence[Fact]
    pay: PayBox | None
    has_logo: bool
    contact: str


def page_of(invoice: Invoice, left: Money, *, is_overdue: bool) -> InvoicePage:
    """The page of an issued invoice of which this much is still open."""
    locale = locale_of(invoice.language, invoice.entity.country)
    words = words_of(LABELS, locale)
    account = accounts_to_pay_into(invoice.entity).get(invoice.currency)
    is_settled = left.amount <= 0
    state = words.settled if is_settled else words.overdue if is_overdue else words.open
    return InvoicePage(
        language=invoice.language,
        words=words,
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
