"""The events of receivables as textbooks book them. Each test draws its T-accounts; the drawing is the expectation."""

from collections.abc import Callable, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from core.models import ExchangeRate, LegalEntity, User
from customers.models import Customer
from ledger.ageing import ageing
from ledger.balances import control_account
from ledger.models import Account, JournalEntry, OpenItem
from ledger.posting import EntryDraft, ItemDraft, LineDraft, Pair, allocate, post, reverse_allocations, reverse_entry
from ledger.proofs import prove_ledger
from tests.ledger.t_accounts import drawn, t_accounts

Day = Callable[[int], date]
Role = Account.Role


class Bookkeeper:
    """Writes entries the short way: book("Invoice", may(1), (Role.RECEIVABLES, 1200, 0, "INV-1"), …)."""

    def __init__(self, by: User, customer: Customer) -> None:
        self.by = by
        self.customer = customer

    def book(self, text: str, on: date, *lines: Sequence[Any], **more: Any) -> JournalEntry:
        drafts = [self.line(on, *line) for line in lines]
        facts = {"kind": "adjustment", "currency": self.customer.currency, "key": None, "text": text, **more}
        return post(by=self.by, entries=[EntryDraft(self.customer.entity, posted_on=on, lines=drafts, **facts)])[0]

    def line(self, on: date, role: Role, debit: Any, credit: Any, number: str = "", kind: str = "invoice") -> LineDraft:
        item = ItemDraft(number, kind, on, on) if number else None
        customer = self.customer if number else None
        return LineDraft(role, Decimal(str(debit)), Decimal(str(credit)), customer=customer, item=item)

    def settle(self, credit: str, debit: str, amount: Any, on: date) -> Any:
        items = {item.number: item for item in OpenItem.objects.filter(customer=self.customer)}
        return allocate(by=self.by, pairs=[Pair(items[debit], items[credit], Decimal(str(amount)), on)])[0]

    def open(self) -> dict[str, Decimal]:
        rows = OpenItem.objects.filter(customer=self.customer, open_amount__gt=0)
        return dict(rows.order_by("number").values_list("number", "open_amount"))


@pytest.fixture
def keeper(acme: Customer, system: User) -> Bookkeeper:
    return Bookkeeper(system, acme)


@pytest.fixture(autouse=True)
def books_stay_right(books: LegalEntity) -> Any:
    yield
    assert prove_ledger().problems == []


def test_an_invoice_is_paid_in_full(keeper: Bookkeeper, books: LegalEntity, may: Day) -> None:
    """
    1100 Trade receivables
    ---------------------------------------------------
    Invoice         1,200.00 | Receipt         1,200.00
    = 0.00

    1200 Bank
    ---------------------------------------------------
    Receipt         1,200.00 |
    = 1,200.00 debit

    2200 Output tax
    ---------------------------------------------------
                             | Invoice           200.00
    = 200.00 credit

    4000 Revenue
    ---------------------------------------------------
                             | Invoice         1,000.00
    = 1,000.00 credit
    """
    bill(keeper, may(1))
    keeper.book("Receipt", may(30), (Role.BANK, 1200, 0), (Role.RECEIVABLES, 0, 1200, "RC-1", "receipt"))
    keeper.settle("RC-1", "INV-1", 1200, may(30))

    assert t_accounts(books) == expected(test_an_invoice_is_paid_in_full)
    assert keeper.open() == {}


def test_billing_in_advance_defers_the_income_but_never_the_tax(
    keeper: Bookkeeper, books: LegalEntity, may: Day
) -> None:
    """
    1100 Trade receivables
    ---------------------------------------------------
    Invoice         1,200.00 |
    = 1,200.00 debit

    2100 Deferred income
    ---------------------------------------------------
    May               250.00 | Invoice         1,000.00
    = 750.00 credit

    2200 Output tax
    ---------------------------------------------------
                             | Invoice           200.00
    = 200.00 credit

    4000 Revenue
    ---------------------------------------------------
                             | May               250.00
    = 250.00 credit
    """
    lines = ((Role.RECEIVABLES, 1200, 0, "INV-1"), (Role.DEFERRED_INCOME, 0, 1000), (Role.OUTPUT_TAX, 0, 200))
    keeper.book("Invoice", may(1), *lines)
    keeper.book("May", may(31), (Role.DEFERRED_INCOME, 250, 0), (Role.REVENUE, 0, 250))

    assert t_accounts(books) == expected(test_billing_in_advance_defers_the_income_but_never_the_tax)


