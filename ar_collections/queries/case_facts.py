"""What is known of many customers before the ladder is asked: each fact for all of them in one statement."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import NamedTuple

from django.db.models import BooleanField, ExpressionWrapper, Q, QuerySet, Sum

from ar_collections.covering import Owed, covered
from ar_collections.ladder import CALL, EMAIL, LETTER, Reason, Stop
from ar_collections.models import DunningHold, DunningNotice, NoticeLine, SegmentAssignment
from ar_collections.queries.disputes import disputes_at
from ar_collections.queries.hours import countries_of
from ar_collections.queries.plans import live_plans
from ar_collections.queries.promises import open_promises
from ar_collections.segments import Traits
from ar_collections.sources import OnItsWay, sources
from core.models import LegalEntity
from core.money import ZERO, Money
from customers.models import Contact
from ledger.models import OpenItem
from messaging.models import Message

WAYS = {
    DunningHold.Channel.ALL: (EMAIL, LETTER, CALL),
    DunningHold.Channel.EMAIL: (EMAIL,),
    DunningHold.Channel.LETTER: (LETTER,),
    DunningHold.Channel.CALL: (CALL,),
}
Stops = dict[int, list[Stop]]


class ItemFacts(NamedTuple):
    """What lists and letters say of an item."""

    key: int
    customer: int
    number: str
    kind: str
    currency: str
    document_on: date
    due_on: date
    open: Decimal
    amount: Decimal
    base_amount: Decimal
    purchase_order: str

    @property
    def base_open(self) -> Decimal:
        """What is open of it in the currency of the books."""
        return self.open if self.amount == self.base_amount else self.base_amount * self.open / self.amount


@dataclass(frozen=True)
class Known:
    """All of it, by customer or by item."""

    items: Mapping[int, Sequence[ItemFacts]]
    stops: Mapping[int, Sequence[Stop]]
    customer_stops: Mapping[int, Sequence[Stop]]
    closed_ways: Mapping[int, Mapping[str, str]]
    traits: Mapping[int, Traits]
    kinds: Mapping[int, str]
    taken: Mapping[int, frozenset[int]]
    contacts: Mapping[int, Sequence[Contact]]
    countries: Mapping[int, str]
    last_written: Mapping[int, date]
    asked: Mapping[int, DunningNotice] = field(default_factory=dict)


def known_of(entity: LegalEntity, customers: Sequence[int], on: date) -> Known:
    """What is known now of customers, for a day that is today or comes."""
    items = by_customer(open_debts(entity, on).filter(customer__in=customers))
    stops, customer_stops, closed_ways = _holds(customers, on)
    disputes = _disputes(customers, on)
    for found in (disputes, _promised(entity, customers, on), _undelivered(customers)):
        _add(stops, found)
    _add(stops, _in_hand(customers, items, disputes))
    asked, last_written = _notices(customers, on)
    return Known(
        items=items,
        stops=stops,
        customer_stops=customer_stops,
        closed_ways=closed_ways,
        traits=_traits(customers, items),
        kinds={key: kind for source in sources() for key, kind in source.kinds(customers).items()},
        taken=_taken(customers),
        contacts=_contacts(customers),
        countries=countries_of(customers),
        last_written=last_written,
        asked=asked,
    )


def open_debts(entity: LegalEntity, on: date) -> QuerySet[OpenItem]:
    """What customers owe now and was posted by a day."""
    return OpenItem.objects.filter(entity=entity, open_amount__gt=0, side=OpenItem.Side.DEBIT, posted_on__lte=on)


def by_customer(rows: QuerySet[OpenItem], left: str = "open_amount") -> dict[int, list[ItemFacts]]:
    """Items by customer, the oldest debt first; `left` names the column that says what is open."""
    columns = (
        "pk", "customer_id", "number", "kind", "currency", "document_on", "due_on", left, "amount", "base_amount",
        "purchase_order",
    )  # fmt: skip
    found: dict[int, list[ItemFacts]] = defaultdict(list)
    for row in rows.order_by("due_on", "number").values_list(*columns):
        found[row[1]].append(ItemFacts(*row))
    return found


def why_not_written_to(customer: int, channel: str, on: date) -> str:
    """The hold that keeps a customer from being written to that way, by the outbox's name of it; else nothing."""
    _, whole, closed = _holds([customer], on)
    way = LETTER if channel == Message.Channel.PRINT else EMAIL
    return str(next(iter(whole.get(customer, ())), "") or closed.get(customer, {}).get(way, ""))


# What stops ----------------------------------------------------------------------------------------------------------


def _holds(customers: Sequence[int], on: date) -> tuple[Stops, Stops, dict[int, dict[str, str]]]:
    """Holds on items, on customers, and the ways that are closed to some of them."""
    rows = DunningHold.objects.filter(customer__in=customers, placed_on__lte=on).order_by("pk")
    rows = rows.filter(Q(until=None) | Q(until__gte=on), Q(lifted_on=None) | Q(lifted_on__gt=on))
    items: Stops = defaultdict(list)
    whole: Stops = defaultdict(list)
    closed: dict[int, dict[str, str]] = defaultdict(dict)
    for hold in rows:
        if hold.channel:
            closed[hold.customer_id] |= dict.fromkeys(WAYS[DunningHold.Channel(hold.channel)], str(hold))
            continue
        reason = Reason.HELD if hold.kind == DunningHold.Kind.HOLD else Reason(hold.kind)
        stop = Stop(reason, str(hold), until=hold.until)
        if hold.item_id:
            items[hold.item_id].append(stop)
        else:
            whole[hold.customer_id].append(stop)
    return items, whole, closed


