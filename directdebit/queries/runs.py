"""Lists of runs and what stands on a run's page."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.db.models import Count, Q, QuerySet, Sum

from core.models import LegalEntity, User
from core.money import ZERO, Money
from directdebit.models import Collection, CollectionRun, ProviderRequest, Submission
from directdebit.schemes import CollectionDays, days_for

State = Collection.State


def runs_of(entity: LegalEntity, by: User) -> QuerySet[CollectionRun]:
    """A company's runs with their counts, the latest first."""
    return (
        CollectionRun.objects.visible_to(by)
        .filter(entity=entity)
        .select_related("creditor", "prepared_by")
        .annotate(
            count=Count("collections", filter=~Q(collections__state=State.CANCELLED)),
            total=Sum("collections__amount", filter=~Q(collections__state=State.CANCELLED)),
            waiting=Count("collections", filter=Q(collections__state__in=(State.PLANNED, State.NOTIFIED))),
            back=Count("collections", filter=Q(collections__state__in=(State.RETURNED, State.CLAIMED))),
        )
        .order_by("-collect_on", "-pk")
    )


def may_be_cancelled(collection: Collection) -> bool:
    """Whether nobody will draw it: it is still here, or the provider that was asked for it refused."""
    if collection.state in {State.PLANNED, State.NOTIFIED}:
        return True
    refused = ProviderRequest.objects.filter(collection=collection, state=ProviderRequest.State.REFUSED)
    return collection.state == State.SUBMITTED and refused.exists()


@dataclass(frozen=True, slots=True)
class DayOfRun:
    """The collections of a run for one day, with what was submitted of them."""

    days: CollectionDays
    collections: Sequence[Collection]
    submission: Submission | None

    @property
    def on(self) -> date:
        """The day on which payers are debited."""
        return self.days.entry_on

    @property
    def waiting(self) -> list[Collection]:
        """What could still leave."""
        return [each for each in self.collections if each.state in {State.PLANNED, State.NOTIFIED}]

    @property
    def total(self) -> Money:
        """What is drawn, cancelled collections left aside."""
        drawn = [each.amount for each in self.collections if each.state != State.CANCELLED]
        return Money(sum(drawn, Decimal(ZERO)), self.collections[0].currency)


def days_of_run(run: CollectionRun) -> list[DayOfRun]:
    """A run's collections by day, the earliest first."""
    rows = run.collections.select_related("customer", "mandate__bank_account", "notice").prefetch_related("parts__item")
    by_day: dict[date, list[Collection]] = {}
    for collection in rows.order_by("collect_on", "customer__name", "pk"):
        by_day.setdefault(collection.collect_on, []).append(collection)
    submitted = {each.collect_on: each for each in run.submissions.select_related("approved_by", "taken_by", "line")}
    return [
        DayOfRun(days_for(run.creditor.scheme, day), collections, submitted.get(day))
        for day, collections in by_day.items()
    ]
