"""Work in the background: issuing many drafts, and making the PDFs that nobody has asked for yet."""

import logging
from collections.abc import Callable, Sequence
from datetime import date
from functools import partial
from time import monotonic

from celery import shared_task
from django.core.cache import cache

from core.errors import Refused
from core.heartbeat import Heartbeat
from core.models import LegalEntity, Run, StoredFile, User
from core.pdf import PdfUnavailable
from core.permissions import system_user
from core.runs import advance, fail_item, finish, forsaken, stop_with, take_up
from invoicing import billing_runs, contract_runs
from invoicing.actions import issue_invoices, store_credit_note_pdf, store_invoice_pdf
from invoicing.actions.billing_runs import KIND as BILLING
from invoicing.actions.bulk_credits import KIND as BULK_CREDIT
from invoicing.actions.errors import NotReady
from invoicing.actions.intake import BRINGING
from invoicing.actions.releasing import KIND as RELEASE
from invoicing.actions.renewals import RENEWING
from invoicing.actions.runs import KIND
from invoicing.crediting_runs import carry_out as carry_out_credits
from invoicing.models import CreditNote, Invoice
from invoicing.queries.delivery import without_pdf
from invoicing.queries.examining import examine
from invoicing.releasing_runs import carry_out as carry_out_release
from invoicing.releasing_runs import start_due_releases

logger = logging.getLogger(__name__)

BATCH = 250
PDFS_A_ROUND = 500
ROUND_SECONDS = 15


@shared_task
def issue_drafts(run_id: int) -> None:
    """Issue the drafts of a run, batch by batch. What an earlier attempt has issued is counted and left alone."""
    run = Run.objects.select_related("entity", "started_by").get(pk=run_id)
    keys: list[int] = run.parameters["invoices"]
    if not take_up(run, total=len(keys)):
        return
    try:
        with Heartbeat(run):
            for start in range(0, len(keys), BATCH):
                if not _issue_batch(run, keys[start : start + BATCH]):
                    return
    except Exception as error:
        stop_with(run, f"{type(error).__name__}: {error}")
        raise
    finish(run, issued=Invoice.objects.filter(pk__in=keys, number__isnull=False).count())


def _issue_batch(run: Run, keys: Sequence[int]) -> bool:
    """Issue one batch; False when somebody has cancelled the run."""
    rows = Invoice.objects.filter(entity=run.entity, pk__in=keys).select_related("customer").order_by("pk")
    drafts = [row for row in rows if not row.is_issued]
    issued_or_gone = len(keys) - len(drafts)
    return advance(run, issued_or_gone + _issue_together(run, drafts))


def _issue_together(run: Run, drafts: Sequence[Invoice]) -> int:
    """All at once; what isn't ready is left out with its reason, and one refusal stops no other."""
    by, entity, on = run.started_by, run.entity, run.business_date
    try:
        return len(issue_invoices(by=by, entity=entity, invoices=drafts, issued_on=on))
    except NotReady:
        ready = _without_unready(run, drafts)
        if len(ready) < len(drafts):
            return _issue_together(run, ready)
    except Refused:
        ready = list(drafts)
    return sum(_issue_one(run, by, entity, invoice, on) for invoice in ready)


def _without_unready(run: Run, drafts: Sequence[Invoice]) -> list[Invoice]:
    examined = examine(entity=run.entity, invoices=drafts, issued_on=run.business_date)
    for one in examined:
        if not one.is_ready:
            fail_item(run, _label(one.invoice), " ".join(finding.message for finding in one.findings))
    return [one.invoice for one in examined if one.is_ready]


def _issue_one(run: Run, by: User, entity: LegalEntity, invoice: Invoice, on: date) -> int:
    try:
        issue_invoices(by=by, entity=entity, invoices=[invoice], issued_on=on)
    except Refused as refusal:
        fail_item(run, _label(invoice), refusal.message)
        return 0
    return 1


def _label(invoice: Invoice) -> str:
    return f"{invoice}, {invoice.customer}"


