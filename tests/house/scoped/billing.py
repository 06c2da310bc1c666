"""A prepared billing run with an exception, for a contract without a price."""

from datetime import date

from invoicing.actions import prepare_billing_run
from invoicing.models import ChargeKind
from tests.house.scoped import MARKER, Addresses, Stage
from tests.house.scoped.customers import customer_of
from tests.invoicing.billing import contract_of

DAY = date(2026, 5, 31)


def addresses(stage: Stage) -> Addresses:
    contract_of(stage.clerk, customer_of(stage), {"unit_price": None, "description": MARKER}, text=MARKER)
    run = prepare_billing_run(
        by=stage.clerk,
        entity=stage.uk,
        billed_through=DAY,
        invoice_on=DAY,
        kinds=ChargeKind.values,
        request_id=MARKER,
    )
    return {
        **{f"invoicing:{name}": {"pk": run.pk} for name in ("billing_run", "check_billing_run", "start_billing_run")},
        "invoicing:accept_exception": {"pk": run.exceptions.all()[0].pk},
    }
