"""What the marked customer promised, and the payment plan that was proposed to them."""

from datetime import timedelta

from ar_collections.actions.plans import Proposal, open_plan, propose_plan
from ar_collections.actions.promises import Pledge, record_promise
from ar_collections.plans import Every, steps_of
from controls.models import ApprovalRequest
from core import clock
from core.calendars import calendar_of
from core.money import round_to_currency
from ledger.balances import open_items
from ledger.models import OpenItem
from tests.house.scoped import MARKER, Addresses, Stage
from tests.house.scoped.customers import customer_of


def addresses(stage: Stage) -> Addresses:
    customer, today = customer_of(stage), clock.today(stage.uk)
    owed = open_items(entity=stage.uk, as_of=today, customer=customer)
    item = owed.filter(side=OpenItem.Side.DEBIT, open_amount__gt=2).order_by("pk").first()
    if item is None:
        raise LookupError("The rooms before this one leave an invoice open.")
    open_plan(by=stage.manager, customer=customer, reason=MARKER, opened_on=today)
    steps = steps_of(
        item.open_money, count=2, first_on=today + timedelta(days=7), every=Every.MONTH, calendar=calendar_of(stage.uk)
    )
    proposal = Proposal(currency=item.currency, items=[item], steps=steps, reason=MARKER, proof=("a.txt", b"proof"))
    plan = propose_plan(by=stage.clerk, customer=customer, proposal=proposal, proposed_on=today)
    asked = ApprovalRequest.objects.get(subject_type="collections.paymentplan", subject_id=str(plan.pk))
    amount = round_to_currency(item.open_amount / 2, item.currency)
    pledge = Pledge(currency=item.currency, instalments=[(today, amount)], parts=[(item, amount)], said_by=MARKER)
    promise = record_promise(by=stage.clerk, customer=customer, pledge=pledge, taken_on=today)
    of_customer = "customer_promises record_promise customer_plans open_plan propose_plan".split()
    return {
        **{f"collections:{name}": {"pk": customer.pk} for name in of_customer},
        **{f"collections:{name}": {"pk": promise.pk} for name in ("promise", "withdraw_promise")},
        **{f"collections:{name}": {"pk": plan.pk} for name in ("plan", "attach_signed_letter", "cancel_plan")},
        "collections:approve_plan": {"pk": asked.pk},
    }
