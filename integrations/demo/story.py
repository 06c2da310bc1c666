"""What happened to the demo company in its last year: customers, invoices, credit notes and payments. Pure and seeded.

The same day and seed tell the same story. Money that arrived in the last days is not told as receipts: it stands in
the bank statements that a newcomer imports.
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal

from stdnum.eu import vat

from integrations.demo import catalogue
from integrations.demo.catalogue import Place, Product

SEED = 20261101
MONTHS = 12
BILLING_DAYS = (1, 4, 8, 11, 15, 18, 22, 26)


@dataclass(frozen=True)
class Habit:
    """How a customer pays: days after the due date, and how often something else than the plain amount comes."""

    name: str
    days_late: int
    spread: int
    stops_after: int | None = None
    collects: bool = False


HABITS = [
    (Habit("prompt", -2, 3), 34),
    (Habit("a week late", 7, 5), 30),
    (Habit("pays in batches", 9, 6, collects=True), 14),
    (Habit("a month late", 28, 10), 12),
    (Habit("very late", 55, 15), 5),
    (Habit("stopped paying", 12, 5, stops_after=8), 5),
]


@dataclass
class CustomerStory:
    """A customer with its details and its habit of paying."""

    entity: str
    code: str
    name: str
    place: Place
    currency: str
    terms: str
    net_days: int
    habit: Habit
    contact: str
    email: str
    iban: str
    tax_number: str
    segment: str
    products: list[tuple[Product, int]]
    purchase_order: str = ""


@dataclass
class InvoiceStory:
    """An invoice with what became of it: credited and paid parts in its own currency, gross of tax."""

    customer: CustomerStory
    on: date
    due_on: date
    lines: list[tuple[Product, int]]
    is_credited: bool = False
    paid_on: date | None = None
    paid_share: Decimal = Decimal(1)


@dataclass
class Story:
    """A year of the group."""

    customers: list[CustomerStory] = field(default_factory=list)
    invoices: list[InvoiceStory] = field(default_factory=list)


def tell(today: date, seed: int = SEED) -> Story:
    """Tell the year that ends today."""
    rng = random.Random(f"{seed}")  # noqa: S311 - a story needs no secrets
    story = Story(customers=list(_customers(rng)))
    for customer in story.customers:
        story.invoices.extend(_invoices(rng, customer, today))
    story.invoices.sort(key=lambda invoice: (invoice.on, invoice.customer.code))
    return story


def _customers(rng: random.Random) -> Iterator[CustomerStory]:
    uk = [(f"{first} {second} Ltd", "GBP") for first in catalogue.UK_FIRST for second in catalogue.UK_SECOND]
    us = [(f"{first} {second}", "USD") for first in catalogue.US_FIRST for second in catalogue.US_SECOND]
    eu = [(f"{first} {second}", country) for first in catalogue.EU_FIRST for second, country in catalogue.EU_SECOND]
    for number, (name, currency) in enumerate(rng.sample(uk, 82) + rng.sample(us, 16), start=1):
        place = rng.choice(catalogue.US_PLACES if currency == "USD" else catalogue.UK_PLACES)
        yield _customer(rng, "UK", number, name, place, currency)
    for number, (name, country) in enumerate(rng.sample(eu, 52), start=1):
        places = [place for place in catalogue.EU_PLACES if place.country == country]
        yield _customer(rng, "DE", number, name, rng.choice(places), "EUR")


def _customer(rng: random.Random, entity: str, number: int, name: str, place: Place, currency: str) -> CustomerStory:
    terms, net_days = rng.choices(catalogue.TERMS, [20, 55, 15, 10])[0]
    recurring = [product for product in catalogue.PRODUCTS if product.is_recurring]
    products = [(product, _quantity(rng, product)) for product in rng.sample(recurring, rng.choice([1, 1, 2]))]
    domain = "".join(letter for letter in name.lower() if letter.isascii() and letter.isalnum())[:24]
    return CustomerStory(
        entity=entity,
        code=f"C-{10400 + number if entity == 'UK' else 20200 + number}",
        name=name,
        place=place,
        currency=currency,
        terms=terms,
        net_days=net_days,
        habit=rng.choices([habit for habit, _ in HABITS], [weight for _, weight in HABITS])[0],
        contact=rng.choice(catalogue.PEOPLE),
        email=f"accounts@{domain}.example",
        iban=_iban(rng, place.country),
        tax_number=_tax_number(rng, place.country),
        segment=rng.choices(["Enterprise", "Mid market", "Small business", "Public sector"], [10, 30, 50, 10])[0],
        products=products,
        purchase_order=str(rng.randrange(40000, 99999)) if rng.random() < 0.3 else "",
    )


def _quantity(rng: random.Random, product: Product) -> int:
    return rng.choice([5, 8, 12, 25, 40, 60]) if product.unit == "user" else rng.choice([1, 1, 2])


def _iban(rng: random.Random, country: str) -> str:
    """A well-formed account number; banks of that name don't exist."""
    bank = {"GB": "DEMO", "NL": "DEMO", "US": "", "DE": "", "AT": "", "FR": ""}[country]
    digits = {"GB": 14, "NL": 10, "DE": 18, "AT": 16, "FR": 23}.get(country)
    if digits is None:
        return ""
    body = bank + "".join(str(rng.randrange(10)) for _ in range(digits))
    number = "".join(str(int(sign, 36)) for sign in f"{body}{country}00")
    return f"{country}{98 - int(number) % 97:02d}{body}"


