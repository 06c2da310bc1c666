"""Issuing very many drafts as a run that can be killed at any point and started again."""

from collections.abc import Sequence
from datetime import date

from django.db import transaction

from core.audit import audit
from core.models import LegalEntity, Run, User
from core.permissions import require
from core.runs import start_run
from invoicing.actions.errors import ChangedMeanwhile, NotReady
from invoicing.models import Invoice

KIND = "issue_invoices"


@transaction.atomic
def start_issuing(
    *, by: User, entity: LegalEntity, invoices: Sequence[Invoice], issued_on: date, request_id: str
) -> tuple[Run, bool]:
    """Lay down which drafts a run issues; the same request is the same run, however often it comes."""
    require(by, "invoicing.issue_invoice", entity)
    if not invoices:
        raise NotReady("There is no draft to issue.")

    keys = sorted(invoice.pk for invoice in invoices)
    run, is_new = start_run(
        by,
        entity,
        KIND,
        issued_on,
        title=f"Issue {len(keys):,} invoices dated {issued_on:%d %B %Y}",
        part=request_id,
        parameters={"invoices": keys},
        total=len(keys),
        link="/invoices/",
    )
    if not is_new and run.parameters["invoices"] != keys:
        raise ChangedMeanwhile(f"“{run.title}” was started with this form. Choose the drafts again.")
    if is_new:
        audit(by, "run.started", run, entity=entity, after={"invoices": len(keys), "issued_on": issued_on})
    return run, is_new
