"""The letter by which a customer acknowledges the debt and the instalments, in the customer's language."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from babel import Locale
from django.template.loader import render_to_string

from ar_collections.models import PaymentPlan
from core.locales import amount_in, day_in, locale_of, money_in
from core.money import Money
from core.papers import PayBox, Words, accounts_to_pay_into, footer_of, pay_box, sign_of, stylesheets_of, words_of
from core.pdf import picture_url, render_pdf
from customers.addresses import printed_lines
from customers.models import Address, Customer

LABELS = Path(__file__).with_name("plan_labels.toml")
TEMPLATE = "collections/pdf/plan_letter.html"
STYLE = "collections/pdf/plan_letter.css"


@dataclass(frozen=True, kw_only=True)
class PlanPaper:
    """Everything that the letter says."""

    language: str
    words: Words
    seller_name: str
    logo: str
    to: Sequence[str]
    day: str
    opening: str
    documents: Sequence[Sequence[str]]
    instalments: Sequence[Sequence[str]]
    total: str
    sign: str
    clauses: Sequence[str]
    pay: PayBox
    footer: str


def paper_of(plan: PaymentPlan) -> PlanPaper:
    """A plan ready for the template."""
    customer, entity = plan.customer, plan.entity
    locale = locale_of(customer.language, entity.country)
    words = words_of(LABELS, locale)
    total = money_in(locale, plan.money)
    account = accounts_to_pay_into(entity).get(plan.currency)
    return PlanPaper(
        language=str(locale).replace("_", "-"),
        words=words,
        seller_name=entity.name,
        logo=picture_url(entity.logo),
        to=[customer.name, *_address(customer)],
        day=day_in(locale, plan.approved_on or plan.proposed_on),
        opening=words.say("acknowledged", customer=customer.name, seller=entity.legal_name, amount=total),
        documents=_documents(plan, locale),
        instalments=_instalments(plan, locale),
        total=total,
        sign=sign_of(locale, plan.currency),
        clauses=_clauses(plan, words),
        pay=pay_box(entity, words, account, Money(plan.amount, plan.currency), customer.payment_reference),
        footer=footer_of(entity, words),
    )


def pdf_of_letter(plan: PaymentPlan) -> bytes:
    """The PDF of the letter."""
    return render_pdf(render_to_string(TEMPLATE, {"paper": paper_of(plan)}), *stylesheets_of(plan.entity, STYLE))


def letter_name(plan: PaymentPlan) -> str:
    """What the file is called at the customer's."""
    return f"payment-plan-{plan.entity.code}-{plan.customer.code}-{plan.pk}.pdf".replace("/", "-")


def _address(customer: Customer) -> list[str]:
    address = customer.addresses.filter(kind=Address.Kind.BILLING, is_active=True).first()
    return printed_lines(address) if address else []


def _documents(plan: PaymentPlan, locale: Locale) -> list[list[str]]:
    rows = plan.items.select_related("item").order_by("item__due_on", "pk")
    return [
        [row.item.number, day_in(locale, row.item.due_on), amount_in(locale, row.amount, plan.currency)] for row in rows
    ]


def _instalments(plan: PaymentPlan, locale: Locale) -> list[list[str]]:
    rows = plan.instalments.order_by("number")
    return [[str(row.number), day_in(locale, row.due_on), amount_in(locale, row.amount, plan.currency)] for row in rows]


def _clauses(plan: PaymentPlan, words: Words) -> list[str]:
    interest = words.interest_waived if plan.interest_waived else words.interest_kept
    return [str(words.default), str(words.all_agreements), str(interest), str(words.due_dates)]
