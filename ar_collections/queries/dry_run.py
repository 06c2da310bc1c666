"""A dry run: what a version of a strategy would have sent in some months that are over, beside what was sent.

Items, payments, disputes and holds are taken as they were on each day: by default as they were known then, or as they
turned out where a ledger was brought in later. Which segment an item belongs to is today's answer, but for how much was
owed: that is what was owed then. Promises and plans of that time are not weighed, so that the answer is the most that
would have been sent.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from decimal import Decimal
from itertools import accumulate
from zoneinfo import ZoneInfo

from django.db.models import Q, QuerySet, TextChoices

from ar_collections.ladder import Reason, Stop
from ar_collections.models import Dispute, DunningHold, DunningNotice, StrategyVersion
from ar_collections.queries.case_facts import known_of
from ar_collections.queries.cases import BATCH, House, house_of, ladder_of
from ar_collections.rehearsal import Moved, PastCustomer, PastItem, Rehearsed, Stood, rehearse
from ar_collections.segments import segment_for
from core.money import ZERO, Money
from customers.models import Customer
from ledger.models import Allocation, OpenItem

MOST_CUSTOMERS = 500
"""That a page looks at; a run looks at everybody."""
MOST_DAYS = 100
DAY = timedelta(days=1)
FAR = date.max


class Basis(TextChoices):
    """By which knowledge the past is told."""

    THEN = "then", "As it was known on each day"
    SINCE = "since", "As it turned out"


@dataclass(frozen=True, slots=True)
class Span:
    """The days that are rehearsed."""

    from_on: date
    until_on: date
    basis: Basis = Basis.THEN

    @property
    def days(self) -> list[date]:
        """All of them."""
        return [self.from_on + DAY * step for step in range((self.until_on - self.from_on).days + 1)]


@dataclass(frozen=True, slots=True)
class WouldSend:
    """A message that would have left."""

    customer: Customer
    on: date
    step: str
    numbers: Sequence[str]
    totals: Sequence[Money]


@dataclass(frozen=True)
class DryRun:
    """What the days would have brought, beside what was sent on them by the same strategy."""

    span: Span
    messages: Sequence[WouldSend]
    customers: int
    is_cut: bool
    sent: Mapping[str, int]

    @property
    def by_step(self) -> list[tuple[str, int, int]]:
        """By step: how many would have been sent, and how many were."""
        would = Counter(message.step for message in self.messages)
        return [(step, would.get(step, 0), self.sent.get(step, 0)) for step in dict.fromkeys((*would, *self.sent))]


def dry_run(version: StrategyVersion, span: Span) -> DryRun:
    """Rehearse a version on days that are over."""
    keys = debtors(version, span)
    messages = messages_to(version, keys[:MOST_CUSTOMERS], span)
    sent = DunningNotice.objects.filter(
        step__version__strategy=version.strategy, decided_on__range=(span.from_on, span.until_on), held_back=""
    )
    return DryRun(
        span=span,
        messages=sorted(messages, key=lambda each: (each.on, each.customer.name)),
        customers=min(len(keys), MOST_CUSTOMERS),
        is_cut=len(keys) > MOST_CUSTOMERS,
        sent=Counter(sent.values_list("step__name", flat=True)),
    )


def debtors(version: StrategyVersion, span: Span) -> list[int]:
    """Whoever owed anything on one of the days, by id."""
    debts = _there(OpenItem.objects.filter(entity=version.strategy.entity, side=OpenItem.Side.DEBIT), span)
    return list(debts.order_by("customer_id").values_list("customer_id", flat=True).distinct())


def messages_to(version: StrategyVersion, customers: Sequence[int], span: Span) -> list[WouldSend]:
    """What would have been sent to some customers."""
    house = house_of(version.strategy.entity, instead=version)
    batches = (customers[start : start + BATCH] for start in range(0, len(customers), BATCH))
    return [message for some in batches for message in _rehearsed(house, version, some, span)]


def _there(rows: QuerySet[OpenItem], span: Span) -> QuerySet[OpenItem]:
    return rows.filter(posted_on__lte=span.until_on).filter(Q(settled_on=None) | Q(settled_on__gte=span.from_on))


def _rehearsed(house: House, version: StrategyVersion, customers: Sequence[int], span: Span) -> Iterator[WouldSend]:
    ladder = ladder_of(version)
    items = {item.pk: item for item in _there(OpenItem.objects.filter(customer__in=customers), span)}
    people = {customer.pk: customer for customer in Customer.objects.filter(pk__in=customers)}
    for past in _customers(house, version, people, items, span):
        for each in rehearse(past, ladder, span.days):
            yield _would(people[past.key], items, each)


def _would(customer: Customer, items: Mapping[int, OpenItem], found: Rehearsed) -> WouldSend:
    sums: dict[str, Decimal] = defaultdict(lambda: ZERO)
    for line in found.decision.lines:
        sums[items[line.item.key].currency] += line.item.left
    return WouldSend(
        customer=customer,
        on=found.on,
        step=found.decision.rung.name if found.decision.rung else "",
        numbers=[items[line.item.key].number for line in found.decision.lines],
        totals=[Money(amount, currency) for currency, amount in sorted(sums.items())],
    )


def _customers(
    house: House,
    version: StrategyVersion,
    people: Mapping[int, Customer],
    items: Mapping[int, OpenItem],
    span: Span,
) -> Iterator[PastCustomer]:
    """Customers with those of their debts that follow the strategy."""
    keys = list(people)
    known = known_of(house.entity, keys, span.until_on)
    moves, zone = _moves(items, span, house.entity.zone), house.entity.zone
    disputes, holds = _disputes(items), _holds(keys)
    owed = _most_owed(items.values(), moves, span)
    past: dict[int, tuple[list[PastItem], list[PastItem]]] = defaultdict(lambda: ([], []))
    for item in items.values():
        made = _past(item, moves.get(item.pk, ()), disputes.get(item.pk, ()), span, zone)
        if item.side == OpenItem.Side.CREDIT:
            past[item.customer_id][1].append(made)
            continue
        key = item.customer_id
        traits = replace(known.traits[key], keyword=people[key].segment, owed=owed[key])
        segment = segment_for(house.segments, traits, known.kinds.get(item.pk, ""))
        if segment is not None and segment.strategy_id == version.strategy_id:
            past[item.customer_id][0].append(made)
    for key, (debts, credits) in past.items():
        hours = house.hours(known.countries.get(key, ""))
        yield PastCustomer(key, debts, credits, holds.get(key, ()), hours.calendar.is_business_day)


def _most_owed(items: Iterable[OpenItem], moves: Mapping[int, Sequence[Moved]], span: Span) -> dict[int, Decimal]:
    """What each customer owed at most on one of the days in the company's currency, though they have paid since."""
    changes: dict[int, dict[date, Decimal]] = defaultdict(lambda: defaultdict(lambda: ZERO))
    for item in items:
        if item.side == OpenItem.Side.DEBIT:
            own, rate = changes[item.customer_id], item.base_amount / item.amount
            own[max(item.posted_on, span.from_on)] += item.base_amount
            for moved in moves.get(item.pk, ()):
                own[max(moved.on, span.from_on)] -= moved.amount * rate
    return {key: max(accumulate(own[on] for on in sorted(own))) for key, own in changes.items()}


