"""The billing run: preview, exceptions that are put right or accepted, issuing, and going on after a crash."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection

from core.errors import NotAllowed
from core.models import LegalEntity, Run, User
from customers.actions import change_requirements
from customers.models import Customer
from invoicing import billing_runs
from invoicing.actions import (
    accept_exception,
    bill_customers,
    change_billing_checks,
    check_billing_run,
    draft_charges,
    prepare_billing_run,
    start_billing_run,
)
from invoicing.actions.errors import BillingRefused, ChangedMeanwhile, NotReady
from invoicing.billing.findings import ACCEPTABLE
from invoicing.models import BilledPeriod, BillingException, BillingRun, Contract, Invoice, TaxRate
from invoicing.queries.billing_runs import billed_by, last_run_of, sums_in, where_to
from invoicing.queries.due import ALL_KINDS
from invoicing.queries.planning import plan_billing
from invoicing.tasks import carry_out_billing, resume_issuing
from ledger.models import JournalEntry
from messaging.models import Message
from tests.invoicing.billing import contract_of

Made = Callable[..., Customer]
Prepare = Callable[..., BillingRun]
MAY = date(2026, 5, 31)
JUNE = date(2026, 6, 30)


@pytest.fixture
def prepare(clerk: User, books: LegalEntity, standard: TaxRate) -> Prepare:
    """Nora prepares a run over everything that is due by the end of May."""

    def make(through: date = MAY, request_id: str = "form-1", **facts: Any) -> BillingRun:
        return prepare_billing_run(
            by=clerk,
            entity=books,
            billed_through=through,
            invoice_on=through,
            kinds=facts.pop("kinds", ALL_KINDS),
            request_id=request_id,
            **facts,
        )

    return make


def start(by: User, billing_run: BillingRun) -> Run:
    billing_run.refresh_from_db()
    checked_at = billing_run.checked_at.isoformat() if billing_run.checked_at else ""
    return start_billing_run(by=by, billing_run=billing_run, checked_at=checked_at)


def bill(by: User, billing_run: BillingRun) -> Run:
    run = start(by, billing_run)
    carry_out_billing(run.pk)
    run.refresh_from_db()
    return run


def codes(billing_run: BillingRun) -> list[str]:
    rows = billing_run.exceptions.filter(accepted_at=None, resolved_at=None)
    return sorted(rows.values_list("code", flat=True))


def numbers() -> list[str]:
    return sorted(str(number) for number in Invoice.objects.exclude(number=None).values_list("number", flat=True))


def without_gap(count: int) -> list[str]:
    return [f"INV-2026-{number:06d}" for number in range(1, count + 1)]


@pytest.mark.django_db
def test_a_run_bills_what_is_ready_and_sends_it(acme: Customer, customer: Made, clerk: User, prepare: Prepare) -> None:
    contract_of(clerk, acme)
    contract_of(clerk, customer("Birch"))

    billing_run = prepare()
    run = bill(clerk, billing_run)

    assert (run.state, run.done, run.failed, run.result) == (Run.State.DONE, 2, 0, {"issued": 2})
    assert numbers() == without_gap(2)
    assert JournalEntry.objects.count() == Message.objects.count() == BilledPeriod.objects.count() == 2
    assert [(one.kind, one.count, one.net) for one in billed_by(billing_run)] == [("order", 2, Decimal("240.00"))]
    assert last_run_of(acme.entity) == billing_run


@pytest.mark.django_db
def test_the_preview_writes_nothing_and_compares_with_the_last_period(
    acme: Customer, clerk: User, books: LegalEntity, prepare: Prepare
) -> None:
    contract_of(clerk, acme)
    bill(clerk, prepare())
    before = Invoice.objects.count()

    [june] = plan_billing(entity=books, through=JUNE, invoice_on=JUNE, kinds=ALL_KINDS)

    assert (june.plan.net, june.last_net, june.difference) == (Decimal("120.00"), Decimal("120.00"), Decimal(0))
    assert june.findings == []
    assert Invoice.objects.count() == before


@pytest.mark.django_db
def test_a_missing_order_number_keeps_an_invoice_out_until_it_is_there(
    acme: Customer, customer: Made, clerk: User, prepare: Prepare
) -> None:
    strict = contract_of(clerk, customer("Strict", purchase_order_required=True))
    contract_of(clerk, acme)
    billing_run = prepare()
    [exception] = billing_run.exceptions.all()
    assert (exception.code, exception.contract, billing_run.figures["ready"]) == ("no_purchase_order", strict, 1)
    with pytest.raises(BillingRefused, match="put right, not accepted"):
        accept_exception(by=clerk, exception=exception, reason="They will send it")

    Contract.objects.filter(pk=strict.pk).update(purchase_order="PO 88213")
    billing_run = check_billing_run(by=clerk, billing_run=billing_run)

    assert (codes(billing_run), billing_run.figures["ready"]) == ([], 2)
    assert bill(clerk, billing_run).done == 2


@pytest.mark.django_db
def test_what_is_not_put_right_stays_out_and_the_run_says_so(
    acme: Customer, customer: Made, clerk: User, prepare: Prepare
) -> None:
    contract_of(clerk, customer("Strict", purchase_order_required=True))
    contract_of(clerk, customer("Priceless"), {"unit_price": None})
    contract_of(clerk, customer("Exempt Trust", tax_status="exempt"))
    contract_of(clerk, acme)

    billing_run = prepare()
    run = bill(clerk, billing_run)

    assert codes(billing_run) == ["no_purchase_order", "price_missing", "tax_unclear"]
    assert (run.done, run.failed) == (1, 3)
    assert {error.label.split(" (")[0] for error in run.errors.all()} == {"Strict", "Priceless", "Exempt Trust"}


@pytest.mark.django_db
def test_an_expired_certificate_stops_an_exempt_customer(
    customer: Made, clerk: User, exempt: TaxRate, prepare: Prepare
) -> None:
    contract_of(clerk, customer("Exempt Trust", tax_status="exempt"))

    assert codes(prepare()) == ["no_certificate"]


@pytest.mark.django_db
def test_what_the_customers_structured_file_lacks_stands_in_the_queue(
    customer: Made, clerk: User, manager: User, prepare: Prepare
) -> None:
    hall = customer("Town Hall")
    change_requirements(by=manager, customer=hall, file_format="xrechnung", buyer_reference="04011000-12345-35")
    contract_of(clerk, hall)

    billing_run = prepare()

    [found] = billing_run.exceptions.all()
    assert found.code == "structured_data_missing" and "XRechnung names the phone" in found.message
    assert where_to(found) == f"/customers/{hall.pk}/details/" and found.code not in ACCEPTABLE


@pytest.mark.django_db
def test_an_order_that_came_in_twice_is_asked_about_and_accepted_with_a_reason(
    acme: Customer, clerk: User, prepare: Prepare
) -> None:
    contract_of(clerk, acme)
    contract_of(clerk, acme)
    billing_run = prepare()
    assert codes(billing_run) == ["likely_duplicate", "likely_duplicate"]
    with pytest.raises(BillingRefused, match="Write why"):
        accept_exception(by=clerk, exception=billing_run.exceptions.all()[0], reason=" ")

    for exception in billing_run.exceptions.all():
        accept_exception(by=clerk, exception=exception, reason="Two buildings, one price.")
        accept_exception(by=clerk, exception=exception, reason="Again")
    check_billing_run(by=clerk, billing_run=billing_run)

    assert set(billing_run.exceptions.values_list("reason", flat=True)) == {"Two buildings, one price."}
    assert bill(clerk, billing_run).done == 2
    assert codes(prepare(JUNE, "form-2")) == []


@pytest.mark.django_db
def test_what_was_accepted_for_one_amount_is_not_for_another(acme: Customer, clerk: User, prepare: Prepare) -> None:
    first = contract_of(clerk, acme)
    contract_of(clerk, acme)
    billing_run = prepare()
    for exception in billing_run.exceptions.all():
        accept_exception(by=clerk, exception=exception, reason="Two buildings.")

    Contract.objects.filter(pk=first.pk).update(purchase_order="PO 1")
    check_billing_run(by=clerk, billing_run=billing_run)

    assert codes(billing_run) == ["likely_duplicate"]


@pytest.mark.django_db
def test_a_quantity_far_from_the_last_period_is_asked_about_within_the_thresholds(
    acme: Customer, clerk: User, manager: User, books: LegalEntity, prepare: Prepare
) -> None:
    more = {"starts_on": date(2026, 6, 1), "quantity": Decimal(30), "follows": 1}
    contract_of(clerk, acme, {"ends_on": MAY}, more)
    bill(clerk, prepare())

    billing_run = prepare(JUNE, "form-2")
    assert codes(billing_run) == ["amount_far_from_last", "quantity_far_from_last"]
    assert "30 after 10" in billing_run.exceptions.get(code="quantity_far_from_last").message

    change_billing_checks(by=manager, entity=books, amount_percent=300, quantity_percent=300)
    assert codes(check_billing_run(by=clerk, billing_run=billing_run)) == []


@pytest.mark.django_db
def test_the_same_invoice_twice_within_days_is_a_likely_duplicate(
    acme: Customer, clerk: User, prepare: Prepare, issued: Callable[..., Invoice], line: Callable[..., Any]
) -> None:
    issued(acme, line("120", service_from=date(2026, 5, 1), service_until=MAY), service_from=date(2026, 5, 1))
    contract_of(clerk, acme)

    assert codes(prepare(through=date(2026, 5, 4))) == ["likely_duplicate"]


@pytest.mark.django_db
def test_a_form_prepares_one_run_and_a_run_starts_once(acme: Customer, clerk: User, prepare: Prepare) -> None:
    contract_of(clerk, acme)

    first, again = prepare(), prepare()
    assert (first.pk, BillingRun.objects.count()) == (again.pk, 1)
    run = bill(clerk, first)

    assert start(clerk, first).pk == run.pk
    carry_out_billing(run.pk)
    assert numbers() == without_gap(1)
    with pytest.raises(BillingRefused, match="started already"):
        check_billing_run(by=clerk, billing_run=first)


@pytest.mark.django_db
def test_nothing_is_billed_that_nobody_has_seen(acme: Customer, clerk: User, prepare: Prepare) -> None:
    contract_of(clerk, acme)
    billing_run = prepare()
    with pytest.raises(ChangedMeanwhile, match="checked again"):
        start_billing_run(by=clerk, billing_run=billing_run, checked_at="2026-05-01T00:00:00+00:00")

    contract_of(clerk, acme, {"quantity": Decimal(3)})
    with pytest.raises(ChangedMeanwhile, match="owe something else"):
        start(clerk, billing_run)

    check_billing_run(by=clerk, billing_run=billing_run)
    assert bill(clerk, billing_run).done == 2


@pytest.mark.django_db
def test_a_run_of_nothing_is_not_started_and_one_of_no_kind_not_prepared(prepare: Prepare, clerk: User) -> None:
    with pytest.raises(BillingRefused, match="Choose what the run bills"):
        prepare(kinds=())
    with pytest.raises(NotReady, match="Nothing is ready"):
        start(clerk, prepare())


@pytest.mark.django_db
def test_who_may_not_is_told_so(
    acme: Customer, clerk: User, collector: User, books: LegalEntity, prepare: Prepare
) -> None:
    contract_of(clerk, acme)
    contract_of(clerk, acme)
    billing_run = prepare()
    refused: list[Callable[[], object]] = [
        lambda: prepare_billing_run(
            by=collector, entity=books, billed_through=MAY, invoice_on=MAY, kinds=ALL_KINDS, request_id="x"
        ),
        lambda: check_billing_run(by=collector, billing_run=billing_run),
        lambda: start(collector, billing_run),
        lambda: accept_exception(by=collector, exception=BillingException.objects.all()[0], reason="Because"),
        lambda: bill_customers(by=collector, billing_run=billing_run, customers=[acme]),
        lambda: change_billing_checks(by=clerk, entity=books, amount_percent=90),
    ]
    for attempt in refused:
        with pytest.raises(NotAllowed):
            attempt()


@pytest.mark.django_db
def test_figures_of_a_check_are_per_kind_and_currency(
    acme: Customer, customer: Made, clerk: User, prepare: Prepare
) -> None:
    contract_of(clerk, acme, ends_on=MAY)
    contract_of(clerk, customer("Birch"))

    found = [(one.kind, one.currency, one.count, one.net) for one in sums_in(prepare().figures)]

    assert found == [("final", "GBP", 1, Decimal("120.00")), ("order", "GBP", 1, Decimal("120.00"))]


@pytest.mark.django_db
def test_a_run_goes_on_where_it_was_broken_off(
    acme: Customer, customer: Made, clerk: User, prepare: Prepare, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(billing_runs, "BATCH", 1)
    for buyer in (acme, customer("Birch"), customer("Cedar")):
        contract_of(clerk, buyer)
    run = start(clerk, prepare())
    calls: list[Any] = []

    def breaks_at_the_second(**facts: Any) -> Any:
        calls.append(facts)
        if len(calls) == 2:
            raise ConnectionError("The database went away.")
        return bill_customers(**facts)

    monkeypatch.setattr(billing_runs, "bill_customers", breaks_at_the_second)
    with pytest.raises(ConnectionError):
        carry_out_billing(run.pk)
    carry_out_billing(run.pk)

    run.refresh_from_db()
    assert (run.state, run.done, numbers()) == (Run.State.DONE, 3, without_gap(3))


@pytest.mark.django_db
def test_a_run_that_nobody_is_at_is_taken_up_again(acme: Customer, clerk: User, prepare: Prepare) -> None:
    contract_of(clerk, acme)
    run = start(clerk, prepare())
    assert resume_issuing() == 0

    Run.objects.update(state="running", last_seen_at="2026-01-01T00:00:00Z")
    assert resume_issuing() == 1

    run.refresh_from_db()
    assert (run.state, run.done) == (Run.State.DONE, 1)


# Side by side, and killed --------------------------------------------------------------------------------------------


@pytest.mark.django_db(transaction=True)
def test_two_runs_and_a_draft_side_by_side_bill_each_day_once(
    acme: Customer, customer: Made, clerk: User, books: LegalEntity, prepare: Prepare, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(billing_runs, "BATCH", 2)
    buyers = [
        acme,
        *(
            customer(
                f"Hotel {number}",
            )
            for number in range(5)
        ),
    ]
    for buyer in buyers:
        contract_of(clerk, buyer)
    runs = [start(clerk, prepare(request_id=f"form-{number}")) for number in range(2)]

    def work(turn: int) -> None:
        try:
            if turn < 2:
                carry_out_billing(runs[turn].pk)
            else:
                draft_charges(by=clerk, entity=books, customers=buyers[::-1], through=MAY, invoice_on=MAY)
        finally:
            connection.close()

    with ThreadPoolExecutor(3) as pool:
        list(pool.map(work, range(3)))

    assert BilledPeriod.objects.count() == Invoice.objects.count() == len(buyers)
    assert numbers() == without_gap(Invoice.objects.filter(number__isnull=False).count())


KILLED = """
import django
django.setup()
from invoicing import billing_runs
from invoicing.tasks import carry_out_billing
billing_runs.BATCH = 3
carry_out_billing({run})
"""


@pytest.mark.django_db(transaction=True)
def test_a_run_that_is_killed_again_and_again_leaves_no_gap_and_no_double(
    customer: Made, clerk: User, prepare: Prepare
) -> None:
    for number in range(60):
        contract_of(clerk, customer(f"Hotel {number:03d}"[-8:]))
    run = start(clerk, prepare())

    for issued in (5, 25):
        _kill_when_issued(run, issued)
        Run.objects.filter(pk=run.pk).update(last_seen_at="2026-01-01T00:00:00Z")
    issued_before = len(numbers())
    carry_out_billing(run.pk)

    run.refresh_from_db()
    assert 5 <= issued_before < 60
    assert (run.state, run.done, run.failed) == (Run.State.DONE, 60, 0)
    assert numbers() == without_gap(60)
    assert BilledPeriod.objects.count() == Message.objects.count() == JournalEntry.objects.count() == 60
    assert not Invoice.objects.filter(number=None).exists()


def _kill_when_issued(run: Run, count: int) -> None:
    database = connection.settings_dict
    environment = {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": "o2c.settings",
        "DATABASE_URL": f"postgres:///{database['HOST']}/{database['NAME']}",
        "PGUSER": str(database["USER"]),
    }
    worker = subprocess.Popen([sys.executable, "-c", KILLED.format(run=run.pk)], env=environment)
    until = time.monotonic() + 120
    while time.monotonic() < until and worker.poll() is None and len(numbers()) < count:
        time.sleep(0.01)
    worker.send_signal(signal.SIGKILL)
    worker.wait()
