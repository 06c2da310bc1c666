"""Lists of mandates and what stands on a mandate's page."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.db.models import Count, Q, QuerySet

from core.models import LegalEntity, User
from customers.models import Customer
from directdebit.dormancy import lapses_on
from directdebit.models import Creditor, Mandate

SHOWN = ("creditor", "customer", "bank_account")
VIEWS = {
    "live": ("Live", Q(state__in=Mandate.LIVE)),
    "under_way": ("Being set up", Q(state__in=("draft", "pending_lodgement", "lodged"))),
    "paused": ("Paused", ~Q(paused_reason="") & Q(state__in=Mandate.UNDER_WAY)),
    "dormant": ("About to lapse", Q(state="dormant_warning")),
    "ended": ("Ended", ~Q(state__in=Mandate.UNDER_WAY)),
    "all": ("All", Q()),
}


@dataclass(frozen=True, slots=True)
class View:
    """A tab of the list."""

    key: str
    name: str
    count: int


def mandates_of(entity: LegalEntity, by: User) -> QuerySet[Mandate]:
    """Every mandate of a company that the person may see, by customer."""
    rows = Mandate.objects.visible_to(by).filter(entity=entity)
    return rows.select_related(*SHOWN).order_by("customer__name", "-pk")


def found_mandates(rows: QuerySet[Mandate], view: str, query: str) -> QuerySet[Mandate]:
    """Those of a tab that carry the words in reference, customer or account holder."""
    rows = rows.filter(VIEWS.get(view, VIEWS["live"])[1])
    for word in query.split():
        rows = rows.filter(
            Q(reference__icontains=word)
            | Q(customer__name__icontains=word)
            | Q(customer__code__iexact=word)
            | Q(bank_account__holder__icontains=word)
        )
    return rows


def views_of(rows: QuerySet[Mandate]) -> list[View]:
    """The tabs with their counts, in one question."""
    counts = rows.order_by().aggregate(**{key: Count("pk", filter=q or Q(pk__gt=0)) for key, (_, q) in VIEWS.items()})
    return [View(key, name, counts[key]) for key, (name, _) in VIEWS.items()]


def mandates_of_customer(customer: Customer, by: User) -> list[Mandate]:
    """What a customer gave us, the latest first."""
    rows = Mandate.objects.visible_to(by).filter(customer=customer)
    return list(rows.select_related(*SHOWN).order_by("-pk"))


@dataclass(frozen=True, slots=True)
class ToLodge:
    """What waits for a creditor's next file of instructions."""

    creditor: Creditor
    new: int
    ended: int


def waiting_to_be_lodged(entity: LegalEntity) -> list[ToLodge]:
    """By creditor that lodges by file: new mandates and ended ones its banks don't know of yet."""
    rows = Creditor.objects.filter(entity=entity, scheme="bacs", provider="file").annotate(
        new=Count("mandates", filter=Q(mandates__state="pending_lodgement")),
        ended=Count("mandates", filter=Q(mandates__cancellation_due=True)),
    )
    return [ToLodge(row, row.new, row.ended) for row in rows if row.new or row.ended]


def with_lapse(mandates: Iterable[Mandate]) -> list[tuple[Mandate, date | None]]:
    """Each live mandate with the day on which its bank may forget it."""
    return [(mandate, lapses_on(mandate) if mandate.is_live else None) for mandate in mandates]