def test_money_of_nobody_waits_outside_receivables_until_it_is_identified(
    keeper: Bookkeeper, books: LegalEntity, may: Day
) -> None:
    """
    1100 Trade receivables
    ---------------------------------------------------
                             | Identified        400.00
    = 400.00 credit

    1110 Unidentified receipts
    ---------------------------------------------------
    Identified        400.00 | Receipt           400.00
    = 0.00

    1200 Bank
    ---------------------------------------------------
    Receipt           400.00 |
    = 400.00 debit
    """
    keeper.book("Receipt", may(4), (Role.BANK, 400, 0), (Role.UNIDENTIFIED_RECEIPTS, 0, 400))
    lines = ((Role.UNIDENTIFIED_RECEIPTS, 400, 0), (Role.RECEIVABLES, 0, 400, "RC-1", "receipt"))
    keeper.book("Identified", may(9), *lines)

    assert t_accounts(books) == expected(test_money_of_nobody_waits_outside_receivables_until_it_is_identified)
    assert ageing(entities=[books], as_of=may(9))[0].unapplied_cash == 400


def test_a_credit_note_corrects_revenue_and_tax_and_is_set_against_its_invoice(
    keeper: Bookkeeper, books: LegalEntity, may: Day
) -> None:
    """
    1100 Trade receivables
    ---------------------------------------------------
    Invoice         1,200.00 | Credit note       120.00
    = 1,080.00 debit

    2200 Output tax
    ---------------------------------------------------
    Credit note        20.00 | Invoice           200.00
    = 180.00 credit

    4000 Revenue
    ---------------------------------------------------
    Credit note       100.00 | Invoice         1,000.00
    = 900.00 credit
    """
    bill(keeper, may(1))
    lines = ((Role.REVENUE, 100, 0), (Role.OUTPUT_TAX, 20, 0), (Role.RECEIVABLES, 0, 120, "CN-1", "credit_note"))
    keeper.book("Credit note", may(5), *lines)
    keeper.settle("CN-1", "INV-1", 120, may(5))

    assert t_accounts(books) == expected(test_a_credit_note_corrects_revenue_and_tax_and_is_set_against_its_invoice)
    assert keeper.open() == {"INV-1": 1080}


def test_a_short_payment_goes_to_discount_bank_charge_and_small_difference(
    keeper: Bookkeeper, books: LegalEntity, may: Day
) -> None:
    """
    1100 Trade receivables
    ---------------------------------------------------
    Invoice         1,200.00 | Receipt         1,165.99
                             | Discount           24.00
                             | Charge             10.00
                             | Difference          0.01
    = 0.00

    2200 Output tax
    ---------------------------------------------------
    Discount            4.00 | Invoice           200.00
    = 196.00 credit

    4100 Settlement discounts allowed
    ---------------------------------------------------
    Discount           20.00 |
    = 20.00 debit

    6200 Bank charges
    ---------------------------------------------------
    Charge             10.00 |
    = 10.00 debit

    6400 Small differences
    ---------------------------------------------------
    Difference          0.01 |
    = 0.01 debit
    """
    bill(keeper, may(1))
    keeper.book("Receipt", may(8), (Role.BANK, "1165.99", 0), (Role.RECEIVABLES, 0, "1165.99", "RC-1", "receipt"))
    discount = (
        (Role.DISCOUNTS_ALLOWED, 20, 0),
        (Role.OUTPUT_TAX, 4, 0),
        (Role.RECEIVABLES, 0, 24, "D-1", "adjustment"),
    )
    keeper.book("Discount", may(8), *discount)
    keeper.book("Charge", may(8), (Role.BANK_CHARGES, 10, 0), (Role.RECEIVABLES, 0, 10, "D-2", "adjustment"))
    keeper.book(
        "Difference", may(8), (Role.SMALL_DIFFERENCES, "0.01", 0), (Role.RECEIVABLES, 0, "0.01", "D-3", "adjustment")
    )
    for number, amount in (("RC-1", "1165.99"), ("D-1", 24), ("D-2", 10), ("D-3", "0.01")):
        keeper.settle(number, "INV-1", amount, may(8))

    drawing = t_accounts(books, "1100", "2200", "4100", "6200", "6400")
    assert drawing == expected(test_a_short_payment_goes_to_discount_bank_charge_and_small_difference)
    assert keeper.open() == {}