def _past(item: OpenItem, moves: Sequence[Moved], stops: Sequence[Stood], span: Span, zone: ZoneInfo) -> PastItem:
    there_from = _known(item.posted_on, item.recorded_at, span, zone)
    return PastItem(item.pk, there_from, item.due_on, item.amount, moves, stops)


def _known(on: date, recorded_at: datetime, span: Span, zone: ZoneInfo) -> date:
    return max(on, recorded_at.astimezone(zone).date()) if span.basis is Basis.THEN else on


def _moves(items: Iterable[int], span: Span, zone: ZoneInfo) -> dict[int, list[Moved]]:
    keys = list(items)
    rows = Allocation.objects.filter(Q(debit_item__in=keys) | Q(credit_item__in=keys), allocated_on__lte=span.until_on)
    found: dict[int, list[Moved]] = defaultdict(list)
    columns = ("debit_item_id", "credit_item_id", "amount", "allocated_on", "recorded_at")
    for debit, credit, amount, on, recorded_at in rows.values_list(*columns):
        moved = Moved(_known(on, recorded_at, span, zone), amount)
        found[debit].append(moved)
        found[credit].append(moved)
    return found


def _disputes(items: Iterable[int]) -> dict[int, list[Stood]]:
    found: dict[int, list[Stood]] = defaultdict(list)
    for each in Dispute.objects.filter(item__in=list(items)):
        last_on = each.closed_on - DAY if each.closed_on else FAR
        found[each.item_id].append(Stood(Stop(Reason.DISPUTED, amount=each.amount), each.opened_on, last_on))
    return found


def _holds(customers: Sequence[int]) -> dict[int, list[Stood]]:
    found: dict[int, list[Stood]] = defaultdict(list)
    for hold in DunningHold.objects.filter(customer__in=customers, item=None, channel=""):
        last_on = min(hold.until or FAR, hold.lifted_on - DAY if hold.lifted_on else FAR)
        found[hold.customer_id].append(Stood(Stop(Reason.HELD, str(hold)), hold.placed_on, last_on))
    return found
