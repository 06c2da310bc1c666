"""Runs are done once, can be killed and started again, and one customer's failure stops no other's."""

from datetime import date, timedelta

import pytest

from core import clock, runs
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
    Run.objects.update(last_seen_at=clock.now() - timedelta(minutes=11))

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


def test_a_cancelled_run_tells_its_worker_to_stop(run: Run) -> None:
    runs.take_up(run)
    runs.cancel(run)

    assert not runs.advance(run)
