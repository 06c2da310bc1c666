"""Whatever is billed, released and credited: at every date the three parts are what was billed."""

from collections.abc import Callable
from datetime import date, timedelta
from decimal import Decimal
from random import Random

import pytest

from core.models import ExchangeRate, LegalEntity, User
from core.money import Money
from customers.models import Customer
from invoicing.actions import draft_credit_note, issue_credit_note, issue_invoice, release_income
from invoicing.credits import Credit, Everything, LineCredit, PartOf, SomeLines
from invoicing.cycles import ONE_DAY, end_of_month
from invoicing.drafts import DraftLine
from invoicing.models import DeferralMovement, DeferralSchedule, Invoice, InvoiceLine, Product
from invoicing.proofs import prove_deferrals
from invoicing.queries.creditable import creditable
from invoicing.queries.deferred_income import DeferredQuestion, roll_forward, tie_of

pytestmark = pytest.mark.django_db
FIRST = date(2026, 1, 1)
METHODS = [choice.value for choice in Product.Release if choice != Product.Release.IMMEDIATE]


@pytest.mark.parametrize("seed", range(4))
def test_released_and_deferred_and_credited_are_what_was_billed(
    seed: int,
    customer: Callable[..., Customer],
    books: LegalEntity,
    finance_manager: User,
    clerk: User,
    drafted: Callable[..., Invoice],
    line: Callable[..., DraftLine],
) -> None:
    chance = Random(seed)  # noqa: S311 - the same story each time
    ExchangeRate.objects.create(from_currency="EUR", to_currency="GBP", on=FIRST, rate=Decimal("0.8571"), source="Test")
    people = [customer("Acme Hotels"), customer("Halle", currency="EUR")]
    products = [
        Product.objects.create(entity=books, code=f"P{number}", name="Service", release=method)
        for number, method in enumerate(METHODS)
    ]
    invoices: list[Invoice] = []
    for month in range(1, 9):
        first_on = date(2026, month, 1)
        for _ in range(2):
            draft = drafted(chance.choice(people), *_lines(chance, line, first_on))
            for row in draft.lines.all():
                InvoiceLine.objects.filter(pk=row.pk).update(product=chance.choice(products))
            on = first_on + timedelta(chance.randint(0, 27))
            invoices.append(issue_invoice(by=clerk, entity=books, invoice=draft, issued_on=on))
        if chance.random() < 0.8:
            _credit(chance, finance_manager, chance.choice(invoices), end_of_month(first_on))
        if chance.random() < 0.7:
            keys = [one.pk for one in people]
            release_income(by=finance_manager, entity=books, customers=keys, month_on=first_on)
    keys = [one.pk for one in people]
    release_income(by=finance_manager, entity=books, customers=keys, month_on=date(2029, 12, 1))

    assert prove_deferrals().problems == []
    for month in range(1, 10):
        for day in (date(2026, month, 14), end_of_month(date(2026, month, 1))):
            _assert_at(books, day)
    assert all(not _left(schedule) for schedule in DeferralSchedule.objects.all())


def _lines(chance: Random, line: Callable[..., DraftLine], first_on: date) -> list[DraftLine]:
    """Services for some months to come or gone, and now and then a small deduction."""
    prices = [f"{chance.randint(100, 999_999)}.{chance.randint(0, 99):02d}" for _ in range(chance.randint(1, 3))]
    deductions = [f"{chance.randint(1, 9)}.99"] if chance.random() < 0.3 else []
    services = [(price, 1) for price in prices] + [(price, -1) for price in deductions]
    starts = [first_on + timedelta(chance.randint(-40, 40)) for _ in services]
    return [
        line(price, quantity=quantity, service_from=on, service_until=on + timedelta(chance.randint(30, 500)))
        for (price, quantity), on in zip(services, starts, strict=True)
    ]


def _credit(chance: Random, by: User, invoice: Invoice, on: date) -> None:
    left = creditable(invoice)
    if not left.gross_left:
        return
    draft = draft_credit_note(
        by=by, invoice=invoice, credit=_what(chance, invoice), reason_code="price", reason="By chance"
    )
    issue_credit_note(by=by, credit_note=draft, issued_on=on)


def _what(chance: Random, invoice: Invoice) -> Credit:
    left = creditable(invoice)
    row = max(left.lines, key=lambda one: left.left_of_lines[one.pk])
    half = (left.left_of_lines[row.pk] / 2).quantize(Decimal("0.01"))
    pick = chance.random()
    if pick < 0.25 or half <= 0:
        return Everything()
    if pick < 0.5:
        part = (left.gross_left.amount * chance.randint(1, 99) / 100).quantize(Decimal("0.01"))
        return PartOf(Money(part or left.gross_left.amount, invoice.currency))
    if pick < 0.75 or row.service_until is None:
        return SomeLines([LineCredit(row, net=half)])
    return SomeLines([LineCredit(row, net=half, credited_from=row.service_until - 30 * ONE_DAY)])


def _assert_at(books: LegalEntity, day: date) -> None:
    question = DeferredQuestion(entity=books, from_on=FIRST, as_of=day)
    for row in roll_forward(question, "invoice"):
        for figures in (row.amounts, row.base):
            assert figures.released + figures.closing + figures.credited == figures.billed
    assert tie_of(question).difference == 0


def _left(schedule: DeferralSchedule) -> Decimal:
    moves = DeferralMovement.objects.filter(schedule=schedule)
    return sum((one.amount if one.kind == "deferred" else -one.amount for one in moves), Decimal(0))
