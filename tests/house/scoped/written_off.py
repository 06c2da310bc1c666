"""What was written off for the marked customer, and what waits to be."""

from datetime import timedelta
from decimal import Decimal

from ar_collections.actions.recoveries import recover_debt
from ar_collections.actions.write_offs import Writing, request_write_off, write_off_items
from ar_collections.models import WriteOff
from controls.actions import set_up_limits
from controls.models import ApprovalRequest
from core import clock
from tests.collections.books import Books
from tests.house.scoped import MARKER, Addresses, Stage
from tests.house.scoped.customers import customer_of


def addresses(stage: Stage) -> Addresses:
    customer, today = customer_of(stage), clock.today(stage.uk)
    set_up_limits(by=stage.system, entity=stage.uk)
    books, due = Books(stage.system, customer), today - timedelta(days=60)
    late = [books.invoice(f"{MARKER}-W{number}", "50.00", due - timedelta(days=30), due) for number in (1, 2)]
    kinds = {"reason": WriteOff.Reason.OTHER, "note": MARKER, "currency": late[0].currency}
    row = write_off_items(
        by=stage.manager, customer=customer, writing=Writing(parts=[(late[0].pk, Decimal(50))], **kinds),
        posted_on=today,
    )  # fmt: skip
    waits = request_write_off(
        by=stage.clerk, customer=customer, writing=Writing(parts=[(late[1].pk, Decimal(50))], **kinds),
        requested_on=today,
    )  # fmt: skip
    asked = ApprovalRequest.objects.get(subject_type="collections.writeoff", subject_id=str(waits.pk))
    line = row.lines.get()
    receipt = books.receipt(f"{MARKER}-R", "10.00", today)
    recovery = recover_debt(by=stage.clerk, line=line, receipt=receipt, amount=Decimal(10), recovered_on=today)
    return {
        **{f"collections:{name}": {"pk": customer.pk} for name in ("customer_write_offs", "write_off_items")},
        **{f"collections:{name}": {"pk": row.pk} for name in ("write_off", "reverse_write_off", "drop_write_off")},
        **{f"collections:{name}": {"pk": line.pk} for name in ("claim_tax_relief", "recover_debt")},
        "collections:undo_recovery": {"pk": recovery.pk},
        "collections:approve_write_off": {"pk": asked.pk},
    }
