"""What a worker does for cash application."""

from pathlib import Path

from celery import shared_task
from django.conf import settings

from cashapp import accepting_runs, statement_file_runs
from cashapp.actions import accepting, missing_statements
from cashapp.actions.matching import KIND
from cashapp.actions.statement_files import KIND as TAKING_IN
from cashapp.drop_folder import take_in_folder
from cashapp.matching_runs import carry_out
from cashapp.remittance_folder import take_in_remittance_folder
from core import clock
from core.models import LegalEntity, Run
from core.permissions import system_user
from core.runs import forsaken, stop_with


@shared_task(name="cashapp.tasks.match_lines")
def match_lines(run_id: int) -> None:
    """Carry out a matching run, or what is left of it. What breaks it is shown on the run's page."""
    run = Run.objects.select_related("entity").get(pk=run_id)
    try:
        carry_out(run)
    except Exception as error:
        stop_with(run, f"{type(error).__name__}: {error}")
        raise


@shared_task(name="cashapp.tasks.resume_matching")
def resume_matching() -> int:
    """Start runs again whose worker died or that no worker ever took up."""
    keys = list(forsaken(KIND).values_list("pk", flat=True))
    for pk in keys:
        match_lines.delay(pk)
    return len(keys)


@shared_task(name="cashapp.tasks.accept_lines")
def accept_lines(run_id: int) -> None:
    """Post an accepted list of proposals, or what is left of it. What breaks it is shown on the run's page."""
    run = Run.objects.select_related("entity").get(pk=run_id)
    try:
        accepting_runs.carry_out(run)
    except Exception as error:
        stop_with(run, f"{type(error).__name__}: {error}")
        raise


@shared_task(name="cashapp.tasks.resume_accepting")
def resume_accepting() -> int:
    """Start accepted lists again whose worker died or that no worker ever took up."""
    keys = list(forsaken(accepting.KIND).values_list("pk", flat=True))
    for pk in keys:
        accept_lines.delay(pk)
    return len(keys)


@shared_task(name="cashapp.tasks.take_in_statement_file")
def take_in_statement_file(run_id: int) -> None:
    """Take in a file that came over the API, and match what is new."""
    for run in statement_file_runs.carry_out(Run.objects.select_related("entity", "started_by").get(pk=run_id)):
        match_lines.delay(run.pk)


@shared_task(name="cashapp.tasks.take_in_statements")
def take_in_statements() -> int:
    """Take in what lies in the drop folder, and what a worker left behind."""
    for key in list(forsaken(TAKING_IN).values_list("pk", flat=True)):
        take_in_statement_file.delay(key)
    if not settings.STATEMENT_FOLDER:
        return 0
    taken = take_in_folder(system_user(), Path(settings.STATEMENT_FOLDER))
    remittances = take_in_remittance_folder(system_user(), Path(settings.STATEMENT_FOLDER))
    for run in taken.runs:
        match_lines.delay(run.pk)
    return taken.files + remittances


@shared_task(name="cashapp.tasks.tell_of_missing_statements")
def tell_of_missing_statements() -> int:
    """Tell, in every company, of bank days without a statement. One company's failure is shown and stops no other's."""
    by, told, failures = system_user(), 0, []
    for company in LegalEntity.objects.filter(is_active=True).order_by("code"):
        try:
            told += len(missing_statements.tell_of_missing_statements(by=by, entity=company, at=clock.now()))
        except Exception as error:
            failures.append(error)
    if failures:
        raise ExceptionGroup("missing statements of some companies", failures)
    return told
