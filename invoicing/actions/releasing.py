"""Releasing deferred income: once a month, as a run that can be killed at any point and started again.

A run releases what is earned by the end of its month and is not released yet, so it also takes what earlier months
left: invoices that came late, and months that were closed before their income was released. What was released stays.
"""

from collections.abc import Iterable, Sequence
from datetime import date
from decimal import Decimal

from django.db import transaction

from core.audit import audit
from core.errors import Refused
from core.models import LegalEntity, Run, User
from core.money import ZERO
from core.permissions import require
from core.runs import start_run
from customers.models import Customer, take_turns
from invoicing.actions.deferring import Moved, Schedules
from invoicing.cycles import ONE_DAY, end_of_month
from invoicing.deferrals import NOTHING, Worth
from invoicing.models import DeferralMovement
from invoicing.queries.unearned import SCHEDULES_AT_ONCE, Schedule, customers_with_schedules, releases_due
from invoicing.releases import Release
from ledger.models import Account, JournalEntry
from ledger.periods import refuse_closed
from ledger.posting import EntryDraft, LineDraft, post

KIND = "release_income"
RATE_STEP = Decimal("0.00000001")
Due = Sequence[tuple[Schedule, list[Release]]]


class ReleaseRefused(Refused):
    """The month isn't over."""

    code = "release_refused"


@transaction.atomic
def start_release(
    *, by: User, entity: LegalEntity, month_on: date, asked_on: date, late_reason: str = ""
) -> tuple[Run, bool]:
    """Lay down the release of a month; what was billed into it after its run was over is released by another run."""
    require(by, "invoicing.release_income", entity)
    month_on = month_on.replace(day=1)
    month_end = end_of_month(month_on)
    if month_end >= asked_on:
        raise ReleaseRefused(f"{month_on:%B %Y} isn't over before {month_end + ONE_DAY:%d %B %Y}.")
    late = late_reason.strip()
    refuse_closed(by, entity, [(month_end, late)])

    runs = Run.objects.filter(entity=entity, kind=KIND, business_date=month_end)
    latest = runs.order_by("-pk").first()
    if latest is not None and not (latest.is_over and _anything_due(entity, month_end)):
        return latest, False
    run, is_new = start_run(
        by,
        entity,
        KIND,
        month_end,
        title=f"Release income of {month_on:%B %Y}",
        part=str(runs.count()) if latest is not None else "",
        parameters={"late_reason": late},
        link=f"/deferred-income/?as_at={month_end}",
    )
    if is_new:
        audit(by, "run.started", run, entity=entity, after={"month": month_on}, reason=late)
    return run, is_new


@transaction.atomic
def release_income(
    *, by: User, entity: LegalEntity, customers: Sequence[int], month_on: date, late_reason: str = ""
) -> int:
    """Release what these customers' schedules have earned by the end of a month; returns how many released something.

    There is an entry for each currency. Doing it twice releases nothing more.
    """
    require(by, "invoicing.release_income", entity)
    take_turns(Customer(pk=pk) for pk in customers)
    month_end = end_of_month(month_on)
    due = list(releases_due(entity, customers, month_end))
    for currency in sorted({schedule.left.currency for schedule, _ in due}):
        in_currency = [(schedule, releases) for schedule, releases in due if schedule.left.currency == currency]
        entry = post(by=by, entries=[_entry(entity, currency, in_currency, month_end, late_reason)])[0]
        Schedules(by, entity).move(entry, _moved(in_currency))
    return len(due)


def _anything_due(entity: LegalEntity, month_end: date) -> bool:
    groups = customers_with_schedules(entity, month_end, SCHEDULES_AT_ONCE)
    return any(True for group in groups for _ in releases_due(entity, group, month_end))


def _moved(due: Due) -> Iterable[Moved]:
    for schedule, releases in due:
        for one in releases:
            kind = DeferralMovement.Kind.RELEASED.value
            yield Moved(schedule.pk, kind, one.amount, one.base_amount, month_on=one.month_on)


def _entry(entity: LegalEntity, currency: str, due: Due, month_end: date, late_reason: str) -> EntryDraft:
    """Debit deferred income, credit revenue; the other way round for deductions that were deferred."""
    income, deducted = NOTHING, NOTHING
    for one in (release for _, releases in due for release in releases):
        if one.amount > 0:
            income += Worth(one.amount, one.base_amount)
        else:
            deducted += Worth(-one.amount, -one.base_amount)
    whole = income + deducted
    is_foreign = currency != entity.currency
    lines: list[LineDraft] = []
    for worth, debited, credited in (
        (income, Account.Role.DEFERRED_INCOME, Account.Role.REVENUE),
        (deducted, Account.Role.REVENUE, Account.Role.DEFERRED_INCOME),
    ):
        if worth.amount:
            base = worth.base if is_foreign else None
            lines += [
                LineDraft(debited, debit=worth.amount, base=base),
                LineDraft(credited, credit=worth.amount, base=base),
            ]
    return EntryDraft(
        entity=entity,
        kind=JournalEntry.Kind.TRANSFER,
        posted_on=month_end,
        currency=currency,
        lines=lines,
        key=None,
        text=f"Income of {month_end:%B %Y} released from {len(due):,} schedules",
        rate=(whole.base / whole.amount).quantize(RATE_STEP) if is_foreign and whole.amount != ZERO else None,
        late_reason=late_reason,
    )
