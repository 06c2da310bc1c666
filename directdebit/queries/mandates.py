"""Lists of mandates and what stands on a mandate's page."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import reduce
from operator import or_

from django.db.models import Count, Q, QuerySet
from django.db.models.functions import Coalesce

from core.models import LegalEntity, User
from customers.models import Customer
from directdebit.dormancy import MONTHS_BEFORE, lapses_on, months_after, unused_since
from directdebit.models import Creditor, Mandate, ReturnedDebit
from directdebit.returns import Kind
from directdebit.schemes import RULES

SHOWN = ("creditor", "customer", "bank_account")
LAPSING = "lapsing"
VIEWS = {
    "live": ("Live", Q(state__in=Mandate.LIVE)),
    "under_way": ("Being set up", Q(state__in=("draft", "pending_lodgement", "lodged"))),
    "paused": ("Paused", ~Q(paused_reason="") & Q(state__in=Mandate.UNDER_WAY)),
    "dormant": ("Unused for long", Q(state="dormant_warning")),
    "ended": ("Ended", ~Q(state__in=Mandate.UNDER_WAY)),
    "all": ("All", Q()),
}


@dataclass(frozen=True, slots=True)
class View:
    """A tab of the list."""

    key: str
    name: str
    count: int


def tabs_on(as_of: date) -> dict[str, tuple[str, Q]]:
    """The tabs of the list on a day: some mandates lapse soon unless they are used."""
    days = {scheme: unused_since(scheme, as_of) for scheme in RULES}
    soon = [Q(creditor__scheme=scheme, used_on__lte=day) for scheme, day in days.items() if day]
    return {**VIEWS, LAPSING: ("Lapse within two months", Q(state__in=Mandate.LIVE) & reduce(or_, soon))}


def mandates_of(entity: LegalEntity, by: User) -> QuerySet[Mandate]:
    """Every mandate of a company that the person may see, by customer, with the day from which disuse counts."""
    rows = Mandate.objects.visible_to(by).filter(entity=entity)
    used_on = Coalesce("last_collected_on", "lodged_on", "signed_on")
    return rows.select_related(*SHOWN).annotate(used_on=used_on).order_by("customer__name", "-pk")


def found_mandates(rows: QuerySet[Mandate], tab: Q, query: str) -> QuerySet[Mandate]:
    """Those of a tab that carry the words in reference, customer or account holder."""
    rows = rows.filter(tab)
    for word in query.split():
        rows = rows.filter(
            Q(reference__icontains=word)
            | Q(customer__name__icontains=word)
            | Q(customer__code__iexact=word)
            | Q(bank_account__holder__icontains=word)
        )
    return rows


def views_of(rows: QuerySet[Mandate], tabs: Mapping[str, tuple[str, Q]]) -> list[View]:
    """The tabs with their counts, in one question."""
    counts = rows.order_by().aggregate(**{key: Count("pk", filter=q or Q(pk__gt=0)) for key, (_, q) in tabs.items()})
    return [View(key, name, counts[key]) for key, (name, _) in tabs.items()]


def mandates_of_customer(customer: Customer, by: User) -> list[Mandate]:
    """What a customer gave us, the latest first."""
    rows = Mandate.objects.visible_to(by).filter(customer=customer)
    return list(rows.select_related(*SHOWN).order_by("-pk"))


def change_was_told(mandate: Mandate) -> bool:
    """Whether the payer's bank told of new details, after the last change that was made of them."""
    told = mandate.returns.filter(kind=Kind.MANDATE_AMENDED, state=ReturnedDebit.State.BOOKED)
    last = mandate.events.filter(state=Mandate.State.AMENDED).order_by("-pk").first()
    return told.filter(decided_at__gt=last.at).exists() if last else told.exists()


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


def with_lapse(mandates: Iterable[Mandate], as_of: date) -> list[tuple[Mandate, date | None, bool]]:
    """Each live mandate with the day on which its bank may forget it, and whether that is within two months."""
    return [_with_lapse(mandate, as_of) for mandate in mandates]


def _with_lapse(mandate: Mandate, as_of: date) -> tuple[Mandate, date | None, bool]:
    lapses = lapses_on(mandate) if mandate.is_live else None
    return mandate, lapses, lapses is not None and lapses <= months_after(as_of, MONTHS_BEFORE)
