"""What came back goes into the next run: same amount, same documents, the scheme's sign, neither too often nor late."""

from collections.abc import Callable
from datetime import date

import pytest

from core.models import User
from customers.models import Contact, CustomerBankAccount
from directdebit.actions.representing import NothingToPresent, present_again
from directdebit.models import Collection, CollectionRun, Creditor, FollowUp, ReturnReport
from directdebit.planning import Wanted
from directdebit.queries.planning import plan_of
from tests.directdebit.returns.reports import arudd

May = Callable[[int], date]
TakeIn = Callable[..., ReturnReport]
UNPAID = arudd(("CASTLE-001", "120.00", "0128"))


@pytest.fixture
def run(creditor: Creditor, clerk: User, may: May) -> CollectionRun:
    """A run for 4 June, prepared on 18 May."""
    return CollectionRun.objects.create(
        entity=creditor.entity, creditor=creditor, due_until=may(31), collect_on=date(2026, 6, 4), prepared_on=may(18),
        request_id="1", prepared_by=clerk,
    )  # fmt: skip


@pytest.fixture
def unpaid(paid: Collection, take_in: TakeIn, may: May) -> Collection:
    Contact.objects.create(customer=paid.customer, name="Accounts", email="accounts@castle.example")
    take_in(UNPAID, may(15))
    return paid


def test_a_run_presents_it_again_with_the_same_documents(
    unpaid: Collection, run: CollectionRun, clerk: User, may: May
) -> None:
    (again,) = present_again(by=clerk, run=run, on=may(18))

    unpaid.refresh_from_db()
    follow_up = FollowUp.objects.get()
    assert (again.sequence, again.re_presents, again.amount) == ("re_presented", unpaid, unpaid.amount)
    assert [part.item for part in again.parts.all()] == [part.item for part in unpaid.parts.all()]
    assert (again.collect_on, again.notice is not None) == (date(2026, 6, 4), True)
    assert (unpaid.state, follow_up.done_on) == (Collection.State.RE_PRESENTED, may(18))
    with pytest.raises(NothingToPresent):
        present_again(by=clerk, run=run, on=may(18))


def test_too_late_for_the_scheme_is_not_presented(unpaid: Collection, creditor: Creditor, clerk: User) -> None:
    late = CollectionRun.objects.create(
        entity=creditor.entity, creditor=creditor, due_until=date(2026, 6, 30), collect_on=date(2026, 6, 15),
        prepared_on=date(2026, 5, 29), request_id="2", prepared_by=clerk,
    )  # fmt: skip

    with pytest.raises(NothingToPresent):
        present_again(by=clerk, run=late, on=date(2026, 5, 29))


def test_while_it_is_followed_up_no_run_draws_for_its_documents(
    unpaid: Collection, creditor: Creditor, manager: User, may: May
) -> None:
    CustomerBankAccount.objects.update(verified_by=manager, verified_at="2026-05-01T10:00Z", verified_how="call_back")
    wanted = Wanted(creditor, may(31), date(2026, 6, 4), may(18))

    found = plan_of(wanted)

    assert (list(found.planned), [left.reason for left in found.left]) == (
        [],
        [f"{unpaid.reference} came back, and what follows from it is not settled."],
    )
    FollowUp.objects.update(done_on=may(18), done_by=manager, outcome="Collect afresh")
    assert [planned.money for planned in plan_of(wanted).planned] == [unpaid.money]
