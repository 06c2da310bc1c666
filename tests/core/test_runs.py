"""Runs are done once, can be killed and started again, and one customer's failure stops no other's."""

import time
from collections.abc import Callable
from datetime import date, timedelta

import pytest
from django.db import transaction

from core import clock, runs
from core.heartbeat import Heartbeat
from core.models import LegalEntity, Run, User

DAY = date(2026, 5, 4)


@pytest.fixture
def run(uk: LegalEntity, clerk: User) -> Run:
    return runs.start_run(clerk, uk, "issue_invoices", DAY, title="Issue 3 invoices", total=3)[0]


def test_starting_twice_gives_the_same_run(uk: LegalEntity, clerk: User, run: Run) -> None:
    again, is_new = runs.start_run(clerk, uk, "issue_invoices", DAY, title="Issue 3 invoices", total=3)

    assert (again, is_new) == (run, False)


def test_a_run_counts_what_is_done_and_what_failed(run: Run) -> None:
    assert runs.take_up(run)
    runs.advance(run, 2)
    runs.fail_item(run, "ACME", "No billing address.")
    runs.finish(run, issued=2)

    assert (run.state, run.done, run.failed, run.percent) == (Run.State.DONE, 2, 1, 100)
    assert run.result == {"issued": 2}
    assert [str(error) for error in run.errors.all()] == ["ACME: No billing address."]


def test_two_workers_never_take_the_same_run(run: Run) -> None:
    assert runs.take_up(run)
    assert not runs.take_up(run)


def test_a_run_whose_worker_fell_silent_is_taken_up_again(run: Run) -> None:
    runs.take_up(run)
    runs.advance(run)
    Run.objects.update(last_seen_at=clock.now() - timedelta(minutes=3))

    assert runs.take_up(run)
    assert run.done == 0, "it counts anew, what was done is skipped by its own key"


def test_a_finished_run_is_not_done_again(run: Run) -> None:
    runs.take_up(run)
    runs.finish(run)

    assert not runs.take_up(run)


def test_a_run_that_stopped_with_an_error_can_be_started_again(run: Run) -> None:
    runs.take_up(run)
    runs.stop_with(run, "The disk is full.")
    assert run.is_over

    assert runs.take_up(run)
    assert (run.message, run.finished_at) == ("", None), "it isn't over any more"


def test_what_fails_a_second_time_is_counted_once(run: Run) -> None:
    runs.take_up(run)
    runs.fail_item(run, "ACME", "No billing address.")
    runs.fail_item(run, "ACME", "No e-mail address.")

    run.refresh_from_db()
    assert (run.failed, [str(error) for error in run.errors.all()]) == (1, ["ACME: No e-mail address."])


def test_a_cancelled_run_tells_its_worker_to_stop(run: Run) -> None:
    runs.take_up(run)
    runs.cancel(run)

    assert not runs.advance(run)


def test_what_a_worker_counts_is_seen_when_it_ends(run: Run) -> None:
    runs.take_up(run)
    with Heartbeat(run) as beat:
        beat.count(2)
        beat.count(1)
    runs.finish(run)

    assert (run.done, run.state) == (3, Run.State.DONE)


def _soon(is_so: Callable[[], bool]) -> bool:
    until = time.monotonic() + 20
    while time.monotonic() < until and not is_so():
        time.sleep(0.02)
    return is_so()


@pytest.mark.django_db(transaction=True)
def test_a_worker_in_a_long_transaction_is_seen_to_live_and_hears_that_it_is_stopped(run: Run) -> None:
    runs.take_up(run)
    Run.objects.update(last_seen_at=clock.now() - timedelta(minutes=3))

    with Heartbeat(run, every=0.05) as beat, transaction.atomic():
        beat.count(2)
        assert _soon(lambda: Run.objects.get(pk=run.pk).done == 2)
        assert not runs.forsaken("issue_invoices").exists()

    with Heartbeat(run, every=0.05) as beat:
        assert not beat.is_cancelled
        runs.cancel(run)
        assert _soon(lambda: beat.is_cancelled)
