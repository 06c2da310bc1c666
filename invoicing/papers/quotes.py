"""A quote for the next term of a contract, from the offer to the bytes of its PDF."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from babel import Locale
from django.template.loader import render_to_string

from core.locales import amount_in, day_in, locale_of, money_in
from core.money import Money
from core.papers import Fact, Words, footer_of, sign_of, stylesheets_of, words_of
from core.pdf import picture_url, render_pdf
from customers.addresses import printed_lines
from invoicing.models import Contract, ContractLine
from invoicing.papers.words import percent_in, price_in, quantity_in
from invoicing.queries.examining import billing_addresses
from invoicing.renewals import Offer, OfferLine

LABELS = Path(__file__).with_name("quotes.toml")
TEMPLATE = "invoicing/pdf/quote.html"
STYLE = "invoicing/pdf/document.css"


@dataclass(frozen=True, slots=True)
class QuoteLine:
    """A line of the next term, as text."""

    description: str
    details: Sequence[str]
    quantity: str
    unit_price: str
    net: str


@dataclass(frozen=True, slots=True)
class QuotePaper:
    """Everything that a quote says."""

    language: str
    words: Words
    name: str
    seller_name: str
    logo: str
    bill_to: Sequence[str]
    fact_columns: Sequence[Sequence[Fact]]
    strip: Sequence[Fact]
    opening: str
    sign: str
    lines: Sequence[QuoteLine]
    total: Fact
    notes: Sequence[str]
    footer: str


def pdf_of_quote(contract: Contract, offer: Offer, *, quoted_on: date, valid_until: date) -> bytes:
    """The PDF of a quote."""
    paper = paper_of_quote(contract, offer, quoted_on=quoted_on, valid_until=valid_until)
    return render_pdf(render_to_string(TEMPLATE, {"paper": paper}), *stylesheets_of(contract.entity, STYLE))


def paper_of_quote(contract: Contract, offer: Offer, *, quoted_on: date, valid_until: date) -> QuotePaper:
    """What the page says, in the contract's language or the customer's."""
    entity, customer = contract.entity, contract.customer
    locale = locale_of(contract.language or customer.language, entity.country)
    words = words_of(LABELS, locale)
    total = money_in(locale, Money(offer.net, contract.currency))
    term = words.say("from_to", start=day_in(locale, offer.term.first_on), end=day_in(locale, offer.term.last_on))
    return QuotePaper(
        language=str(locale).replace("_", "-"),
        words=words,
        name=f"{words.quote} {contract.number}",
        seller_name=entity.name,
        logo=picture_url(entity.logo),
        bill_to=_bill_to(contract),
        fact_columns=[
            [Fact(words.contract, contract.number), Fact(words.quoted_on, day_in(locale, quoted_on))],
            [Fact(words.customer, customer.code), Fact(words.your_order, contract.purchase_order or "–")],
        ],
        strip=[
            Fact(words.total, total),
            Fact(words.valid_until, day_in(locale, valid_until)),
            Fact(words.term, term),
        ],
        opening=words.say("opening", term=term),
        sign=sign_of(locale, contract.currency),
        lines=[_line(locale, words, contract, line) for line in offer.lines],
        total=Fact(words.total, total),
        notes=_notes(locale, words, contract, offer),
        footer=footer_of(entity, words),
    )


def _bill_to(contract: Contract) -> list[str]:
    customer = contract.customer
    address = billing_addresses({customer.pk: customer}).get(customer.pk)
    return [customer.name, *(printed_lines(address) if address else [])]


def _line(locale: Locale, words: Words, contract: Contract, offered: OfferLine) -> QuoteLine:
    line = offered.line
    details = [words.cycle[line.cycle]]
    if line.discount_percent:
        details.append(words.say("discount", percent=percent_in(locale, line.discount_percent)))
    is_metered = line.cycle == ContractLine.Cycle.USAGE
    price = "–" if line.unit_price is None else price_in(locale, line.unit_price, contract.currency)
    return QuoteLine(
        description=line.description,
        details=details,
        quantity="–" if is_metered else quantity_in(locale, line.quantity),
        unit_price=price,
        net="–" if offered.net is None else amount_in(locale, offered.net, contract.currency),
    )


def _notes(locale: Locale, words: Words, contract: Contract, offer: Offer) -> list[str]:
    notes = [words.say("raised", percent=percent_in(locale, offer.percent))] if offer.percent else []
    if any(line.net is None for line in offer.lines):
        notes.append(words.by_usage)
    renews = words.renews if contract.renews else words.answer
    return [*notes, words.before_tax, renews]
