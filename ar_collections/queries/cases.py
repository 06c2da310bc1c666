"""The cases of customers: what the ladder says of each on a day, and what a letter to them needs besides."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from functools import cached_property

from django.db.models import Prefetch

from ar_collections.contact_hours import ContactHours, hours_of
from ar_collections.ladder import CALL, EMAIL, LETTER, Decision, Item, Ladder, Party, Rung, decide
from ar_collections.models import DunningNotice, Segment, Step, StrategyVersion
from ar_collections.queries.case_facts import ItemFacts, Known, known_of, open_debts
from ar_collections.segments import segment_for
from core.calendars import BusinessCalendar, calendar_of
from core.models import LegalEntity
from customers.models import Contact, Customer

BATCH = 500


@dataclass(frozen=True)
class House:
    """What is the same for all customers of a company: segments, ladders in force, calendar and clock."""

    entity: LegalEntity
    segments: Sequence[Segment]
    ladders: Mapping[int, Ladder]
    steps: Mapping[int, Step]
    calendar: BusinessCalendar

    def hours(self, country: str) -> ContactHours:
        """When a customer of a country may be written to."""
        return hours_of(country, home=self.calendar, home_zone=self.entity.zone)


@dataclass(frozen=True)
class Case:
    """A customer on a day."""

    customer: Customer
    party: Party
    items: tuple[Item, ...]
    facts: Mapping[int, ItemFacts]
    segments: Mapping[int, Segment | None]
    contacts: Sequence[Contact]
    hours: ContactHours
    on: date
    asked_already: DunningNotice | None = None
    by_hand: bool = False

    @cached_property
    def decision(self) -> Decision:
        """What the day brings."""
        return decide(self.party, self.items, self.on, by_hand=self.by_hand)


def house_of(entity: LegalEntity, *, instead: StrategyVersion | None = None) -> House:
    """The company's ladders in force; `instead` puts a version in the place of its strategy's."""
    on = StrategyVersion.objects.filter(strategy__entity=entity, switched_on_at__isnull=False, switched_off_at=None)
    by_day = Prefetch("steps", Step.objects.order_by("day"))
    versions = {version.strategy_id: version for version in on.prefetch_related(by_day)}
    if instead is not None:
        versions[instead.strategy_id] = instead
    return House(
        entity=entity,
        segments=list(Segment.objects.filter(entity=entity).order_by("position")),
        ladders={key: ladder_of(version) for key, version in versions.items()},
        steps={step.pk: step for version in versions.values() for step in version.steps.all()},
        calendar=calendar_of(entity),
    )


def ladder_of(version: StrategyVersion) -> Ladder:
    """A version as the ladder reads it."""
    rungs = [
        Rung(
            code=step.code,
            name=step.name,
            day=step.day,
            channel=step.channel,
            asks_call=step.asks_call,
            is_courtesy=step.is_courtesy,
            is_by_hand=step.is_by_hand,
            step=step.pk,
        )
        for step in version.steps.all()
    ]
    return Ladder(version.strategy_id, tuple(sorted(rungs, key=lambda rung: rung.day)), version.gap_days)


def customers_with_debts(entity: LegalEntity, on: date) -> list[int]:
    """Customers who owe anything, by id."""
    rows = open_debts(entity, on).order_by("customer_id").values_list("customer_id", flat=True)
    return list(rows.distinct())


def load_cases(
    house: House, customers: Sequence[int], *, on: date, at: datetime | None = None, by_hand: bool = False
) -> Iterator[Case]:
    """The cases of some customers on a day; `at` is the moment of writing, where the hours of that day matter."""
    known = known_of(house.entity, customers, on)
    for customer in Customer.objects.filter(pk__in=list(known.items)).defer("search_text").order_by("pk"):
        customer.entity = house.entity
        yield _case(house, known, customer, on, at, by_hand)


def all_cases(house: House, *, on: date) -> Iterator[Case]:
    """Everybody who owes anything, some hundred at a time."""
    keys = customers_with_debts(house.entity, on)
    for start in range(0, len(keys), BATCH):
        yield from load_cases(house, keys[start : start + BATCH], on=on)


def _case(house: House, known: Known, customer: Customer, on: date, at: datetime | None, by_hand: bool) -> Case:
    key, facts = customer.pk, known.items[customer.pk]
    traits = replace(known.traits[key], keyword=customer.segment)
    segments = {each.key: segment_for(house.segments, traits, known.kinds.get(each.key, "")) for each in facts}
    hours = house.hours(known.countries.get(key, ""))
    return Case(
        customer=customer,
        party=_party(known, customer, _is_open(house, hours, on, at)),
        items=tuple(_item(house, known, each, segments[each.key]) for each in facts),
        facts={each.key: each for each in facts},
        segments=segments,
        contacts=known.contacts.get(key, ()),
        hours=hours,
        on=on,
        asked_already=known.asked.get(key),
        by_hand=by_hand,
    )


def _item(house: House, known: Known, facts: ItemFacts, segment: Segment | None) -> Item:
    return Item(
        key=facts.key,
        due_on=facts.due_on,
        open=facts.open,
        ladder=house.ladders.get(segment.strategy_id) if segment else None,
        taken=known.taken.get(facts.key, frozenset()),
        stops=tuple(known.stops.get(facts.key, ())),
    )


def _is_open(house: House, hours: ContactHours, on: date, at: datetime | None) -> bool:
    if at is None:
        return hours.calendar.is_business_day(on)
    return hours.open_within(on, at, house.entity.zone)


def _party(known: Known, customer: Customer, is_open: bool) -> Party:
    key = customer.pk
    closed = known.closed_ways.get(key, {})
    by_post = customer.delivery == Customer.Delivery.PRINT
    there = {CALL: True, EMAIL: bool(known.contacts.get(key)) or by_post, LETTER: key in known.countries}
    goes_as = {EMAIL: LETTER} if by_post else {}
    return Party(
        stops=tuple(known.customer_stops.get(key, ())),
        open_ways=frozenset(way for way, is_there in there.items() if is_there and goes_as.get(way, way) not in closed),
        why_closed=next(iter(closed.values()), ""),
        is_business_day=is_open,
        last_written_on=known.last_written.get(key),
    )
