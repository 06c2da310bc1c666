"""Late interest of the marked customer: terms, a charge, and a waiver that waits."""

from datetime import timedelta

from ar_collections.actions.late_interest import charge_late_interest, request_late_waiver
from ar_collections.actions.late_terms import add_late_terms
from ar_collections.late_interest import Method
from ar_collections.models import LateTerms
from controls.models import ApprovalRequest
from core import clock
from core.money import money
from ledger.models import OpenItem
from tests.collections.books import Books
from tests.house.scoped import MARKER, Addresses, Stage
from tests.house.scoped.customers import customer_of


def addresses(stage: Stage) -> Addresses:
    customer, today = customer_of(stage), clock.today(stage.uk)
    terms = LateTerms(
        entity=stage.uk, customer=customer, method=Method.FIXED, percent=money("8.00 GBP").amount, currency="GBP",
        basis=MARKER, valid_from=today - timedelta(days=400),
    )  # fmt: skip
    add_late_terms(by=stage.system, terms=terms)
    late: list[OpenItem] = [
        Books(stage.system, customer).invoice(
            f"{MARKER}-L{number}", "500.00", today - timedelta(days=90), today - timedelta(days=60)
        )
        for number in (1, 2)
    ]
    facts = {"customer": customer, "currency": late[0].currency}
    charge = charge_late_interest(by=stage.clerk, items=[late[0].pk], charged_on=today, **facts)
    waiver = request_late_waiver(by=stage.clerk, items=[late[1].pk], reason=MARKER, requested_on=today, **facts)
    asked = ApprovalRequest.objects.get(subject_type="collections.latecharge", subject_id=str(waiver.pk))
    return {
        **{f"collections:{name}": {"pk": customer.pk} for name in ("customer_late_interest", "decide_late_interest")},
        **{f"collections:{name}": {"pk": charge.pk} for name in ("late_charge", "take_back_late_charge")},
        "collections:end_late_terms": {"pk": terms.pk},
        "collections:approve_late_waiver": {"pk": asked.pk},
    }
