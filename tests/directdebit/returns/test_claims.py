"""Claims under the guarantee: refunds wait, the money goes on its day, and a claim may be given up."""

from collections.abc import Callable
from datetime import date
from decimal import Decimal

from cashapp.actions.ending import move_receipt
from core.models import AuditEvent, User
from customers.models import Customer
from directdebit.actions.booking import debit_claim
from directdebit.models import Collection, Creditor, FollowUp, ReturnedDebit, ReturnReport
from directdebit.return_runs import debit_due_claims
from ledger.models import BankClaim, OpenItem
from tests.directdebit.returns.conftest import Draw, mandate_of, only
from tests.directdebit.returns.reports import claim, ddica

May = Callable[[int], date]
TakeIn = Callable[..., ReturnReport]
CLAIMED = ddica(claim("2", "CASTLE-001", ("2026-05-12", "120.00")))


def test_a_claim_is_open_and_the_receipt_stands_until_the_bank_debits_it(
    paid: Collection, take_in: TakeIn, may: May
) -> None:
    returned = only(take_in(CLAIMED, may(20)))

    paid.refresh_from_db()
    assert (returned.state, returned.debit_on) == (ReturnedDebit.State.BOOKED, date(2026, 6, 3))
    assert (paid.state, paid.receipt and paid.receipt.is_live) == (Collection.State.PRESUMED_PAID, True)
    assert BankClaim.objects.get(ended_on=None).item == paid.receipt.item  # type: ignore[union-attr]
    follow_up = returned.follow_ups.get()
    assert (follow_up.owner, follow_up.due_on) == (FollowUp.Owner.LEGAL, date(2026, 6, 1))


def test_on_its_day_the_receipt_is_undone_and_the_debt_lives_on(
    paid: Collection, take_in: TakeIn, may: May, system: User
) -> None:
    returned = only(take_in(CLAIMED, may(20)))

    for _ in range(2):
        debit_claim(by=system, returned=returned, on=date(2026, 6, 3))

    paid.refresh_from_db()
    item = OpenItem.objects.get(collection_parts__collection=paid)
    assert (paid.state, item.open_amount, item.due_on) == (Collection.State.CLAIMED, Decimal(120), may(10))
    assert BankClaim.objects.get().outcome == "The bank took the money back."


def test_a_claim_that_is_given_up_frees_the_customer_again(
    paid: Collection, take_in: TakeIn, may: May, system: User
) -> None:
    returned = only(take_in(CLAIMED, may(20)))
    ended = claim("2", "CASTLE-001", ("2026-05-12", "120.00"), tag="DDICCancellation")

    take_in(ddica(cancelled=ended), may(25), "cancelled.xml")
    debit_claim(by=system, returned=returned, on=date(2026, 6, 3))

    paid.refresh_from_db()
    assert BankClaim.objects.get().ended_on == may(25)
    assert (paid.state, paid.receipt and paid.receipt.is_live) == (Collection.State.PRESUMED_PAID, True)


def test_the_same_claim_in_the_next_report_is_one_claim(paid: Collection, take_in: TakeIn, may: May) -> None:
    take_in(CLAIMED, may(20))
    take_in(CLAIMED.replace(b"<SeqNo>1", b"<SeqNo>2"), may(21), "again.xml")

    assert (ReturnedDebit.objects.count(), BankClaim.objects.count()) == (1, 1)


def test_a_claim_that_cannot_be_debited_says_why_and_keeps_no_other_back(
    paid: Collection,
    creditor: Creditor,
    castle: Customer,
    halden: Customer,
    invoice: Callable[..., OpenItem],
    draw: Draw,
    take_in: TakeIn,
    clerk: User,
    system: User,
    may: May,
) -> None:
    other = draw(
        mandate_of(creditor, halden, "HALDEN-001", system), [invoice(halden, "INV-2", "80.00", may(1))], may(12)
    )
    both = ddica(claim("2", "CASTLE-001", ("2026-05-12", "120.00")), claim("2", "HALDEN-001", ("2026-05-12", "80.00")))
    report = take_in(both, may(20))
    assert paid.receipt is not None
    move_receipt(by=clerk, receipt=paid.receipt, customer=halden, moved_on=may(21), reason="It was theirs")

    assert debit_due_claims(system) == 1
    assert debit_due_claims(system) == 0

    other.refresh_from_db()
    assert other.state == Collection.State.CLAIMED
    stuck = report.returns.get(mandate_reference="CASTLE-001")
    assert "went to Halden Logistics Ltd" in stuck.why
    assert AuditEvent.objects.filter(event="claim.deferred").count() == 1
