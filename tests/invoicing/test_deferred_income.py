"""Income billed for days to come: deferred at issue, released by the month, credited before and after its release."""

from collections.abc import Callable
from datetime import date
from decimal import Decimal

import pytest
from django.db import IntegrityError, connection, transaction
from django.db.models import Sum

from core.errors import NotAllowed
from core.models import ExchangeRate, LegalEntity, Run, User
from core.money import money
from customers.models import Customer
from invoicing.actions import draft_credit_note, issue_credit_note, issue_invoice, release_income, start_release
from invoicing.actions.releasing import ReleaseRefused
from invoicing.credits import Credit, Everything, LineCredit, PartOf, SomeLines
from invoicing.drafts import DraftLine
from invoicing.models import CreditNote, DeferralMovement, DeferralSchedule, Invoice, InvoiceLine, Product, TaxRate
from invoicing.tasks import release_month, release_month_ends
from ledger.actions import close_period, soft_lock_period
from ledger.models import AccountingPeriod, JournalEntry, JournalLine
from ledger.periods import PeriodClosed

pytestmark = pytest.mark.django_db
Line = Callable[..., DraftLine]
Drafted = Callable[..., Invoice]
YEAR = {"service_from": date(2026, 1, 15), "service_until": date(2027, 1, 14)}
JANUARY = date(2026, 1, 15)


@pytest.fixture
def bill(clerk: User, books: LegalEntity, drafted: Drafted) -> Drafted:
    """Nora bills on 15 January: bill(acme, line("12000", **YEAR))."""

    def make(customer: Customer, *lines: DraftLine, on: date = JANUARY, **facts: object) -> Invoice:
        return issue_invoice(by=clerk, entity=books, invoice=drafted(customer, *lines, **facts), issued_on=on)

    return make


