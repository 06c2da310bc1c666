"""Money that leaves clearing for a bank account whose day is signed meanwhile counts on the next open day."""

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Any

from cashapp.actions.cheques import Bounce, bounce_cheque, credit_slip
from cashapp.models import ClearingCredit
from core.models import BankAccount, LegalEntity, User
from customers.models import Customer
from ledger.actions import lock_days
from ledger.models import Account
from tests.cashapp.queues.test_cheques import cheque, deposited  # noqa: F401 - a fixture of neighbours

Make = Callable[..., Any]
Day = Callable[[int], date]


def signed_until(day: date, bank_account: BankAccount, by: User) -> None:
    """The reconciliation of every day up to this one is signed."""
    account = Account.objects.get(bank_account=bank_account)
    lock_days(by=by, account=account, first_on=day.replace(day=1), last_on=day)


def test_a_slip_that_the_bank_credited_on_a_signed_day_and_a_cheque_that_bounced_on_one(
    clerk: User,
    system: User,
    books: LegalEntity,
    bank_account: BankAccount,
    castle: Customer,
    cheque: Make,  # noqa: F811
    bank_line: Make,
    may: Day,
) -> None:
    one = cheque("100231", "120.00 GBP", castle)
    slip = deposited(clerk, books, bank_account, may(13), one)
    line = bank_line("120.00", "CHQ DEPOSIT", on=may(14))
    signed_until(may(14), bank_account, system)

    credit = credit_slip(by=clerk, slip=slip, line=line)
    assert credit.entry.posted_on == may(15)

    signed = bank_line("-128.00", "CHQ RETURNED", on=may(16))
    account = Account.objects.get(bank_account=bank_account)
    lock_days(by=system, account=account, first_on=may(15), last_on=may(16))
    one.refresh_from_db()
    told = Bounce(signed.booked_on, "Refer to drawer", Decimal("8.00"))
    bounced = bounce_cheque(by=clerk, cheque=one, told=told)

    assert bounced.entry and bounced.entry.posted_on == may(17)
    assert ClearingCredit.objects.count() == 1
