"""The worklist in its order, its views with their counts, and what stands beside a customer."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.db.models import (
    BooleanField,
    Case,
    Count,
    Exists,
    ExpressionWrapper,
    F,
    Max,
    OuterRef,
    Q,
    QuerySet,
    Sum,
    When,
)

from ar_collections.calls import REACHED, TO_RETURN, CallOutcome
from ar_collections.models import Call, WorkAssignment, WorklistEntry, WorkSnooze
from ar_collections.queries.covers import covered_names, works_for
from ar_collections.queries.rules import rules_of
from ar_collections.worklist import MANY_MONTHS, OVER_31, RiskPart, Tier, risk_parts
from core.models import LegalEntity, User
from customers.models import Contact, Customer
from messaging.approvals import TO_COLLEAGUES
from messaging.models import Message

VIEWS = {
    "mine": "My list",
    "all": "All",
    "finals": "Final invoices",
    "recurring": "2+ months",
    "over31": f"Over {OVER_31} days",
    "window": "5–15 days",
    "broken": "Broken promises",
    "callbacks": "Call backs",
    "waiting": "Waiting",
    "nobody": "Nobody’s",
}


def entries(entity: LegalEntity) -> QuerySet[WorklistEntry]:
    """Everybody on a company's list."""
    return WorklistEntry.objects.filter(entity=entity).select_related("customer")


def seen_entries(entity: LegalEntity, by: User) -> QuerySet[WorklistEntry]:
    """Everybody on a company's list, for somebody who may see it."""
    rows = WorklistEntry.objects.visible_to(by).filter(entity=entity)
    return rows.select_related("customer__entity", "customer__terms")


def snoozed(entity: LegalEntity, today: date) -> QuerySet[WorkSnooze]:
    """Who is put off beyond today; the latest word counts."""
    latest = WorkSnooze.objects.filter(customer__entity=entity).order_by().values("customer").annotate(pk_max=Max("pk"))
    return WorkSnooze.objects.filter(pk__in=latest.values("pk_max"), until_on__gt=today)


def callbacks(entity: LegalEntity, today: date) -> QuerySet[Call]:
    """Voicemails and missed calls to return, and call backs agreed since which nobody was spoken to."""
    later = Call.objects.filter(
        customer=OuterRef("customer"), outcome__in=REACHED, taken_back_at=None, pk__gt=OuterRef("pk")
    )
    agreed = Q(outcome=CallOutcome.CALLBACK) & ~Exists(later)
    rows = Call.objects.filter(entity=entity, taken_back_at=None, customer__isnull=False, next_on__lte=today)
    return rows.filter(Q(outcome__in=TO_RETURN, returned_by=None) | agreed)


def in_view(
    rows: QuerySet[WorklistEntry], view: str, *, entity: LegalEntity, by: User, today: date
) -> QuerySet[WorklistEntry]:
    """The customers of a view. Whom one is to wait for, has reached today or put off stands in “Waiting” alone."""
    return rows.alias(**_marks(entity, by, today)).filter(CONDITIONS[view if view in VIEWS else "all"])


def _marks(entity: LegalEntity, by: User, today: date) -> dict[str, Any]:
    """What is known of each customer besides its rank, from sets that are asked once for all of them."""
    reached = Call.objects.filter(entity=entity, on=today, outcome__in=REACHED, taken_back_at=None)
    reached = reached.filter(customer__isnull=False)
    held = WorkAssignment.objects.filter(customer__entity=entity, ended_at=None)
    put_off = Q(pk__in=snoozed(entity, today).values("customer")) | Q(pk__in=reached.values("customer"))
    sets = {
        "is_awaited": Q(pk__in=callbacks(entity, today).values("customer")),
        "is_put_off": put_off,
        "is_mine": Q(pk__in=held.filter(works_for(entity, by, today)).values("customer")),
        "is_held": Q(pk__in=held.values("customer")),
    }
    return {name: ExpressionWrapper(asked, output_field=BooleanField()) for name, asked in sets.items()}


WAITS = Q(is_awaited=False) & (Q(tier=Tier.WAITING) | Q(is_put_off=True))
CONDITIONS = {
    "mine": ~WAITS & Q(is_mine=True),
    "all": ~WAITS,
    "finals": ~WAITS & Q(finals__gt=0),
    "recurring": ~WAITS & Q(months__gte=MANY_MONTHS),
    "over31": ~WAITS & Q(over_31__gt=0),
    "window": ~WAITS & Q(window__gt=0),
    "broken": ~WAITS & Q(tier=Tier.BROKEN),
    "callbacks": Q(is_awaited=True),
    "waiting": WAITS,
    "nobody": ~WAITS & Q(is_held=False),
}
SUMS = ("overdue", "over_31", "held", "broken")
ALL_OF_THEM = 10_000_000
"""A slice that leaves nobody out, and makes a table of the marks: each set is asked once, and not once a view."""


@dataclass(frozen=True, slots=True)
class Figures:
    """How many customers each view holds, and what the whole list comes to in the company's currency."""

    counts: Mapping[str, int]
    sums: Mapping[str, Decimal | None]
    own: Sequence[int] = ()