@pytest.fixture
def release(finance_manager: User, books: LegalEntity) -> Callable[..., Run]:
    """Finn releases a month on the second day after it: release(6)."""

    def carry_out(month: int, year: int = 2026, reason: str = "") -> Run:
        asked_on = date(year + month // 12, month % 12 + 1, 2)
        run, _ = start_release(
            by=finance_manager, entity=books, month_on=date(year, month, 1), asked_on=asked_on, late_reason=reason
        )
        release_month(run.pk)
        run.refresh_from_db()
        return run

    return carry_out


@pytest.fixture
def credit(clerk: User, manager: User, finance_manager: User) -> Callable[..., CreditNote]:
    """Nora drafts a credit note, and Finn issues it: credit(invoice, date(2026, 7, 1))."""

    def issue(invoice: Invoice, on: date, what: Credit | None = None, reason_code: str = "price") -> CreditNote:
        draft = draft_credit_note(
            by=clerk, invoice=invoice, credit=what or Everything(), reason_code=reason_code, reason="Agreed so"
        )
        return issue_credit_note(by=finance_manager, credit_note=draft, issued_on=on)

    return issue


def balance(role: str, as_of: date = date(2099, 1, 1)) -> Decimal:
    """What stands on an account, credits positive, in the currency of the books."""
    sums = JournalLine.objects.filter(account__role=role, posted_on__lte=as_of).aggregate(
        credit=Sum("base_credit"), debit=Sum("base_debit")
    )
    return (sums["credit"] or Decimal(0)) - (sums["debit"] or Decimal(0))


def deferred(invoice: Invoice, as_of: date = date(2099, 1, 1)) -> Decimal:
    moves = DeferralMovement.objects.filter(schedule__invoice_line__invoice=invoice, posted_on__lte=as_of)
    return sum((one.amount if one.kind == "deferred" else -one.amount for one in moves), Decimal(0))


def entry_lines(entry: JournalEntry | None) -> list[tuple[str, Decimal, Decimal]]:
    rows = JournalLine.objects.filter(entry=entry).order_by("pk")
    return [(row.account.role, row.debit, row.credit) for row in rows]


# At issue ------------------------------------------------------------------------------------------------------------


def test_a_year_in_advance_is_deferred_and_its_tax_is_not(acme: Customer, bill: Drafted, line: Line) -> None:
    """
    1100 Receivables  15,000.00
        2100 Deferred income     12,000.00
        4000 Revenue                500.00
        2200 Tax                  2,500.00
    """
    invoice = bill(acme, line("12000", **YEAR), line("500", description="Set-up"))

    assert entry_lines(invoice.entry) == [
        ("receivables", 15000, 0),
        ("deferred_income", 0, 12000),
        ("revenue", 0, 500),
        ("output_tax", 0, 2500),
    ]
    schedule = DeferralSchedule.objects.get()
    assert (schedule.method, schedule.first_on, schedule.last_on, schedule.amount) == (
        "daily", date(2026, 1, 15), date(2027, 1, 14), 12000,
    )  # fmt: skip
    movement = schedule.movements.get()
    assert (movement.kind, movement.amount, movement.posted_on) == ("deferred", 12000, JANUARY)
    assert movement.recorded_at == invoice.entry.recorded_at  # type: ignore[union-attr]


def test_the_invoices_own_period_counts_where_a_line_names_none(acme: Customer, bill: Drafted, line: Line) -> None:
    bill(acme, line("1200"), **YEAR)

    assert DeferralSchedule.objects.get().last_on == date(2027, 1, 14)


def test_what_is_delivered_within_the_month_is_revenue(acme: Customer, bill: Drafted, line: Line) -> None:
    month = {"service_from": date(2026, 1, 1), "service_until": date(2026, 1, 31)}

    bill(acme, line("100", **month))

    assert not DeferralSchedule.objects.exists()
    assert balance("revenue") == 100


def test_the_product_says_how_it_is_earned(
    acme: Customer, clerk: User, books: LegalEntity, drafted: Drafted, line: Line
) -> None:
    products = [
        Product.objects.create(entity=books, code=f"P{number}", name="Service", release=method)
        for number, method in enumerate(("immediate", "monthly_full"))
    ]
    draft = drafted(acme, line("100", **YEAR), line("1200", **YEAR))
    for product, row in zip(products, draft.lines.order_by("position"), strict=True):
        InvoiceLine.objects.filter(pk=row.pk).update(product=product)

    issue_invoice(by=clerk, entity=books, invoice=draft, issued_on=JANUARY)

    schedule = DeferralSchedule.objects.get()
    assert (schedule.method, schedule.amount) == ("monthly_full", 1200)
    assert balance("revenue") == 100


# Released ------------------------------------------------------------------------------------------------------------


def test_the_year_of_t10_is_released_month_by_month(
    acme: Customer, bill: Drafted, line: Line, release: Callable[..., Run]
) -> None:
    invoice = bill(acme, line("12000", **YEAR))

    runs = [release(month) for month in range(1, 13)] + [release(1, 2027)]

    amounts = list(DeferralMovement.objects.filter(kind="released").order_by("pk").values_list("amount", flat=True))
    assert (amounts[0], amounts[1], amounts[-1]) == (Decimal("558.90"), Decimal("920.55"), Decimal("460.27"))
    assert {run.state for run in runs} == {"done"}
    assert deferred(invoice, date(2026, 6, 30)) == Decimal("6509.59")
    assert (deferred(invoice), balance("deferred_income"), balance("revenue")) == (0, 0, 12000)
    assert balance("revenue", date(2026, 6, 30)) == Decimal("5490.41")


def test_months_that_were_missed_are_caught_up_in_the_next(
    acme: Customer, bill: Drafted, line: Line, release: Callable[..., Run]
) -> None:
    bill(acme, line("12000", **YEAR), on=date(2026, 3, 20))

    release(3)

    moves = DeferralMovement.objects.filter(kind="released").order_by("month_on")
    assert [(one.month_on, one.posted_on) for one in moves] == [
        (date(2026, month, 1), date(2026, 3, 31)) for month in (1, 2, 3)
    ]
    assert len({one.entry_id for one in moves}) == 1


def test_a_closed_month_is_refused_and_the_next_one_takes_it(
    acme: Customer, bill: Drafted, line: Line, release: Callable[..., Run], books: LegalEntity, finance_manager: User
) -> None:
    bill(acme, line("12000", **YEAR))
    period = AccountingPeriod.objects.get(entity=books, starts_on=date(2026, 1, 1))
    close_period(by=finance_manager, period=period, reason="Reported")

    with pytest.raises(PeriodClosed, match="January 2026 is closed"):
        release(1)
    release(2)

    assert balance("revenue", date(2026, 2, 28)) == Decimal("558.90") + Decimal("920.55")


def test_a_soft_locked_month_takes_it_with_a_reason(
    acme: Customer, bill: Drafted, line: Line, release: Callable[..., Run], books: LegalEntity, finance_manager: User
) -> None:
    bill(acme, line("12000", **YEAR))
    period = AccountingPeriod.objects.get(entity=books, starts_on=date(2026, 1, 1))
    soft_lock_period(by=finance_manager, period=period, reason="Cut-off")

    with pytest.raises(PeriodClosed, match="takes a reason"):
        release(1)
    run = release(1, reason="Part of the close")

    assert run.state == "done"
    assert JournalEntry.objects.get(kind="transfer").late_reason == "Part of the close"


def test_a_month_that_is_not_over_waits(
    acme: Customer, finance_manager: User, books: LegalEntity, bill: Drafted, line: Line
) -> None:
    bill(acme, line("12000", **YEAR))

    with pytest.raises(ReleaseRefused, match="January 2026 isn't over before 01 February 2026"):
        start_release(by=finance_manager, entity=books, month_on=JANUARY, asked_on=date(2026, 1, 31))


def test_a_clerk_releases_nothing(clerk: User, books: LegalEntity) -> None:
    with pytest.raises(NotAllowed):
        start_release(by=clerk, entity=books, month_on=JANUARY, asked_on=date(2026, 2, 2))
    with pytest.raises(NotAllowed):
        release_income(by=clerk, entity=books, customers=[], month_on=JANUARY)


def test_twice_is_once_and_what_comes_later_is_another_run(
    acme: Customer, bill: Drafted, line: Line, release: Callable[..., Run], books: LegalEntity, finance_manager: User
) -> None:
    bill(acme, line("12000", **YEAR))
    first, again = release(1), release(1)
    assert first.pk == again.pk
    assert release_income(by=finance_manager, entity=books, customers=[acme.pk], month_on=JANUARY) == 0

    bill(acme, line("1200", **YEAR), on=date(2026, 1, 31))
    late = release(1)

    assert late.pk != first.pk
    assert DeferralMovement.objects.filter(kind="released").count() == 2


def test_a_run_that_was_killed_goes_on_where_it_was(
    customer: Callable[..., Customer],
    bill: Drafted,
    line: Line,
    books: LegalEntity,
    finance_manager: User,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("invoicing.releasing_runs.SCHEDULES_AT_ONCE", 1)
    people = [customer(name) for name in ("Acme Hotels", "Birch Inn", "Castle Spa")]
    for one in people:
        bill(one, line("12000", **YEAR))
    run, _ = start_release(by=finance_manager, entity=books, month_on=JANUARY, asked_on=date(2026, 2, 2))
    release_income(by=finance_manager, entity=books, customers=[people[0].pk], month_on=JANUARY)

    release_month(run.pk)

    run.refresh_from_db()
    assert (run.state, run.done, run.result) == ("done", 3, {"released": 3}), "what the first worker released as well"
    assert balance("revenue") == 3 * Decimal("558.90")
    assert JournalEntry.objects.filter(kind="transfer").count() == 3


def test_by_the_clock_the_month_that_is_over_is_released_once(
    acme: Customer, bill: Drafted, line: Line, books: LegalEntity
) -> None:
    bill(acme, line("12000", service_from=JANUARY, service_until=date(2030, 1, 14)))

    assert release_month_ends() == 1
    assert release_month_ends() == 0

    run = Run.objects.get(kind="release_income")
    assert (run.state, run.started_by.is_system) == ("done", True)
    assert balance("deferred_income") + balance("revenue") == 12000
    assert balance("revenue") > 0


# Credited ------------------------------------------------------------------------------------------------------------


def test_a_full_credit_takes_back_what_was_released_and_what_was_not(
    acme: Customer, bill: Drafted, line: Line, release: Callable[..., Run], credit: Callable[..., CreditNote]
) -> None:
    """
    2100 Deferred income  6,509.59
    4000 Revenue          5,490.41
    2200 Tax              2,400.00
        1100 Receivables           14,400.00
    """
    invoice = bill(acme, line("12000", **YEAR))
    release(6)

    note = credit(invoice, date(2026, 7, 1))

    assert entry_lines(note.entry) == [
        ("deferred_income", Decimal("6509.59"), 0),
        ("revenue", Decimal("5490.41"), 0),
        ("output_tax", 2400, 0),
        ("receivables", 0, 14400),
    ]
    assert deferred(invoice) == 0
    release(7)
    assert balance("revenue") == 0


def test_a_lower_price_is_shared_between_what_is_released_and_what_is_not(
    acme: Customer, bill: Drafted, line: Line, release: Callable[..., Run], credit: Callable[..., CreditNote]
) -> None:
    invoice = bill(acme, line("12000", **YEAR))
    release(6)

    note = credit(invoice, date(2026, 7, 1), PartOf(money("1440.00 GBP")))

    assert entry_lines(note.entry)[:2] == [("deferred_income", Decimal("650.96"), 0), ("revenue", Decimal("549.04"), 0)]
    for month in range(7, 13):
        release(month)
    release(1, 2027)
    assert (balance("deferred_income"), balance("revenue")) == (0, 10800)


def test_a_credit_of_unused_days_takes_only_what_is_not_released(
    acme: Customer, bill: Drafted, line: Line, release: Callable[..., Run], credit: Callable[..., CreditNote]
) -> None:
    """T12, credited before June was released: June still comes, and nothing after it."""
    invoice = bill(acme, line("12000", **YEAR))
    release(5)
    unused = LineCredit(invoice.lines.get(), net=Decimal("6509.59"), credited_from=date(2026, 7, 1))

    note = credit(invoice, date(2026, 6, 20), SomeLines([unused]), "cancellation")

    assert entry_lines(note.entry)[0] == ("deferred_income", Decimal("6509.59"), 0)
    assert not JournalLine.objects.filter(entry=note.entry, account__role="revenue").exists()
    release(6)
    release(7)
    moves = DeferralMovement.objects.filter(kind="released", month_on__gte=date(2026, 6, 1))
    assert [(one.month_on, one.amount) for one in moves] == [(date(2026, 6, 1), Decimal("986.30"))]
    assert (balance("deferred_income"), balance("revenue")) == (0, Decimal("5490.41"))


def test_days_that_were_released_already_are_taken_back_from_revenue(
    acme: Customer, bill: Drafted, line: Line, release: Callable[..., Run], credit: Callable[..., CreditNote]
) -> None:
    invoice = bill(acme, line("12000", **YEAR))
    release(7)
    unused = LineCredit(invoice.lines.get(), net=Decimal("6509.59"), credited_from=date(2026, 7, 1))

    note = credit(invoice, date(2026, 8, 3), SomeLines([unused]), "cancellation")

    assert entry_lines(note.entry)[:2] == [
        ("deferred_income", Decimal("5490.41"), 0),
        ("revenue", Decimal("1019.18"), 0),
    ]
    assert (balance("deferred_income"), balance("revenue")) == (0, Decimal("5490.41"))


def test_a_foreign_year_keeps_its_first_rate_to_the_cent(
    customer: Callable[..., Customer],
    zero: TaxRate,
    bill: Drafted,
    line: Line,
    release: Callable[..., Run],
    credit: Callable[..., CreditNote],
) -> None:
    for day, rate in ((date(2026, 1, 1), "0.857"), (date(2026, 2, 1), "0.91")):
        ExchangeRate.objects.create(from_currency="EUR", to_currency="GBP", on=day, rate=Decimal(rate), source="Test")
    halle = customer("Halle", currency="EUR")
    prices = ("333.33", "333.33", "100.01")
    invoice = bill(halle, *(line(price, tax_rate=zero, **YEAR) for price in prices))
    assert balance("deferred_income") == Decimal("657.04")

    release(1)
    credit(invoice, date(2026, 2, 3), PartOf(money("77.77 EUR")))
    credit(invoice, date(2026, 2, 4), PartOf(money("0.01 EUR")))
    for month in range(2, 6):
        release(month)
    credit(invoice, date(2026, 6, 1))

    assert (deferred(invoice), balance("deferred_income"), balance("revenue") + balance("rounding")) == (0, 0, 0)
    entries = JournalEntry.objects.filter(kind="transfer")
    assert all(abs(entry.rate - Decimal("0.857")) < Decimal("0.001") for entry in entries if entry.rate)


def test_movements_are_never_changed(acme: Customer, bill: Drafted, line: Line) -> None:
    bill(acme, line("12000", **YEAR))

    for statement in (
        "UPDATE invoicing_deferralmovement SET amount = 1",
        "DELETE FROM invoicing_deferralschedule",
    ):
        with pytest.raises(IntegrityError, match="never changed or deleted"), transaction.atomic():
            connection.cursor().execute(statement)
