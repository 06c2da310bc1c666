"""What customers have promised: what it holds back, what became of it, and how far their word goes."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import NamedTuple

from django.db.models import Count, Min, Prefetch, Q, QuerySet, Sum

from ar_collections.models import Promise, PromiseInstalment, PromiseItem
from ar_collections.promises import (
    BY_PEOPLE,
    COUNTED,
    Cash,
    Due,
    Given,
    Judgement,
    Move,
    Outcome,
    PromisedPart,
    cash_left,
    judge,
)
from core.models import LegalEntity, User
from core.money import ZERO, Money, amount_in
from customers.models import Customer
from ledger.balances import open_at
from ledger.models import Allocation, OpenItem

SHOWN = ("customer", "contact", "taken_by", "withdrawn_by")
JUDGED_AGAIN = timedelta(days=60)
YEAR = timedelta(days=365)


class PromisedAmount(NamedTuple):
    """What a promise that stands holds back of an item, until the end of a day."""

    item: int
    customer: int
    amount: Decimal
    until_on: date
    promise: int


def open_promises(*, entity: LegalEntity, as_of: date, customers: Iterable[int] | None = None) -> list[PromisedAmount]:
    """Per item what is promised at the end of a day and not yet failed: nobody reminds of so much of it until then.

    A promise stands until its next instalment is due, with its grace, whether or not the night's judgement has run.
    """
    rows = PromiseItem.objects.filter(standing("promise__", as_of), promise__entity=entity)
    if customers is not None:
        rows = rows.filter(promise__customer__in=list(customers))
    standing_now = rows.annotate(next_until=_next_until("promise__")).filter(next_until__gte=as_of).order_by("pk")
    columns = ("item_id", "promise__customer_id", "amount", "next_until", "promise_id")
    return [PromisedAmount(*row) for row in standing_now.values_list(*columns)]


def standing(path: str, as_of: date) -> Q:
    """Promises that were given by a day and had not ended by its end."""
    ended = Q(**{f"{path}ended_on": None}) | Q(**{f"{path}ended_on__gt": as_of})
    return ended & Q(**{f"{path}taken_on__lte": as_of})


def _next_until(path: str) -> Min:
    undecided = Q(**{f"{path}instalments__outcome": Outcome.OPEN})
    return Min(f"{path}instalments__until_on", filter=undecided)


def promises_of(customer: Customer) -> QuerySet[Promise]:
    """Every promise of a customer, the newest first."""
    return with_parts(Promise.objects.filter(customer=customer)).order_by("-pk")


def with_parts(rows: QuerySet[Promise]) -> QuerySet[Promise]:
    """Promises with all that a page shows of them."""
    items = Prefetch("items", PromiseItem.objects.select_related("item"))
    return rows.select_related(*SHOWN, "entity").prefetch_related("instalments", items)


def failed_before(items: Sequence[OpenItem]) -> int:
    """How many promises about one of these items were not kept in full, one after the other."""
    rows = PromiseItem.objects.filter(item__in=items, promise__outcome__in=(*COUNTED, Outcome.REPLACED))
    found: dict[int, int] = defaultdict(int)
    for item, outcome in rows.order_by("promise_id").values_list("item_id", "promise__outcome"):
        found[item] = 0 if outcome == Outcome.KEPT else found[item] + 1
    return max(found.values(), default=0)


# Judging -------------------------------------------------------------------------------------------------------------


def to_judge(entity: LegalEntity, *, as_of: date) -> QuerySet[Promise]:
    """Promises on which the ledger may say something new: open ones, and those that ended of late."""
    rows = Promise.objects.filter(entity=entity, taken_on__lte=as_of).exclude(outcome__in=BY_PEOPLE)
    return rows.filter(Q(outcome=Outcome.OPEN) | Q(until_on__gte=as_of - JUDGED_AGAIN))


def judgements(promises: Sequence[Promise], *, as_of: date) -> dict[int, Judgement]:
    """What became of promises up to the end of a day, in four statements for all of them.

    Money on account counts for the promises of a customer in the order in which they fall due.
    """
    given = _given(promises)
    moves = moves_of_items({part.item for each in given.values() for part in each.parts}, as_of)
    cash = cash_of({promise.customer_id for promise in promises}, as_of)
    found: dict[int, Judgement] = {}
    for promise in sorted(promises, key=lambda each: (each.until_on, each.pk)):
        own, purse = given[promise.pk], (promise.customer_id, promise.currency)
        about = [move for part in own.parts for move in moves.get(part.item, ())]
        judged = judge(own, about, cash.get(purse, ()), as_of=as_of)
        cash[purse] = cash_left(own, judged, about, cash.get(purse, ()))
        found[promise.pk] = judged
    return found


def _given(promises: Sequence[Promise]) -> dict[int, Given]:
    keys = [promise.pk for promise in promises]
    parts: dict[int, list[PromisedPart]] = defaultdict(list)
    rows = PromiseItem.objects.filter(promise__in=keys).order_by("pk")
    columns = ("promise_id", "item_id", "amount", "open_before", "item__amount")
    for key, item, amount, open_before, total in rows.values_list(*columns):
        parts[key].append(PromisedPart(item, amount, open_before, total))
    dues: dict[int, list[Due]] = defaultdict(list)
    for key, until_on, amount in (
        PromiseInstalment.objects.filter(promise__in=keys)
        .order_by("promise_id", "number")
        .values_list("promise_id", "until_on", "amount")
    ):
        dues[key].append(Due(until_on, amount))
    return {each.pk: Given(each.taken_on, parts[each.pk], dues[each.pk], each.kept_from) for each in promises}


def moves_of_items(items: set[int], as_of: date) -> dict[int, list[Move]]:
    """What was allocated to these items; money by the day on which it was received."""
    rows = Allocation.objects.filter(debit_item__in=items, allocated_on__lte=as_of).order_by("pk")
    columns = ("debit_item_id", "credit_item__kind", "credit_item__document_on", "allocated_on", "amount")
    found: dict[int, list[Move]] = defaultdict(list)
    for item, kind, received_on, allocated_on, amount in rows.values_list(*columns):
        is_money = kind == OpenItem.Kind.RECEIPT
        on = min(received_on, allocated_on) if is_money and amount > 0 else allocated_on
        found[item].append(Move(item, on, amount, is_money))
    return found


def cash_of(customers: set[int], as_of: date) -> dict[tuple[int, str], list[Cash]]:
    """Money on account of customers, by currency, the oldest first."""
    receipts = OpenItem.objects.filter(
        customer__in=customers, kind=OpenItem.Kind.RECEIPT, side=OpenItem.Side.CREDIT, posted_on__lte=as_of
    )
    found: dict[tuple[int, str], list[Cash]] = defaultdict(list)
    rows = open_at(receipts, as_of=as_of).order_by("document_on", "pk")
    columns = ("customer_id", "currency", "document_on", "open_then")
    for customer, currency, on, amount in rows.values_list(*columns):
        found[customer, currency].append(Cash(on, amount))
    return found


# Lists ---------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class PromiseQuestion:
    """What a list of promises shows."""

    entity: LegalEntity
    as_of: date
    state: str = "open"
    query: str = ""
    taken_by: int | None = None


def promise_list(question: PromiseQuestion, *, by: User) -> QuerySet[Promise]:
    """The promises that a question asks for: open ones the next first, others the latest first."""
    rows = Promise.objects.visible_to(by).filter(entity=question.entity, taken_on__lte=question.as_of)
    rows = rows.filter(_in_state(question.state, question.as_of))
    if question.taken_by:
        rows = rows.filter(taken_by=question.taken_by)
    if question.query:
        rows = rows.filter(_holds(question.query))
    return with_parts(rows).order_by(*(("due_on", "pk") if question.state in ("open", "due") else ("-ended_on", "-pk")))


def _in_state(state: str, as_of: date) -> Q:
    if state == "all":
        return Q()
    if state == "due":
        return standing("", as_of) & Q(instalments__outcome=Outcome.OPEN, instalments__due_on__lte=as_of)
    if state == "broken":
        return Q(outcome__in=(Outcome.BROKEN, Outcome.PARTLY), ended_on__lte=as_of)
    if state == "ended":
        return Q(ended_on__lte=as_of)
    return standing("", as_of)


def _holds(query: str) -> Q:
    found = Q(customer__name__icontains=query) | Q(customer__code__iexact=query) | Q(said_by__icontains=query)
    found |= Q(pk__in=PromiseItem.objects.filter(item__number__icontains=query).values("promise"))
    if (amount := amount_in(query)) is not None:
        found |= Q(amount=amount)
    return found


def promise_sums(rows: QuerySet[Promise]) -> list[Money]:
    """What the promises of a list come to, per currency."""
    sums = rows.order_by("currency").values_list("currency").annotate(sum=Sum("amount"))
    return [Money(amount, currency) for currency, amount in sums]


# Reliability ---------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Reliability:
    """How somebody's promises ended in the year before, in one currency."""

    key: int | None
    name: str
    currency: str
    kept: int
    late: int
    partly: int
    broken: int
    promised: Decimal
    received: Decimal

    @property
    def count(self) -> int:
        """Promises that the ledger has decided."""
        return self.kept + self.late + self.partly + self.broken

    @property
    def share_kept(self) -> Decimal:
        """Of a hundred promises, those kept in time."""
        return Decimal(100 * self.kept) / self.count if self.count else ZERO


WHOSE = {
    "customer": ("customer_id", "customer__name"),
    "contact": ("contact_id", "said_by"),
    "collector": ("taken_by_id", "taken_by__name"),
}


def reliability(rows: QuerySet[Promise], *, whose: str, as_of: date) -> list[Reliability]:
    """How promises of the year before were kept, by customer, by the person who said it, or by who took it."""
    counts = {name: Count("pk", filter=Q(outcome=name)) for name in ("kept", "late", "partly", "broken")}
    ended = rows.filter(outcome__in=COUNTED, ended_on__range=(as_of - YEAR, as_of))
    grouped = (
        ended.order_by()
        .values_list(*WHOSE[whose], "currency")
        .annotate(**counts, promised=Sum("amount"), came=Sum("received"))
    )
    return [Reliability(*row) for row in grouped.order_by("-promised", WHOSE[whose][1])]