def figures_of_list(
    rows: QuerySet[WorklistEntry], *, entity: LegalEntity, by: User, today: date, own: Sequence[tuple[str, str]] = ()
) -> Figures:
    """The figures on top of the list, in one statement; `own` are further views, each with the words looked for."""
    marks = _marks(entity, by, today)
    if any(words for _, words in own):
        marks["search_text"] = F("customer__search_text")
    marked = rows.select_related(None).order_by().annotate(**marks)[:ALL_OF_THEM]
    found = marked.aggregate(
        **{f"count_{name}": Count("pk", filter=asked) for name, asked in CONDITIONS.items()},
        **{f"sum_{name}": Sum(name) for name in SUMS},
        **{f"own_{place}": Count("pk", filter=_asked(view, words)) for place, (view, words) in enumerate(own)},
    )
    return Figures(
        {name: found[f"count_{name}"] for name in VIEWS},
        {name: found[f"sum_{name}"] for name in SUMS},
        [found[f"own_{place}"] for place in range(len(own))],
    )


def _asked(view: str, words: str) -> Q:
    asked: Q = CONDITIONS[view if view in VIEWS else "all"]
    for word in words.lower().split():
        asked &= Q(search_text__contains=word)
    return asked


def in_order(rows: QuerySet[WorklistEntry], *, entity: LegalEntity, today: date) -> QuerySet[WorklistEntry]:
    """Whoever waits for a call first, then by tier, then by value at risk."""
    wait = Q(pk__in=callbacks(entity, today).values("customer"))
    return rows.annotate(last=Case(When(wait, then=0), default=1)).order_by("last", "tier", "-at_risk", "customer_id")


def found(rows: QuerySet[WorklistEntry], words: str) -> QuerySet[WorklistEntry]:
    """Those of whom each word is a part."""
    for word in words.lower().split():
        rows = rows.filter(customer__search_text__contains=word)
    return rows


# Beside the customers of a page --------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Touch:
    """The last time that somebody spoke or wrote to a customer."""

    words: str
    at: datetime
    icon: str
    tries_today: int = 0


@dataclass(frozen=True, slots=True)
class Beside:
    """What the rows of a page show of their customers."""

    touches: Mapping[int, Touch] = field(default_factory=dict)
    collectors: Mapping[int, str] = field(default_factory=dict)
    snoozed: Mapping[int, date] = field(default_factory=dict)
    callbacks: Mapping[int, Call] = field(default_factory=dict)


def beside(entity: LegalEntity, customers: list[int], *, today: date) -> Beside:
    """Last contact, collector, and whom somebody waits for, in a fixed number of statements."""
    held = WorkAssignment.objects.filter(customer__in=customers, ended_at=None)
    put_off = snoozed(entity, today).filter(customer__in=customers)
    waits = callbacks(entity, today).filter(customer__in=customers).order_by("-next_on")
    return Beside(
        touches=_touches(customers, today),
        collectors=covered_names(entity, held, today),
        snoozed=dict(put_off.values_list("customer_id", "until_on")),
        callbacks={call.customer_id: call for call in waits if call.customer_id is not None},
    )


def _touches(customers: list[int], today: date) -> dict[int, Touch]:
    calls = Call.objects.filter(customer__in=customers, taken_back_at=None)
    latest = calls.order_by("customer_id", "-started_at", "-pk").distinct("customer_id")
    tries = dict(calls.filter(on=today, direction="out").order_by().values_list("customer_id").annotate(Count("pk")))
    found: dict[int, Touch] = {}
    for call in latest:
        if call.customer_id is not None:
            icon = "phone" if call.was_reached else "phone-missed"
            found[call.customer_id] = Touch(
                call.get_outcome_display(), call.started_at, icon, tries.get(call.customer_id, 0)
            )
    sent = Message.objects.filter(customer__in=customers, sent_at__isnull=False).exclude(kind__in=TO_COLLEAGUES)
    mails = sent.order_by("customer_id", "-pk").distinct("customer_id").values_list("customer_id", "kind", "sent_at")
    for customer, kind, sent_at in mails:
        if sent_at and (customer not in found or found[customer].at < sent_at):
            words = f"{kind.replace('_', ' ').capitalize()} sent"
            found[customer] = Touch(words, sent_at, "mail", tries.get(customer, 0))
    return found


# Why this one ---------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Why:
    """What ranks a customer, in words and figures that add up."""

    tier: Tier
    priority: int
    parts: list[RiskPart]


def why(entry: WorklistEntry, entity: LegalEntity) -> Why:
    """The tier, and the summands of the value at risk."""
    parts = risk_parts(entry.ages, rules_of(entity).risks, entity.currency)
    return Why(Tier(entry.tier), entry.priority, list(parts))


def collectors_of(entity: LegalEntity) -> QuerySet[User]:
    """Who may be given customers."""
    roles = ("collector", "ar_specialist", "ar_manager")
    held = User.objects.filter(role_grants__entity=entity, role_grants__ended_at=None, role_grants__role__in=roles)
    return held.filter(is_active=True, is_system=False).distinct().order_by("name")


def contacts_of(customer: Customer) -> list[Contact]:
    """Active contacts, as they were written down."""
    return list(customer.contacts.filter(is_active=True).order_by("pk"))


def to_call_first(contacts: Iterable[Contact]) -> list[Contact]:
    """Contacts, those with a number first."""
    return sorted(contacts, key=lambda contact: (not contact.phone, contact.role, contact.pk))
