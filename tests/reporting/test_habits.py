"""How late a customer pays is learnt from payments that stand, not from those that were taken back."""

from collections.abc import Callable
from datetime import date
from decimal import Decimal

import pytest

from core.models import LegalEntity, User
from customers.models import Customer
from ledger.models import Account, Allocation, JournalEntry, OpenItem
from ledger.posting import EntryDraft, LineDraft, Pair, allocate, post, reverse_allocations
from reporting.queries.account import habits_of
from reporting.queries.dashboard import closing_rate

Make = Callable[..., OpenItem]


@pytest.mark.django_db
def test_a_payment_that_was_moved_to_another_invoice_is_as_late_as_it_is_there(
    acme: Customer, bill: Make, pay: Make, system: User
) -> None:
    old = bill(acme, "INV-1", "100.00", date(2026, 3, 1))
    new = bill(acme, "INV-2", "100.00", date(2026, 5, 1))
    receipt = pay(acme, "RC-1", "100.00", date(2026, 5, 11), to=[old])
    wrong = Allocation.objects.get()
    reverse_allocations(by=system, allocations=[wrong], allocated_on=date(2026, 5, 20), reason="It names INV-2")
    allocate(by=system, pairs=[Pair(new, receipt, Decimal(100), date(2026, 5, 20))])

    [before] = habits_of(customer=acme, as_of=date(2026, 5, 19))
    [after] = habits_of(customer=acme, as_of=date(2026, 5, 31))

    assert (before.days_late, before.paid) == (71, 100)
    assert (after.days_late, after.paid) == (19, 100)


@pytest.mark.django_db
def test_a_currency_without_a_rate_is_valued_at_what_was_posted_by_the_day(books: LegalEntity, system: User) -> None:
    for on, rate in ((date(2026, 3, 1), "0.80"), (date(2026, 5, 1), "0.90")):
        lines = (
            LineDraft(Account.Role.BANK, debit=Decimal(100)),
            LineDraft(Account.Role.UNIDENTIFIED_RECEIPTS, credit=Decimal(100)),
        )
        kind = JournalEntry.Kind.RECEIPT
        post(by=system, entries=[EntryDraft(books, kind, on, "USD", lines, key=f"usd:{on}", rate=Decimal(rate))])

    assert closing_rate(books, "USD", date(2026, 4, 1)) == Decimal("0.80")
    assert closing_rate(books, "USD", date(2026, 6, 1)) == Decimal("0.90")
