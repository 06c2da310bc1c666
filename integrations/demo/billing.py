"""Billing of the month before: its run with what was accepted in it, the income that it released, and a credit hold."""

from __future__ import annotations

from datetime import date

from core.models import User
from customers.actions import place_credit_hold
from customers.models import Customer
from integrations.demo.books import Ledger
from integrations.demo.contracts import AGREEMENTS, SUBSCRIPTION, Agreement, Products, agree, sold
from integrations.demo.people import PEOPLE
from integrations.demo.story import Story
from invoicing import billing_runs, releasing_runs
from invoicing.actions import accept_exception, check_billing_run, prepare_billing_run, start_billing_run
from invoicing.actions.releasing import start_release
from invoicing.billing.findings import ACCEPTABLE, DUPLICATE
from invoicing.models import ChargeKind

LEASE = Agreement("lease", [sold("LEASE-SCAN", "4", "monthly")], 0, 36, notice_days=0, renews=False, index=None)
# With customers behind those of the other contracts. The two leases are one customer's and look like one billed twice.
EARLIER = [
    [Agreement(SUBSCRIPTION, [sold("SUB-USER", "18", "annual")], 0, 12)],
    [Agreement("service", [sold("SVC-MANAGED", "1", "monthly")], 0, 24)],
    [LEASE, LEASE],
    [Agreement(SUBSCRIPTION, [sold("SUB-PRO", "6", "quarterly", "171.00")], 0, 12)],
    [Agreement(SUBSCRIPTION, [sold("SUB-USER", "9", "monthly", "38.00")], 0, 12)],
]
REASONS = {DUPLICATE: "Two sites with a scanner set each; both delivery notes are signed."}
OTHER_REASON = "Agreed with Maya Osei: they pay by the end of each month."
HELD = "Nothing paid for months and their audit isn't finished. New orders against payment in advance."


def bill_month(ledger: Ledger, products: Products, on: date) -> None:
    """Agree what begins on a day, and bill it by a run: prepared, its exceptions accepted, issued."""
    for customer, agreements in zip(ledger.active[len(AGREEMENTS) :], EARLIER, strict=False):
        for agreement in agreements:
            agree(ledger.by, customer, agreement, products, on)
    nora = person("ar_specialist")
    prepared = prepare_billing_run(
        by=nora,
        entity=ledger.entity,
        billed_through=on,
        invoice_on=on,
        kinds=ChargeKind.values,
        request_id="demo",
    )
    for exception in prepared.exceptions.filter(code__in=ACCEPTABLE):
        accept_exception(by=nora, exception=exception, reason=REASONS.get(exception.code, OTHER_REASON))
    checked = check_billing_run(by=nora, billing_run=prepared)
    if checked.checked_at is None:
        raise AssertionError("A run that was checked says when.")
    billing_runs.carry_out(start_billing_run(by=nora, billing_run=checked, checked_at=checked.checked_at.isoformat()))


def release_month(ledger: Ledger, month_on: date, on: date) -> None:
    """Release what was earned in a month that is over."""
    run, _ = start_release(by=person("finance_manager"), entity=ledger.entity, month_on=month_on, asked_on=on)
    releasing_runs.carry_out(run)


def hold_one(ledger: Ledger, story: Story, on: date) -> None:
    """Stop selling to a customer who pays nothing any more."""
    customer = _first_in_trouble(ledger, story)
    if customer is not None:
        place_credit_hold(by=person("collector"), customer=customer, reason=HELD, placed_on=on)


def person(role: str) -> User:
    """Who holds a role in the demo company."""
    return User.objects.get(email=next(one.email for one in PEOPLE if one.role == role))


def _first_in_trouble(ledger: Ledger, story: Story) -> Customer | None:
    stopped = (one for one in story.customers if one.habit.stops_after is not None and one.code in ledger.customers)
    first = next(stopped, None)
    return ledger.customers[first.code] if first else None