@shared_task
def carry_out_billing(run_id: int) -> None:
    """Carry out a billing run, or what is left of it."""
    billing_runs.carry_out(Run.objects.select_related("entity", "started_by").get(pk=run_id))


@shared_task
def resume_issuing() -> int:
    """Start runs again whose worker died or that no worker ever took up."""
    started = 0
    for kind, task in ((KIND, issue_drafts), (BILLING, carry_out_billing), (BRINGING, bring_in_contracts)):
        for pk in list(forsaken(kind).values_list("pk", flat=True)):
            task.delay(pk)
            started += 1
    return started


@shared_task
def release_month(run_id: int) -> None:
    """Carry out the release of a month, or what is left of it."""
    run = Run.objects.select_related("entity", "started_by").get(pk=run_id)
    try:
        carry_out_release(run)
    except Refused as refusal:
        stop_with(run, refusal.message)
    except Exception as error:
        stop_with(run, f"{type(error).__name__}: {error}")
        raise


@shared_task
def credit_many(run_id: int) -> None:
    """Issue the credit notes of a bulk credit, or those that are left."""
    run = Run.objects.select_related("entity", "started_by").get(pk=run_id)
    try:
        carry_out_credits(run)
    except Exception as error:
        stop_with(run, f"{type(error).__name__}: {error}")
        raise


@shared_task
def resume_credits() -> int:
    """Go on crediting where a worker died."""
    keys = list(forsaken(BULK_CREDIT).values_list("pk", flat=True))
    for pk in keys:
        credit_many.delay(pk)
    return len(keys)


@shared_task
def release_month_ends() -> int:
    """Release the month that is over, and go on where a worker died."""
    keys = [run.pk for run in start_due_releases()]
    keys += [pk for pk in forsaken(RELEASE).values_list("pk", flat=True) if pk not in keys]
    for pk in keys:
        release_month.delay(pk)
    return len(keys)


@shared_task
def bring_in_contracts(run_id: int) -> None:
    """Bring the rows of an uploaded file in, or what is left of them."""
    _carried_out(run_id, contract_runs.carry_in)


@shared_task
def renew_contracts(run_id: int) -> None:
    """Renew the contracts of a run, or what is left of them."""
    _carried_out(run_id, contract_runs.renew)


def _carried_out(run_id: int, work: Callable[[Run], None]) -> None:
    run = Run.objects.select_related("entity", "started_by").get(pk=run_id)
    try:
        work(run)
    except Exception as error:
        stop_with(run, f"{type(error).__name__}: {error}")
        raise


@shared_task
def renew_due_contracts() -> int:
    """Renew contracts on which nobody gave notice in time, and go on where a worker died."""
    keys = [run.pk for run in contract_runs.start_due_renewals()]
    keys += [pk for pk in forsaken(RENEWING).values_list("pk", flat=True) if pk not in keys]
    for pk in keys:
        renew_contracts.delay(pk)
    return len(keys)


@shared_task
def store_missing_pdfs() -> int:
    """Make PDFs that nobody has asked for yet. One that can't be made stops no other; the next round tries again.

    One process at a time, and for a quarter of each minute: what people wait for goes first.
    """
    if not cache.add(store_missing_pdfs.name, True, ROUND_SECONDS * 4):
        return 0
    try:
        return _make_until(monotonic() + ROUND_SECONDS)
    finally:
        cache.delete(store_missing_pdfs.name)


def _make_until(end: float) -> int:
    by, made = system_user(), 0
    stores = [partial(store_invoice_pdf, by=by, invoice=invoice) for invoice in without_pdf(Invoice, PDFS_A_ROUND)]
    stores += [
        partial(store_credit_note_pdf, by=by, credit_note=credit_note)
        for credit_note in without_pdf(CreditNote, PDFS_A_ROUND)
    ]
    for store in stores:
        if monotonic() > end:
            break
        made += _made(store)
    return made


def _made(store: Callable[[], StoredFile]) -> bool:
    try:
        store()
    except PdfUnavailable:
        raise
    except Exception:
        logger.exception("A PDF could not be made.")
        return False
    return True
