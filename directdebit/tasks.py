"""What a worker does for direct debits."""

from collections.abc import Callable
from pathlib import Path

from celery import shared_task
from django.conf import settings

from core import clock
from core.models import LegalEntity, User
from core.permissions import system_user
from directdebit.days import pass_day
from directdebit.models import Creditor
from directdebit.provider_runs import ask_due, handle_hints, poll, slot_of
from directdebit.return_folder import take_in_report_folder
from directdebit.return_runs import book_new, debit_due_claims


@shared_task(name="directdebit.tasks.pass_days")
def pass_days() -> int:
    """Carry each company's direct debits to its own day. One company's failure is shown and stops no other's."""
    by, moved, failures = system_user(), 0, []
    for entity in LegalEntity.objects.filter(is_active=True, creditors__isnull=False).distinct():
        try:
            moved += pass_day(by, entity, clock.today(entity))
        except Exception as error:
            failures.append(error)
    if failures:
        raise ExceptionGroup("direct debits of some companies", failures)
    return moved


@shared_task(name="directdebit.tasks.book_returns")
def book_returns(report_id: int | None = None) -> int:
    """Book what came in, or what a worker that died left of it."""
    return book_new(system_user(), report_id)


@shared_task(name="directdebit.tasks.take_in_reports")
def take_in_reports() -> int:
    """Take in the reports that lie in the drop folder, and book what they tell."""
    if not settings.STATEMENT_FOLDER:
        return 0
    reports = take_in_report_folder(system_user(), Path(settings.STATEMENT_FOLDER))
    for report in reports:
        book_returns.delay(report.pk)
    return len(reports)


@shared_task(name="directdebit.tasks.debit_claims")
def debit_claims() -> int:
    """Undo the receipts whose claims the bank debits today."""
    return debit_due_claims(system_user())


@shared_task(name="directdebit.tasks.ask_providers")
def ask_providers() -> int:
    """Ask providers for the collections that are due to be asked for, and for what they called about."""
    return _with_each(lambda by, creditor: ask_due(by, creditor) + handle_hints(by, creditor))


@shared_task(name="directdebit.tasks.poll_providers")
def poll_providers() -> int:
    """Ask providers what became of the collections of the last ten business days."""
    return _with_each(poll)


def _with_each(work: Callable[[User, Creditor], int]) -> int:
    """Do it for each creditor behind a provider; one's failure is shown and stops no other's."""
    by, done, failures = system_user(), 0, []
    rows = Creditor.objects.filter(is_active=True).exclude(provider=Creditor.Provider.FILE)
    for creditor in rows.select_related("entity"):
        with slot_of(creditor) as is_free:
            if not is_free:
                continue
            try:
                done += work(by, creditor)
            except Exception as error:
                failures.append(error)
    if failures:
        raise ExceptionGroup("providers of direct debits", failures)
    return done
