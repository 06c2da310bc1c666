"""What a statement says: open items, ages, credits, movements, in each currency, as at any day."""

import random
from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import date, timedelta
from decimal import Decimal

import pytest

from ar_collections.queries import customer_statement
from ar_collections.statements import undoes
from core.models import User
from core.money import money
from customers.models import Customer
from ledger.balances import customer_balance
from ledger.posting import reverse_allocations, reverse_entry
from tests.collections.books import Books, brightwater

TODAY = date(2026, 11, 20)


def amounts(*texts: str) -> list[Decimal]:
    return [Decimal(text) for text in texts]


def test_the_account_of_a_chain_of_hotels(account: Books, hotels: Customer) -> None:
    brightwater(account)

    [part] = customer_statement(customer=hotels, as_of=TODAY).parts

    assert [line.item.number for line in part.lines] == [
        "INV-24120", "INV-24119", "INV-24118", "INV-24117", "INV-24131", "INV-24152", "INV-24160", "RC-5521",
    ]  # fmt: skip
    assert [line.days_overdue for line in part.lines] == [87, 53, 50, 33, 1, 0, 0, 0]
    assert part.ages == amounts("14125.60", "11420.40", "13363.00", "7488.00", "0")
    assert (part.balance, part.overdue, part.unapplied) == tuple(amounts("45147.00", "32271.40", "-1250.00"))
    assert part.to_pay == money("32271.40 GBP")
    assert part.last_payment is not None
    assert (part.last_payment.amount, part.last_payment.received_on) == (Decimal(1250), date(2026, 11, 17))


def test_each_line_has_what_was_paid_of_it_and_the_balance_down_to_it(account: Books, hotels: Customer) -> None:
    brightwater(account)
    [part] = customer_statement(customer=hotels, as_of=TODAY).parts
    part_paid, on_account = part.lines[2], part.lines[7]

    assert (part_paid.item.amount, part_paid.settled, part_paid.item.open_amount) == tuple(
        amounts("1676.00", "505.00", "1171.00")
    )
    assert part_paid.balance == Decimal("16549.00")
    assert on_account.is_credit and on_account.item.open_amount == Decimal("-1250.00")
    assert part.lines[-1].balance == part.balance


def test_a_past_day_is_told_as_it_stood_at_its_end(account: Books, hotels: Customer) -> None:
    brightwater(account)

    before = customer_statement(customer=hotels, as_of=date(2026, 11, 2)).parts[0]
    after = customer_statement(customer=hotels, as_of=date(2026, 11, 3)).parts[0]

    assert before.lines[2].item.open_amount == Decimal(1676)
    assert after.lines[2].item.open_amount == Decimal(1171)
    assert before.balance - after.balance == Decimal(505)
    assert before.last_payment is None


@pytest.mark.django_db(transaction=True)
def test_what_was_recorded_later_was_not_known_then(account: Books, hotels: Customer) -> None:
    known_at = account.invoice("INV-1", "100.00", date(2026, 5, 4), date(2026, 6, 3)).recorded_at
    account.receipt("RC-1", "40.00", date(2026, 5, 5))

    starts_on = date(2026, 5, 1)
    then = customer_statement(customer=hotels, as_of=date(2026, 5, 31), known_at=known_at, starts_on=starts_on)
    now = customer_statement(customer=hotels, as_of=date(2026, 5, 31), starts_on=starts_on)

    assert (now.parts[0].balance, len(now.parts[0].movements)) == (Decimal(60), 2)
    assert (then.parts[0].balance, len(then.parts[0].movements)) == (Decimal(100), 1)
    assert then.parts[0].last_payment is None


def test_every_currency_has_a_statement_of_its_own(account: Books, hotels: Customer) -> None:
    account.invoice("INV-1", "100.00", date(2026, 5, 4), date(2026, 6, 3))
    account.invoice("INV-2", "200.00", date(2026, 5, 4), date(2026, 6, 3), currency="EUR", rate="0.85")
    account.receipt("RC-2", "50.00", date(2026, 5, 6), currency="EUR", rate="0.86")

    statement = customer_statement(customer=hotels, as_of=date(2026, 5, 31))

    assert [(part.currency, part.balance) for part in statement.parts] == [("GBP", Decimal(100)), ("EUR", Decimal(150))]
    assert statement.parts[0].last_payment is None
    assert statement.parts[1].to_pay == money("150.00 EUR")


def test_what_is_settled_or_undone_is_not_open_and_an_undone_payment_is_not_the_last(
    account: Books, hotels: Customer, system: User
) -> None:
    invoice = account.invoice("INV-1", "100.00", date(2026, 5, 4), date(2026, 6, 3))
    good = account.receipt("RC-1", "30.00", date(2026, 5, 5))
    bad = account.receipt("RC-2", "70.00", date(2026, 5, 6))
    account.apply(good, invoice, "30.00", date(2026, 5, 7))
    reverse_entry(by=system, entry=bad.line.entry, posted_on=date(2026, 5, 8), reason="Returned by the bank")

    on_the_seventh = customer_statement(customer=hotels, as_of=date(2026, 5, 7)).parts[0]
    part = customer_statement(customer=hotels, as_of=date(2026, 5, 31)).parts[0]

    assert [line.item.number for line in part.lines] == ["INV-1"]
    assert part.balance == Decimal(70)
    assert part.last_payment is not None and part.last_payment.amount == Decimal(30)
    assert on_the_seventh.last_payment is not None and on_the_seventh.last_payment.amount == Decimal(70)