def _tax_number(rng: random.Random, country: str) -> str:
    """A tax number with right check digits; businesses of that number may or may not exist."""
    shape = {"AT": "ATU########", "NL": "NL#########B01", "FR": "FR###########"}.get(country)
    while shape:
        number = "".join(str(rng.randrange(10)) if sign == "#" else sign for sign in shape)
        if vat.is_valid(number):
            return number
    return ""


def _invoices(rng: random.Random, customer: CustomerStory, today: date) -> Iterator[InvoiceStory]:
    day = rng.choice(BILLING_DAYS)
    batch_day: date | None = None
    for age in range(MONTHS, -1, -1):
        on = _month_back(today, age, day)
        if on > today:
            continue
        lines = list(customer.products)
        if rng.random() < 0.2:
            extra = rng.choice([product for product in catalogue.PRODUCTS if not product.is_recurring])
            lines.append((extra, rng.choice([1, 2, 4])))
        invoice = InvoiceStory(customer, on, on + timedelta(days=customer.net_days), lines)
        invoice.is_credited = rng.random() < 0.025
        _pay(rng, invoice, age)
        if customer.habit.collects and invoice.paid_on:
            batch_day = batch_day if batch_day and batch_day >= invoice.on and age % 2 else invoice.paid_on
            invoice.paid_on = max(batch_day, invoice.on)
        yield invoice


def _pay(rng: random.Random, invoice: InvoiceStory, age: int) -> None:
    habit = invoice.customer.habit
    has_stopped = habit.stops_after is not None and MONTHS - age >= habit.stops_after
    if invoice.is_credited or has_stopped or rng.random() < 0.03:
        return
    late = max(-invoice.customer.net_days + 1, round(rng.gauss(habit.days_late, habit.spread)))
    invoice.paid_on = _weekday(invoice.due_on + timedelta(days=late))
    if rng.random() < 0.03:
        invoice.paid_share = Decimal(rng.choice([40, 50, 60])) / 100


def _weekday(day: date) -> date:
    return day + timedelta(days=max(0, 7 - day.weekday())) if day.weekday() >= 5 else day


def _month_back(today: date, months: int, day: int) -> date:
    year, month = divmod(today.year * 12 + today.month - 1 - months, 12)
    return date(year, month + 1, day)
