"""Carrying out the credit of many invoices: one by one, so that one that is refused stops no other."""

from core import runs
from core.errors import Refused
from core.heartbeat import Heartbeat
from core.models import Run
from invoicing.actions.credit_notes import issue_bulk_part
from invoicing.models import BulkCreditInvoice


def carry_out(run: Run) -> None:
    """Issue the credit notes that are not issued yet."""
    chosen = BulkCreditInvoice.objects.filter(bulk=run.parameters["bulk_credit"]).select_related(
        "bulk__entity", "invoice__customer", "invoice__entity"
    )
    if not runs.take_up(run, total=chosen.count()):
        return
    with Heartbeat(run):
        for one in chosen.order_by("pk"):
            if not _credited(run, one):
                return
        runs.finish(run, credited=chosen.filter(credit_note__isnull=False).count())


def _credited(run: Run, one: BulkCreditInvoice) -> bool:
    try:
        issue_bulk_part(by=run.started_by, chosen=one)
    except Refused as refusal:
        runs.fail_item(run, str(one.invoice), refusal.message)
        return True
    return runs.advance(run)