def test_a_returned_payment_opens_the_invoice_again_from_that_day(
    keeper: Bookkeeper, books: LegalEntity, system: User, may: Day
) -> None:
    """
    1100 Trade receivables
    ---------------------------------------------------
    Invoice         1,200.00 | Receipt         1,200.00
    Returned        1,200.00 |
    = 1,200.00 debit

    1200 Bank
    ---------------------------------------------------
    Receipt         1,200.00 | Returned        1,200.00
    = 0.00
    """
    bill(keeper, may(1))
    receipt = keeper.book("Receipt", may(10), (Role.BANK, 1200, 0), (Role.RECEIVABLES, 0, 1200, "RC-1", "receipt"))
    allocation = keeper.settle("RC-1", "INV-1", 1200, may(10))
    reverse_allocations(by=system, allocations=[allocation], allocated_on=may(14), reason="Returned")
    reverse_entry(by=system, entry=receipt, posted_on=may(14), reason="Returned")

    assert t_accounts(books, "1100", "1200") == expected(test_a_returned_payment_opens_the_invoice_again_from_that_day)
    assert keeper.open() == {"INV-1": 1200}
    totals = [sum(row.total for row in ageing(entities=[books], as_of=may(day))) for day in (9, 10, 13, 14)]
    assert totals == [1200, 0, 0, 1200]


def test_a_write_off_takes_the_rest_and_a_recovery_brings_it_back(
    keeper: Bookkeeper, books: LegalEntity, may: Day
) -> None:
    """
    1100 Trade receivables
    ---------------------------------------------------
    Invoice         1,200.00 | Write-off       1,200.00
    Reopened          300.00 | Receipt           300.00
    = 0.00

    6100 Bad debt
    ---------------------------------------------------
    Write-off       1,200.00 |
    = 1,200.00 debit

    6110 Bad debt recovered
    ---------------------------------------------------
                             | Reopened          300.00
    = 300.00 credit
    """
    bill(keeper, may(1))
    keeper.book("Write-off", may(20), (Role.BAD_DEBT, 1200, 0), (Role.RECEIVABLES, 0, 1200, "WO-1", "adjustment"))
    keeper.settle("WO-1", "INV-1", 1200, may(20))
    keeper.book(
        "Reopened", may(28), (Role.RECEIVABLES, 300, 0, "WO-2", "adjustment"), (Role.BAD_DEBT_RECOVERED, 0, 300)
    )
    keeper.book("Receipt", may(28), (Role.BANK, 300, 0), (Role.RECEIVABLES, 0, 300, "RC-1", "receipt"))
    keeper.settle("RC-1", "WO-2", 300, may(28))

    drawing = t_accounts(books, "1100", "6100", "6110")
    assert drawing == expected(test_a_write_off_takes_the_rest_and_a_recovery_brings_it_back)


def test_t14_the_realised_gain_is_what_came_in_above_what_was_billed(
    books: LegalEntity, system: User, make_customer: Callable[..., Customer], may: Day
) -> None:
    """
    1100 Trade receivables
    ---------------------------------------------------
    Invoice         8,500.00 | Receipt         8,600.00
    RC-1 settles INV-1     100.00 |
    = 0.00

    1200 Bank
    ---------------------------------------------------
    Receipt         8,600.00 |
    = 8,600.00 debit

    4000 Revenue
    ---------------------------------------------------
                             | Invoice         8,500.00
    = 8,500.00 credit

    6300 Exchange differences, realised
    ---------------------------------------------------
                             | RC-1 settles INV-1     100.00
    = 100.00 credit
    """
    keeper = Bookkeeper(system, make_customer("Castle", books, "EUR"))
    for day, rate in ((1, "0.85"), (31, "0.87")):
        ExchangeRate.objects.create(from_currency="EUR", to_currency="GBP", on=may(day), rate=Decimal(rate))
    keeper.book("Invoice", may(1), (Role.RECEIVABLES, 10000, 0, "INV-1"), (Role.REVENUE, 0, 10000))
    lines = ((Role.BANK, 10000, 0), (Role.RECEIVABLES, 0, 10000, "RC-1", "receipt"))
    paid_on = date(2026, 6, 9)
    keeper.book("Receipt", paid_on, *lines, rate=Decimal("0.86"))
    keeper.settle("RC-1", "INV-1", 10000, paid_on)

    assert t_accounts(books) == expected(test_t14_the_realised_gain_is_what_came_in_above_what_was_billed)
    tie = control_account(entity=books, as_of=paid_on)[0]
    assert (tie.account, tie.base_account, tie.base_items) == (0, 0, 0)
    before = control_account(entity=books, as_of=date(2026, 6, 8))[0]
    assert (before.account, before.base_account, before.base_items) == (10000, 8500, 8500)


def bill(keeper: Bookkeeper, on: date) -> None:
    """1,000 and 20 % tax."""
    keeper.book("Invoice", on, (Role.RECEIVABLES, 1200, 0, "INV-1"), (Role.REVENUE, 0, 1000), (Role.OUTPUT_TAX, 0, 200))


def expected(test: Callable[..., None]) -> str:
    return drawn(test.__doc__ or "")
