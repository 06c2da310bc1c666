"""What a worker does for collections."""

from collections.abc import Callable
from datetime import datetime

from celery import shared_task

from ar_collections import (
    dunning_runs,
    finals_runs,
    following,
    handover_runs,
    late_runs,
    promise_runs,
    rehearsal_runs,
    statement_runs,
    watching,
)
from ar_collections.actions.portfolios import assign_new_customers
from ar_collections.queries.escalations import LEGAL_PACK
from ar_collections.queries.statement_runs import KIND as STATEMENTS
from core import clock
from core.models import LegalEntity, Run
from core.permissions import system_user
from core.runs import forsaken, stop_with


@shared_task(name="ar_collections.tasks.judge_promises")
def judge_promises(run_id: int) -> None:
    """Judge a company's promises, or what is left of them. What breaks it is shown on the run's page."""
    run = Run.objects.select_related("entity").get(pk=run_id)
    try:
        promise_runs.carry_out(run)
    except Exception as error:
        stop_with(run, f"{type(error).__name__}: {error}")
        raise


@shared_task(name="ar_collections.tasks.refresh_worklists")
def refresh_worklists() -> int:
    """Rank whoever's account moved, and everybody once a day."""
    return _for_each_company(following.rank_who_moved, "worklists of some companies")


@shared_task(name="ar_collections.tasks.follow_money")
def follow_money() -> int:
    """Judge the promises and plans of whoever's account moved."""
    return _for_each_company(following.judge_who_moved, "promises in some companies")


def _for_each_company(work: Callable[[LegalEntity, datetime], int], what: str) -> int:
    """One company's failure is shown and stops no other's."""
    done, failures = 0, []
    for entity in LegalEntity.objects.filter(is_active=True):
        try:
            done += work(entity, clock.now())
        except Exception as error:
            failures.append(error)
    if failures:
        raise ExceptionGroup(what, failures)
    return done


@shared_task(name="ar_collections.tasks.put_late_charges_right")
def put_late_charges_right() -> int:
    """Credit what was charged too much for paying late."""
    return _for_each_company(late_runs.put_charges_right, "late charges of some companies")


@shared_task(name="ar_collections.tasks.hand_out_new_customers")
def hand_out_new_customers() -> int:
    """Hand out by rule whoever is nobody's."""
    return _for_each_company(_hand_out, "new customers of some companies")


def _hand_out(entity: LegalEntity, at: datetime) -> int:
    return len(assign_new_customers(by=system_user(), entity=entity))


@shared_task(name="ar_collections.tasks.judge_due_promises")
def judge_due_promises() -> int:
    """Start the judgement of each company's day, and again where a worker died."""
    keys = list(forsaken(promise_runs.KIND).values_list("pk", flat=True))
    for entity in LegalEntity.objects.filter(is_active=True):
        run = promise_runs.due_run(entity, clock.today(entity))
        keys += [run.pk] if run is not None else []
    for pk in keys:
        judge_promises.delay(pk)
    return len(keys)


@shared_task(name="ar_collections.tasks.send_statements")
def send_statements(run_id: int) -> None:
    """Carry out a run of statements, or what is left of it. What breaks it is shown on the run's page."""
    run = Run.objects.select_related("entity").get(pk=run_id)
    try:
        statement_runs.carry_out(run)
    except Exception as error:
        stop_with(run, f"{type(error).__name__}: {error}")
        raise


@shared_task(name="ar_collections.tasks.send_due_statements")
def send_due_statements() -> int:
    """Start the statements of each company's day, missed ones included, and again where a worker died."""
    keys = list(forsaken(STATEMENTS).values_list("pk", flat=True))
    for entity in LegalEntity.objects.filter(is_active=True):
        run = statement_runs.due_run(entity, clock.now())
        keys += [run.pk] if run is not None else []
    for pk in keys:
        send_statements.delay(pk)
    return len(keys)


