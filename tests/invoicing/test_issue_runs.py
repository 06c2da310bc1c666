"""Issuing very many: a run that counts, goes on after a crash, and leaves out what isn't ready."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from typing import Any

import pytest
from django.db import connection

from core.errors import NotAllowed
from core.models import LegalEntity, Run, User
from customers.models import Customer
from invoicing import tasks
from invoicing.actions import (
    draft_invoices,
    issue_credit_note,
    issue_invoice,
    issue_invoices,
    start_issuing,
    store_invoice_pdf,
)
from invoicing.actions.credit_notes import draft_credit_note
from invoicing.actions.errors import ChangedMeanwhile, NotReady
from invoicing.crediting import OverCredited
from invoicing.credits import Everything
from invoicing.drafts import DraftLine, InvoiceDraft
from invoicing.models import CreditNote, Invoice
from invoicing.tasks import issue_drafts, store_missing_pdfs
from ledger.models import JournalEntry
from messaging.models import Message

Drafted = Callable[..., Invoice]
Day = Callable[[int], date]
Made = Callable[..., Customer]
Line = Callable[..., DraftLine]


def numbers() -> list[str]:
    return sorted(str(number) for number in Invoice.objects.exclude(number=None).values_list("number", flat=True))


def without_gap(count: int) -> list[str]:
    return [f"INV-2026-{number:06d}" for number in range(1, count + 1)]


@pytest.mark.django_db
def test_a_run_issues_what_is_ready_and_says_why_of_the_rest(
    acme: Customer, customer: Made, clerk: User, books: LegalEntity, drafted: Drafted, may: Day
) -> None:
    strict = customer("Strict", purchase_order_required=True)
    drafts = [drafted(acme), drafted(strict), drafted(acme)]

    run, is_new = start_issuing(by=clerk, entity=books, invoices=drafts, issued_on=may(4), request_id="r1")
    issue_drafts(run.pk)

    run.refresh_from_db()
    assert (is_new, run.state, run.done, run.failed, run.result) == (True, Run.State.DONE, 2, 1, {"issued": 2})
    assert "purchase order number" in run.errors.get().message
    assert numbers() == without_gap(2)


@pytest.mark.django_db
def test_the_same_request_is_the_same_run(
    acme: Customer, clerk: User, books: LegalEntity, drafted: Drafted, may: Day
) -> None:
    drafts = [drafted(acme), drafted(acme)]

    first, _ = start_issuing(by=clerk, entity=books, invoices=drafts, issued_on=may(4), request_id="r1")
    issue_drafts(first.pk)
    again, is_new = start_issuing(by=clerk, entity=books, invoices=drafts[::-1], issued_on=may(4), request_id="r1")
    issue_drafts(again.pk)

    assert (again.pk, is_new) == (first.pk, False)
    assert Message.objects.count() == 2
    with pytest.raises(ChangedMeanwhile, match="Choose the drafts again"):
        start_issuing(by=clerk, entity=books, invoices=drafts[:1], issued_on=may(4), request_id="r1")


@pytest.mark.django_db
def test_drafts_that_were_put_right_are_issued_by_another_run_of_the_same_day(
    customer: Made, clerk: User, books: LegalEntity, drafted: Drafted, may: Day
) -> None:
    strict = customer("Strict", purchase_order_required=True)
    drafts = [drafted(strict)]
    first, _ = start_issuing(by=clerk, entity=books, invoices=drafts, issued_on=may(4), request_id="r1")
    issue_drafts(first.pk)
    Customer.objects.filter(pk=strict.pk).update(purchase_order_required=False)

    second, is_new = start_issuing(by=clerk, entity=books, invoices=drafts, issued_on=may(4), request_id="r2")
    issue_drafts(second.pk)

    assert is_new
    assert numbers() == without_gap(1)


@pytest.mark.django_db
def test_a_run_goes_on_where_it_was_broken_off(
    acme: Customer, clerk: User, books: LegalEntity, drafted: Drafted, may: Day, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tasks, "BATCH", 2)
    run, _ = start_issuing(
        by=clerk, entity=books, invoices=[drafted(acme) for _ in range(6)], issued_on=may(4), request_id="r1"
    )
    calls: list[Any] = []

    def breaks_in_the_second_batch(**facts: Any) -> list[Invoice]:
        calls.append(facts)
        if len(calls) == 2:
            raise ConnectionError("The database went away.")
        return issue_invoices(**facts)

    monkeypatch.setattr(tasks, "issue_invoices", breaks_in_the_second_batch)
    with pytest.raises(ConnectionError):
        issue_drafts(run.pk)
    run.refresh_from_db()
    assert (run.state, run.done) == (Run.State.FAILED, 2)

    issue_drafts(run.pk)

    run.refresh_from_db()
    assert (run.state, run.done, run.failed) == (Run.State.DONE, 6, 0)
    assert numbers() == without_gap(6)
    assert JournalEntry.objects.count() == 6


@pytest.mark.django_db
def test_a_run_that_nobody_is_at_is_taken_up_again(
    acme: Customer, clerk: User, books: LegalEntity, drafted: Drafted, may: Day, monkeypatch: pytest.MonkeyPatch
) -> None:
    run, _ = start_issuing(by=clerk, entity=books, invoices=[drafted(acme)], issued_on=may(4), request_id="r1")
    monkeypatch.setattr(tasks.issue_drafts, "delay", issue_drafts)

    assert tasks.resume_issuing() == 0
    Run.objects.update(state="running", last_seen_at="2026-01-01T00:00:00Z")
    assert tasks.resume_issuing() == 1

    run.refresh_from_db()
    assert run.state == Run.State.DONE
    assert tasks.resume_issuing() == 0


@pytest.mark.django_db
def test_nothing_to_issue_is_no_run_and_who_does_not_bill_starts_none(
    acme: Customer, clerk: User, collector: User, books: LegalEntity, drafted: Drafted, may: Day
) -> None:
    with pytest.raises(NotReady, match="no draft to issue"):
        start_issuing(by=clerk, entity=books, invoices=[], issued_on=may(4), request_id="r1")
    with pytest.raises(NotAllowed):
        start_issuing(by=collector, entity=books, invoices=[drafted(acme)], issued_on=may(4), request_id="r1")


@pytest.mark.django_db
def test_missing_pdfs_are_made_in_the_background_once(acme: Customer, manager: User, issued: Drafted, may: Day) -> None:
    first, second = issued(acme), issued(acme)
    note = draft_credit_note(
        by=manager, invoice=first, credit=Everything(), reason_code="other", reason="All of it was wrong"
    )
    issue_credit_note(by=manager, credit_note=note, issued_on=may(5))
    store_invoice_pdf(by=manager, invoice=second)

    assert store_missing_pdfs() == 2
    assert store_missing_pdfs() == 0
    assert not Invoice.objects.filter(pdf=None).exists()
    assert not CreditNote.objects.filter(pdf=None).exists()


# Side by side --------------------------------------------------------------------------------------------------------

Job = Callable[[Any], Any]


def side_by_side(job: Job, items: list[Any], people: int = 8) -> list[Any]:
    def alone(item: Any) -> Any:
        try:
            return job(item)
        except OverCredited as refusal:
            return refusal
        finally:
            connection.close()

    with ThreadPoolExecutor(people) as pool:
        return list(pool.map(alone, items))


@pytest.mark.django_db(transaction=True)
def test_two_people_who_issue_the_same_draft_give_it_one_number(
    acme: Customer, clerk: User, books: LegalEntity, drafted: Drafted, may: Day
) -> None:
    draft = drafted(acme)

    issued = side_by_side(lambda one: issue_invoice(by=clerk, entity=books, invoice=one, issued_on=may(4)), [draft] * 6)

    assert {one.number for one in issued} == {"INV-2026-000001"}
    assert JournalEntry.objects.count() == 1
    assert Message.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_many_at_once_leave_no_gap_and_wait_for_nobody_forever(
    acme: Customer, customer: Made, clerk: User, books: LegalEntity, drafted: Drafted, may: Day
) -> None:
    people = [acme, customer("Birch"), customer("Cedar")]
    batches = [[drafted(people[(step + index) % 3]) for index in range(3)] for step in range(12)]

    side_by_side(lambda batch: issue_invoices(by=clerk, entity=books, invoices=batch, issued_on=may(4)), batches)

    assert numbers() == without_gap(36)


@pytest.mark.django_db(transaction=True)
def test_two_people_who_credit_the_same_invoice_credit_it_once(
    acme: Customer, manager: User, issued: Drafted, may: Day
) -> None:
    invoice = issued(acme)
    facts: dict[str, Any] = {"credit": Everything(), "reason_code": "other", "reason": "Wrong"}
    notes = [draft_credit_note(by=manager, invoice=invoice, **facts) for _ in range(4)]

    done = side_by_side(lambda note: issue_credit_note(by=manager, credit_note=note, issued_on=may(5)), notes)

    assert sorted(type(one).__name__ for one in done) == ["CreditNote", "OverCredited", "OverCredited", "OverCredited"]


KILLED = """
import django
django.setup()
from invoicing import tasks
tasks.BATCH = 5
tasks.issue_drafts({run})
"""


@pytest.mark.django_db(transaction=True)
def test_a_killed_run_is_started_again_without_gap_or_double(
    acme: Customer, clerk: User, books: LegalEntity, line: Line, may: Day, monkeypatch: pytest.MonkeyPatch
) -> None:
    drafts = [InvoiceDraft(customer=acme, lines=[line("10")]) for _ in range(200)]
    made = draft_invoices(by=clerk, entity=books, drafts=drafts)
    run, _ = start_issuing(by=clerk, entity=books, invoices=made, issued_on=may(4), request_id="r1")

    _kill_after_some(run)
    issued_before = len(numbers())
    Run.objects.filter(pk=run.pk).update(last_seen_at="2026-01-01T00:00:00Z")
    issue_drafts(run.pk)

    run.refresh_from_db()
    assert 0 < issued_before < 200
    assert (run.state, run.done) == (Run.State.DONE, 200)
    assert numbers() == without_gap(200)
    assert Message.objects.count() == JournalEntry.objects.count() == 200


def _kill_after_some(run: Run) -> None:
    database = connection.settings_dict
    environment = {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": "o2c.settings",
        "DATABASE_URL": f"postgres:///{database['HOST']}/{database['NAME']}",
        "PGUSER": str(database["USER"]),
    }
    worker = subprocess.Popen([sys.executable, "-c", KILLED.format(run=run.pk)], env=environment)
    until = time.monotonic() + 60
    while time.monotonic() < until and worker.poll() is None and len(numbers()) < 20:
        time.sleep(0.02)
    worker.send_signal(signal.SIGKILL)
    worker.wait()
