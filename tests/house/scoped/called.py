"""A call with the marked customer, who stands on the worklist."""

from ar_collections.actions.calls import CallLog, log_call
from ar_collections.calls import CallOutcome
from core import clock
from core.actions import save_view
from tests.house.scoped import MARKER, Addresses, Stage
from tests.house.scoped.customers import customer_of


def addresses(stage: Stage) -> Addresses:
    customer = customer_of(stage)
    log = CallLog(outcome=CallOutcome.SPOKE, note=MARKER)
    call = log_call(by=stage.clerk, customer=customer, log=log, on=clock.today(stage.uk))
    view = save_view(by=stage.clerk, page="collections:worklist", name=MARKER, query="view=all")
    of_customer = "customer_calls log_call log_from_worklist claim_customer snooze_customer".split()
    return {
        **{f"collections:{name}": {"pk": customer.pk} for name in of_customer},
        "collections:take_back_call": {"pk": call.pk},
        "collections:drop_worklist_view": {"pk": view.pk},
        "call-detail": {"pk": call.pk},
    }