@shared_task(name="ar_collections.tasks.rehearse_company")
def rehearse_company(run_id: int) -> None:
    """Carry out a preview or dry run of everybody. What breaks it is shown on the run's page."""
    run = Run.objects.select_related("entity", "started_by").get(pk=run_id)
    try:
        rehearsal_runs.carry_out(run)
    except Exception as error:
        stop_with(run, f"{type(error).__name__}: {error}")
        raise


@shared_task(name="ar_collections.tasks.resume_rehearsals")
def resume_rehearsals() -> int:
    """Go on with previews and dry runs where a worker died, and with those that none has begun."""
    keys = [pk for kind in rehearsal_runs.KINDS for pk in forsaken(kind).values_list("pk", flat=True)]
    for pk in keys:
        rehearse_company.delay(pk)
    return len(keys)


@shared_task(name="ar_collections.tasks.review_customers")
def review_customers(run_id: int) -> None:
    """Carry out a night's review, or what is left of it. What breaks it is shown on the run's page."""
    run = Run.objects.select_related("entity").get(pk=run_id)
    try:
        dunning_runs.carry_out(run)
    except Exception as error:
        stop_with(run, f"{type(error).__name__}: {error}")
        raise


@shared_task(name="ar_collections.tasks.review_due_customers")
def review_due_customers() -> int:
    """Start the review of each company's day once its hour has come, and again where a worker died."""
    keys = list(forsaken(dunning_runs.KIND).values_list("pk", flat=True))
    for entity in LegalEntity.objects.filter(is_active=True):
        run = dunning_runs.due_run(entity, clock.now())
        keys += [run.pk] if run is not None else []
    for pk in keys:
        review_customers.delay(pk)
    return len(keys)


@shared_task(name="ar_collections.tasks.watch_suspensions")
def watch_suspensions() -> int:
    """Stop the clocks of suspensions or let them go on, and ask support to restore whoever has paid."""
    return _for_each_company(watching.watch_suspensions, "suspensions in some companies")


@shared_task(name="ar_collections.tasks.remind_of_escalations")
def remind_of_escalations() -> int:
    """Write to managers whose answer is due."""
    return _for_each_company(watching.remind_of_escalations, "escalations in some companies")


@shared_task(name="ar_collections.tasks.ask_about_finals")
def ask_about_finals(run_id: int) -> None:
    """Ask about a company's finals, or what is left of them. What breaks it is shown on the run's page."""
    run = Run.objects.select_related("entity").get(pk=run_id)
    try:
        finals_runs.carry_out(run)
    except Exception as error:
        stop_with(run, f"{type(error).__name__}: {error}")
        raise


@shared_task(name="ar_collections.tasks.ask_about_due_finals")
def ask_about_due_finals() -> int:
    """Start the questions of each company's day, and again where a worker died."""
    keys = list(forsaken(finals_runs.KIND).values_list("pk", flat=True))
    for entity in LegalEntity.objects.filter(is_active=True):
        run = finals_runs.due_run(entity, clock.now())
        keys += [run.pk] if run is not None else []
    for pk in keys:
        ask_about_finals.delay(pk)
    return len(keys)


@shared_task(name="ar_collections.tasks.put_legal_pack_together")
def put_legal_pack_together(run_id: int) -> None:
    """Make the pack for lawyers. What breaks it is shown on the run's page and beside the escalation."""
    run = Run.objects.select_related("entity", "started_by").get(pk=run_id)
    try:
        handover_runs.carry_out(run)
    except Exception as error:
        stop_with(run, f"{type(error).__name__}: {error}")
        raise


@shared_task(name="ar_collections.tasks.resume_legal_packs")
def resume_legal_packs() -> int:
    """Begin packs again where a worker died."""
    keys = list(forsaken(LEGAL_PACK).values_list("pk", flat=True))
    for pk in keys:
        put_legal_pack_together.delay(pk)
    return len(keys)