def _disputes(customers: Sequence[int], on: date) -> Stops:
    rows = disputes_at(on).filter(customer__in=customers).order_by("item_id").values_list("item_id", "currency")
    return {
        item: [Stop(Reason.DISPUTED, f"{Money(amount, currency)} disputed", amount)]
        for item, currency, amount in rows.annotate(sum=Sum("amount"))
    }


def _promised(entity: LegalEntity, customers: Sequence[int], on: date) -> Stops:
    """Promises and plans, each until its next day with grace or cure."""
    found: Stops = defaultdict(list)
    for each in open_promises(entity=entity, as_of=on, customers=customers):
        words = f"Promised until {each.until_on:%d %b %Y}"
        found[each.item].append(Stop(Reason.PROMISED, words, each.amount, each.until_on))
    for plan in live_plans(entity=entity, as_of=on, customers=customers):
        words = f"On a plan, kept until {plan.until_on:%d %b %Y}"
        found[plan.item].append(Stop(Reason.PLAN, words, plan.amount, plan.until_on))
    return found


def _undelivered(customers: Sequence[int]) -> Stops:
    return {
        item: [Stop(Reason.UNDELIVERED, words)]
        for source in sources()
        for item, words in source.undelivered(customers).items()
    }


def _in_hand(customers: Sequence[int], items: Mapping[int, Sequence[ItemFacts]], disputes: Stops) -> Stops:
    """What is paid or on its way: money on account, open credit notes, and what the rooms above know of."""
    money: dict[int, list[OnItsWay]] = defaultdict(list)
    for each in (*_credits(customers), *(one for source in sources() for one in source.on_its_way(customers))):
        money[each.customer].append(each)
    contested = {key: stop.amount or ZERO for key, [stop] in disputes.items()}
    found: Stops = {}
    for customer, own in money.items():
        owed = [
            Owed(each.key, each.currency, each.due_on, each.open, contested.get(each.key, ZERO))
            for each in items.get(customer, ())
        ]
        found |= covered(owed, own)
    return found


def _credits(customers: Sequence[int]) -> Iterable[OnItsWay]:
    rows = OpenItem.objects.filter(customer__in=customers, side=OpenItem.Side.CREDIT, open_amount__gt=0)
    columns = ("customer_id", "currency", "open_amount", "number")
    for customer, currency, amount, number in rows.order_by("posted_on", "pk").values_list(*columns):
        yield OnItsWay(customer, currency, amount, f"{number} waits to be applied")


def _add(stops: Stops, found: Mapping[int, Sequence[Stop]]) -> None:
    for key, own in found.items():
        stops.setdefault(key, []).extend(own)


# Who they are --------------------------------------------------------------------------------------------------------


def _traits(customers: Sequence[int], items: Mapping[int, Sequence[ItemFacts]]) -> dict[int, Traits]:
    by_hand = dict(
        SegmentAssignment.objects.filter(customer__in=customers, ended_at=None)
        .order_by()
        .values_list("customer_id", "segment_id")
    )
    mandates = {key for source in sources() for key in source.with_mandate(customers)}
    return {
        key: Traits(
            by_hand=by_hand.get(key),
            has_mandate=key in mandates,
            owed=sum((each.base_open for each in items.get(key, ())), ZERO),
        )
        for key in customers
    }


def _taken(customers: Sequence[int]) -> dict[int, frozenset[int]]:
    rows = NoticeLine.objects.filter(notice__customer__in=customers, fell_out="", step_day__isnull=False)
    found: dict[int, set[int]] = defaultdict(set)
    for item, day in rows.order_by().values_list("item_id", "step_day"):
        found[item].add(day or 0)
    return {item: frozenset(days) for item, days in found.items()}


def _notices(customers: Sequence[int], on: date) -> tuple[dict[int, DunningNotice], dict[int, date]]:
    """The day's notices, and when customers were last written to on another day.

    That may be a day to come, should the clock have gone wrong: nobody is written to twice because of it.
    """
    is_of_day = ExpressionWrapper(Q(decided_on=on), output_field=BooleanField())
    rows = DunningNotice.objects.filter(customer__in=customers).annotate(is_of_day=is_of_day)
    rows = rows.filter(Q(decided_on=on) | Q(message__isnull=False, held_back=""))
    latest = rows.order_by("customer_id", "is_of_day", "-decided_on").distinct("customer_id", "is_of_day")
    asked: dict[int, DunningNotice] = {}
    written: dict[int, date] = {}
    for notice in latest:
        if notice.decided_on == on:
            asked[notice.customer_id] = notice
        else:
            written[notice.customer_id] = notice.decided_on
    return asked, written


def _contacts(customers: Sequence[int]) -> dict[int, list[Contact]]:
    rows = Contact.objects.filter(customer__in=customers, is_active=True, bounced_at=None).exclude(email="")
    found: dict[int, list[Contact]] = defaultdict(list)
    for contact in rows.order_by("pk").defer("search_text"):
        found[contact.customer_id].append(contact)
    return found
