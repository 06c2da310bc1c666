"""How far somebody's authority reaches, and what waits for a decision."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import Q, QuerySet, Sum

from controls.models import ApprovalRequest, Authority, AuthorityLimit, AuthorityUse
from core.models import AuditEvent, LegalEntity, User
from core.money import ZERO, Money, round_to_currency
from core.permissions import may
from core.rates import rate_on

COUNTED_DAYS = 90
ASK_INSTEAD = "Ask for approval instead."


@dataclass(frozen=True)
class Reach:
    """What somebody may still decide alone. `limit` None means without limit."""

    limit: Money | None
    used: Money

    def covers(self, amount: Money) -> bool:
        """Whether the amount, in the limit's currency, fits beside what was used."""
        return self.limit is None or self.used + amount <= self.limit


@dataclass(frozen=True, slots=True)
class Part:
    """An amount that is decided on, what it counts with, what it is called where it is refused, and what to do then."""

    counts_with: str
    amount: Money
    label: str = ""
    otherwise: str = ASK_INSTEAD


def limits_in_force(entity: LegalEntity) -> QuerySet[AuthorityLimit]:
    """The limits that hold today, for the settings page."""
    rows = AuthorityLimit.objects.filter(entity=entity, ended_at=None).select_related("person", "set_by", "entity")
    return rows.order_by("kind", "currency", "role", "person__name")


def limit_of(*, by: User, entity: LegalEntity, kind: Authority, currency: str) -> Money | None:
    """Up to how much the person decides alone, None for without limit.

    A limit of the person's own goes before those of their roles, of which the highest counts. Where none is set in
    the currency, the one in the entity's currency holds and is answered in that currency.
    """
    if by.is_system:
        return None
    rows = _limits_of(by, entity, kind)
    rows = [row for row in rows if row.person_id] or rows
    in_currency = [row for row in rows if row.currency == currency]
    chosen = in_currency or [row for row in rows if row.currency == entity.currency]
    if any(row.amount is None for row in chosen):
        return None
    held_in = currency if in_currency else entity.currency
    return Money(max((row.amount for row in chosen if row.amount is not None), default=ZERO), held_in)


def _limits_of(by: User, entity: LegalEntity, kind: Authority) -> list[AuthorityLimit]:
    roles = by.roles_by_entity.get(entity.pk, set())
    rows = AuthorityLimit.objects.filter(Q(person=by) | Q(role__in=roles), entity=entity, kind=kind, ended_at=None)
    return list(rows)


def reach_of(*, by: User, entity: LegalEntity, kind: Authority, currency: str, counts_with: str, as_of: date) -> Reach:
    """The limit, and what was used of it for the same customer in the last 90 days: splitting doesn't help.

    What was given back by the day counts no more.
    """
    keys = [counts_with]
    return reaches_of(by=by, entity=entity, kind=kind, currency=currency, counts_with=keys, as_of=as_of)[counts_with]


def reaches_of(
    *, by: User, entity: LegalEntity, kind: Authority, currency: str, counts_with: Collection[str], as_of: date
) -> dict[str, Reach]:
    """The same for many customers, in as many statements as for one."""
    limit = limit_of(by=by, entity=entity, kind=kind, currency=currency)
    if limit is None:
        return dict.fromkeys(counts_with, Reach(None, Money(ZERO, currency)))
    held_in = limit.currency
    lately = AuthorityUse.objects.filter(
        entity=entity, kind=kind, person=by, counts_with__in=counts_with, on__gt=as_of - timedelta(days=COUNTED_DAYS)
    )
    lately = lately.exclude(returned__on__lte=as_of).order_by()
    used = dict(lately.values_list("counts_with").annotate(sum=Sum("base_amount")))
    return {
        key: Reach(limit, converted(Money(used.get(key, ZERO), entity.currency), held_in, as_of)) for key in counts_with
    }


def is_within_limit(
    *, by: User, entity: LegalEntity, kind: Authority, amount: Money, counts_with: str, as_of: date
) -> bool:
    """Whether the person may decide on the amount alone; otherwise the button says “Ask for approval”."""
    part = Part(counts_with, amount)
    return are_within_limit(by=by, entity=entity, kind=kind, parts=[part], as_of=as_of)


def are_within_limit(*, by: User, entity: LegalEntity, kind: Authority, parts: Sequence[Part], as_of: date) -> bool:
    """The same for amounts of one currency that are decided on together."""
    currency, keys = parts[0].amount.currency, [part.counts_with for part in parts]
    reaches = reaches_of(by=by, entity=entity, kind=kind, currency=currency, counts_with=keys, as_of=as_of)
    return all(covers(reaches[part.counts_with], part.amount, as_of) for part in parts)


def covers(reach: Reach, amount: Money, as_of: date) -> bool:
    """Whether the amount, at the rate of the day, is within what somebody may still decide alone."""
    return reach.limit is None or reach.covers(converted(amount, reach.limit.currency, as_of))


def converted(amount: Money, currency: str, on: date) -> Money:
    """The amount in another currency at the rate of the day."""
    if amount.currency == currency:
        return amount
    return Money(round_to_currency(amount.amount * rate_on(amount.currency, currency, on), currency), currency)


def requests_waiting(*, by: User, as_of: date) -> QuerySet[ApprovalRequest]:
    """Open requests of every company in which the person decides, their own excepted, the oldest first."""
    deciding = [pk for pk in by.roles_by_entity if "controls.decide_request" in by.permissions_in(pk)]
    rows = ApprovalRequest.objects.filter(entity__in=deciding, decision="", expires_on__gte=as_of)
    return rows.exclude(requested_by=by).select_related("entity", "requested_by").order_by("requested_at", "pk")


def requests_of(*, by: User) -> QuerySet[ApprovalRequest]:
    """What the person asked for, the newest first."""
    rows = ApprovalRequest.objects.visible_to(by).filter(requested_by=by)
    return rows.select_related("entity", "requested_by", "decided_by").order_by("-pk")


def requests_decided(*, by: User) -> QuerySet[ApprovalRequest]:
    """Requests of the person's companies that are closed, the latest first."""
    rows = ApprovalRequest.objects.visible_to(by).exclude(decision="")
    return rows.select_related("entity", "requested_by", "decided_by").order_by("-decided_at", "-pk")


def open_request(*, kind: Authority, subject_type: str, subject_id: int) -> ApprovalRequest | None:
    """The request that a document waits for, if there is one."""
    return ApprovalRequest.objects.filter(
        kind=kind, subject_type=subject_type, subject_id=str(subject_id), decision=""
    ).first()


def history_of(request: ApprovalRequest) -> QuerySet[AuditEvent]:
    """What happened to the request and to its document, the newest first."""
    about = Q(object_type=request.subject_type, object_id=request.subject_id)
    about |= Q(object_type=request._meta.label_lower, object_id=str(request.pk))
    return AuditEvent.objects.filter(about, entity=request.entity).select_related("by")


def why_not(*, by: User, request: ApprovalRequest, as_of: date) -> str:
    """Why the person can't approve the request, in a sentence; nothing when they can."""
    if request.requested_by_id == by.pk:
        return "You asked for this; somebody else decides."
    if not may(by, "controls.decide_request", request.entity):
        return "Your role reads requests and decides none."
    fits = is_within_limit(
        by=by,
        entity=request.entity,
        kind=Authority(request.kind),
        amount=request.money,
        counts_with=request.counts_with,
        as_of=as_of,
    )
    return "" if fits else "The amount is above your own limit; somebody with a higher one decides."
