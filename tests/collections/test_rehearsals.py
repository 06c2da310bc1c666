"""Previews and dry runs of a whole company: paged on screen, worked out by a run, kept as a workbook."""

from collections.abc import Callable
from datetime import date, timedelta
from io import BytesIO
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client
from python_calamine import CalamineWorkbook

from ar_collections.actions.rehearsals import start_preview
from ar_collections.models import StrategyVersion
from ar_collections.queries.preview import preview
from ar_collections.tasks import resume_rehearsals
from ar_collections.views import notices
from core import clock
from core.models import LegalEntity, Run, RunError, StoredFile, User
from customers.models import Customer
from tests.collections.books import Books
from tests.collections.dunning import switch_all_on


def browser_of(person: User) -> Client:
    """A browser of their own, beside those of the others."""
    client = Client()
    client.force_login(person)
    return client


def workbook_of(run: Run) -> list[list[Any]]:
    """The rows of the run's file."""
    file = StoredFile.objects.get(pk=int(run.link.strip("/").split("/")[-1]))
    return CalamineWorkbook.from_filelike(BytesIO(file.read())).get_sheet_by_index(0).to_python()


def test_everybody_is_previewed_by_a_run_and_a_page_shows_some(
    books: LegalEntity,
    system: User,
    manager: User,
    collector: User,
    auditor: User,
    new_customer: Callable[..., Customer],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    switch_all_on(manager, books)
    today = clock.today(books)
    for number in range(5):
        customer = new_customer(f"C{number}", f"Customer {number}")
        Books(system, customer).invoice(f"INV-{number}", "900.00", date(2026, 4, 4), date(2026, 5, 4))
    monkeypatch.setattr(notices, "AT_ONCE", 2)
    colin = browser_of(collector)
    page = colin.get("/reminders/preview/?state=not")
    assert b"Customers 1 to 2 of 5" in page.content and b"Everybody, as a workbook" in page.content
    assert b"Customers 5 to 5 of 5" in colin.get("/reminders/preview/?part=3").content
    request_id = str(uuid4())
    for _ in range(2):
        answer = colin.post("/reminders/preview/all/", {"on": today.isoformat(), "request_id": request_id}, follow=True)
        assert answer.status_code == 200

    run = Run.objects.get(kind="preview_reviews")
    assert (run.state, run.done, run.result["customers"]) == (Run.State.DONE, 5, 5)
    numbers = {row[4] for row in workbook_of(run)}
    assert {f"INV-{number}" for number in range(5)} <= numbers
    assert browser_of(auditor).post("/reminders/preview/all/", {"request_id": str(uuid4())}).status_code == 403
    assert colin.post("/reminders/preview/all/", {"request_id": "x"}).status_code == 409


def test_a_version_is_tried_on_everybody(books: LegalEntity, manager: User, collector: User, account: Books) -> None:
    switch_all_on(manager, books)
    account.invoice("INV-1", "900.00", date(2026, 4, 4), date(2026, 5, 4))
    version = StrategyVersion.objects.get(strategy__entity=books, strategy__code="standard")
    facts = {"from_on": "2026-05-01", "until_on": "2026-06-30", "basis": "since", "request_id": str(uuid4())}

    answer = browser_of(manager).post(f"/strategies/versions/{version.pk}/try/all/", facts, follow=True)

    assert answer.status_code == 200
    run = Run.objects.get(kind="dry_run")
    assert run.state == Run.State.DONE and run.result["customers"] == 1
    assert any("INV-1" in str(row[4]) for row in workbook_of(run))
    assert browser_of(collector).post(f"/strategies/versions/{version.pk}/try/all/", facts).status_code == 403


def test_a_rehearsal_whose_worker_died_is_taken_up_again_and_one_customer_who_breaks_stops_no_other(
    books: LegalEntity,
    system: User,
    manager: User,
    collector: User,
    new_customer: Callable[..., Customer],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    switch_all_on(manager, books)
    today = clock.today(books)
    sick = new_customer("SICK", "Sick Ltd")
    for customer in (new_customer("A", "A Ltd"), sick, new_customer("Z", "Z Ltd")):
        Books(system, customer).invoice(f"INV-{customer.code}", "900.00", date(2026, 4, 4), date(2026, 5, 4))

    def breaks(*args: Any, customers: Any, **facts: Any) -> Any:
        if sick.pk in customers:
            raise ArithmeticError("no sum")
        return preview(*args, customers=customers, **facts)

    monkeypatch.setattr("ar_collections.rehearsal_runs.preview", breaks)
    run = start_preview(by=collector, entity=books, on=today, today=today, request_id=uuid4())
    assert resume_rehearsals() == 0, "its worker may be on the way"
    Run.objects.update(state=Run.State.RUNNING, last_seen_at=clock.now() - timedelta(minutes=9))

    assert resume_rehearsals() == 1

    run.refresh_from_db()
    assert (run.state, run.done, run.failed) == (Run.State.DONE, 3, 1)
    assert sum(run.result.get(name, 0) for name in ("asked", "not_asked")) == 2
    error = RunError.objects.get(run=run)
    assert (error.label, error.message) == (f"Customer {sick.pk}", "ArithmeticError: no sum")
    assert {row[4] for row in workbook_of(run)} >= {"INV-A", "INV-Z"}
    assert "INV-SICK" not in {row[4] for row in workbook_of(run)}