def test_a_customer_who_is_owed_money_is_asked_for_nothing(account: Books, hotels: Customer) -> None:
    account.invoice("INV-1", "100.00", date(2026, 5, 4), date(2026, 5, 4))
    account.receipt("RC-1", "250.00", date(2026, 5, 5))

    [part] = customer_statement(customer=hotels, as_of=date(2026, 5, 31)).parts

    assert (part.balance, part.overdue) == (Decimal(-150), Decimal(100))
    assert part.to_pay == money("0.00 GBP")


def test_an_account_without_anything_is_empty_in_the_customers_currency(hotels: Customer) -> None:
    statement = customer_statement(customer=hotels, as_of=TODAY, starts_on=date(2026, 11, 1))

    assert statement.is_empty and not statement.owes
    assert [part.currency for part in statement.parts] == ["GBP"]


# Movements --------------------------------------------------------------------------------------------------------


def test_a_statement_with_a_first_day_brings_forward_lists_and_closes_at_the_balance(
    account: Books, hotels: Customer
) -> None:
    brightwater(account)

    [part] = customer_statement(customer=hotels, as_of=TODAY, starts_on=date(2026, 11, 1)).parts

    assert part.brought_forward == Decimal("32776.40")
    assert [(one.posting.number, one.debit, one.credit) for one in part.movements] == [
        ("INV-24152", Decimal(10980), None),
        ("RC-5510", None, Decimal(505)),
        ("INV-24160", Decimal("3145.60"), None),
        ("RC-5521", None, Decimal(1250)),
    ]
    assert part.closing_balance == part.balance == Decimal("45147.00")


def test_an_account_that_was_settled_in_the_period_still_has_its_movements(account: Books, hotels: Customer) -> None:
    invoice = account.invoice("INV-1", "100.00", date(2026, 5, 4), date(2026, 6, 3))
    account.apply(account.receipt("RC-1", "100.00", date(2026, 5, 6)), invoice, "100.00", date(2026, 5, 6))

    open_items = customer_statement(customer=hotels, as_of=date(2026, 5, 31))
    period = customer_statement(customer=hotels, as_of=date(2026, 5, 31), starts_on=date(2026, 5, 1))

    assert open_items.is_empty
    assert not period.is_empty and not period.owes
    assert len(period.parts[0].movements) == 2


@pytest.mark.parametrize("seed", range(4))
def test_open_items_movements_and_ledger_always_agree(
    account: Books, hotels: Customer, system: User, seed: int
) -> None:
    chance = random.Random(seed)  # noqa: S311 - a test's dice
    start = date(2026, 1, 1)
    debits, credits = [], []
    for number in range(25):
        on = start + timedelta(days=chance.randrange(150))
        amount = f"{chance.randrange(100, 99999) / 100:.2f}"
        if chance.random() < 0.6:
            debits.append(account.invoice(f"INV-{number}", amount, on, on + timedelta(days=chance.randrange(60))))
        else:
            credits.append(account.receipt(f"RC-{number}", amount, on))
    for credit, debit in zip(credits, debits, strict=False):
        amount = min(credit.amount, debit.amount)
        account.apply(credit, debit, str(amount), max(credit.posted_on, debit.posted_on))

    for _ in range(6):
        as_of = start + timedelta(days=chance.randrange(200))
        starts_on = as_of - timedelta(days=chance.randrange(90))
        [part] = customer_statement(customer=hotels, as_of=as_of, starts_on=starts_on).parts
        owed = customer_balance(customer=hotels, as_of=as_of).get("GBP", money("0.00 GBP"))
        assert part.balance == part.closing_balance == owed.amount
        assert sum(part.ages) + part.unapplied == part.balance


def test_undoing_an_allocation_opens_both_items_again(account: Books, hotels: Customer, system: User) -> None:
    invoice = account.invoice("INV-1", "100.00", date(2026, 5, 4), date(2026, 6, 3))
    receipt = account.receipt("RC-1", "100.00", date(2026, 5, 6))
    account.apply(receipt, invoice, "100.00", date(2026, 5, 6))
    allocations = list(invoice.debit_allocations.all())
    reverse_allocations(by=system, allocations=allocations, allocated_on=date(2026, 5, 10), reason="Wrong invoice")

    assert customer_statement(customer=hotels, as_of=date(2026, 5, 9)).is_empty
    assert len(customer_statement(customer=hotels, as_of=date(2026, 5, 10)).parts[0].lines) == 2


def test_a_statement_takes_four_queries_however_long_it_is(
    account: Books, hotels: Customer, django_assert_max_num_queries: Callable[..., AbstractContextManager[object]]
) -> None:
    for number in range(40):
        account.invoice(f"INV-{number}", "10.00", date(2026, 5, 4), date(2026, 6, 3))
    with django_assert_max_num_queries(4):
        customer_statement(customer=hotels, as_of=TODAY, starts_on=date(2026, 5, 1))


def test_a_document_on_the_other_side_undoes_one_of_its_kind() -> None:
    assert not undoes("invoice", Decimal(1)) and undoes("invoice", Decimal(-1))
    assert not undoes("receipt", Decimal(-1)) and undoes("receipt", Decimal(1))
    assert not undoes("opening", Decimal(1)) and not undoes("opening", Decimal(-1))
