"""Carrying out a billing run in batches of customers. What an earlier attempt billed isn't due any more."""

from collections.abc import Sequence

from core.errors import Refused
from core.heartbeat import Heartbeat
from core.models import Run
from core.runs import advance, fail_item, finish, stop_with, take_up
from customers.models import Customer
from invoicing.actions.billing import bill_customers
from invoicing.models import BillingRun, Invoice

BATCH = 250


def carry_out(run: Run) -> None:
    """Bill the customers of a run, or those that are left of it."""
    billing_run = BillingRun.objects.select_related("entity").get(run=run)
    if not take_up(run):
        return
    issued = Invoice.objects.filter(billing_run=billing_run, number__isnull=False)
    advance(run, issued.count())
    customers: list[int] = run.parameters["customers"]
    try:
        with Heartbeat(run):
            for start in range(0, len(customers), BATCH):
                if not _bill(run, billing_run, customers[start : start + BATCH]):
                    return
    except Exception as error:
        stop_with(run, f"{type(error).__name__}: {error}")
        raise
    finish(run, issued=issued.count())


def _bill(run: Run, billing_run: BillingRun, keys: Sequence[int]) -> bool:
    """Bill one batch; False when somebody has cancelled the run. One customer's refusal stops no other."""
    customers = [Customer(pk=key) for key in keys]
    try:
        billed = bill_customers(by=run.started_by, billing_run=billing_run, customers=customers)
    except Refused as refusal:
        if len(keys) == 1:
            name = str(Customer.objects.get(pk=keys[0]))
            fail_item(run, name, refusal.message)
            return advance(run, 0)
        return all(_bill(run, billing_run, [key]) for key in keys)
    for name, reasons in billed.left_out:
        fail_item(run, name, reasons)
    return advance(run, len(billed.issued))
