"""The debit note for late payment, with its working, in the customer's language."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from babel import Locale
from django.template.loader import render_to_string

from ar_collections.models import LateCharge
from ar_collections.queries.late_charges import ShownLine, shown_lines
from core.locales import amount_in, day_in, locale_of, money_in, short_day_in
from core.money import Money
from core.papers import PayBox, Words, accounts_to_pay_into, footer_of, pay_box, sign_of, stylesheets_of, words_of
from core.pdf import picture_url, render_pdf
from customers.addresses import printed_lines
from customers.models import Address

LABELS = Path(__file__).with_name("late_labels.toml")
TEMPLATE = "collections/pdf/late_charge.html"
STYLE = "collections/pdf/late_charge.css"


@dataclass(frozen=True, kw_only=True)
class LatePaper:
    """Everything that the paper says. A row is: document or nothing, days, base, rate, amount."""

    language: str
    words: Words
    seller_name: str
    logo: str
    to: Sequence[str]
    number: str
    day: str
    due: str
    opening: str
    rows: Sequence[Sequence[str]]
    sign: str
    interest: str
    compensation: str
    total: str
    bases: Sequence[str]
    pay: PayBox
    footer: str


def paper_of(charge: LateCharge) -> LatePaper:
    """A charge ready for the template."""
    customer, entity = charge.customer, charge.entity
    locale = locale_of(customer.language, entity.country)
    words, lines = words_of(LABELS, locale), shown_lines(charge)
    address = customer.addresses.filter(kind=Address.Kind.BILLING, is_active=True).first()
    account = accounts_to_pay_into(entity).get(charge.currency)
    return LatePaper(
        language=str(locale).replace("_", "-"),
        words=words,
        seller_name=entity.name,
        logo=picture_url(entity.logo),
        to=[customer.name, *(printed_lines(address) if address else [])],
        number=str(charge),
        day=day_in(locale, charge.asked_on),
        due=day_in(locale, charge.item.due_on) if charge.item else "",
        opening=words.say("opening", until=day_in(locale, charge.until_on)),
        rows=[row for line in lines for row in _rows(line, charge.currency, words, locale)],
        sign=sign_of(locale, charge.currency),
        interest=money_in(locale, Money(charge.interest, charge.currency)),
        compensation=money_in(locale, Money(charge.compensation, charge.currency)),
        total=money_in(locale, charge.money),
        bases=sorted({line.line.terms.basis for line in lines}),
        pay=pay_box(entity, words, account, charge.money, customer.payment_reference),
        footer=footer_of(entity, words),
    )


def pdf_of_late_charge(charge: LateCharge) -> bytes:
    """The PDF of the debit note."""
    return render_pdf(render_to_string(TEMPLATE, {"paper": paper_of(charge)}), *stylesheets_of(charge.entity, STYLE))


def late_paper_name(charge: LateCharge) -> str:
    """What the file is called at the customer's."""
    return f"late-payment-{charge.entity.code}-{charge.customer.code}-{charge}.pdf".replace("/", "-")


def _rows(shown: ShownLine, currency: str, words: Words, locale: Locale) -> list[list[str]]:
    line, rows = shown.line, []
    due = words.say("due_on", due=short_day_in(locale, line.item.due_on))
    for first_on, last_on, days, base, percent, amount in shown.spans:
        span = f"{short_day_in(locale, first_on)} – {short_day_in(locale, last_on)}"
        rate = f"{amount_in(locale, percent, currency)} %"
        count = words.say("days", count=str(days))
        rows.append(
            ["", f"{span}, {count}", amount_in(locale, base, currency), rate, amount_in(locale, amount, currency)]
        )
    if line.compensation:
        rows.append(["", str(words.compensation), "", "", amount_in(locale, line.compensation, currency)])
    rows[0][0] = f"{line.item.number}, {due}"
    return rows
