"""Portfolios: who has whom and had whom on a day, what each collector has to do, and whom rules give to whom."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal

from django.db.models import Count, Q, QuerySet

from ar_collections.models import AbsenceCover, PortfolioRule, WorkAssignment, WorklistEntry
from ar_collections.portfolios import Features, Rule, rule_for
from ar_collections.queries.covers import covers_on
from ar_collections.queries.worklist import collectors_of, entries, in_view
from core.errors import Refused
from core.models import LegalEntity, User
from core.money import ZERO
from core.permissions import people_who_may
from customers.models import Address, Customer


@dataclass(frozen=True, slots=True)
class Load:
    """What a collector has. Amounts are in the company's currency; `person` None stands for nobody's customers."""

    person: User | None
    customers: int
    owing: int
    open: Decimal
    overdue: Decimal
    over_31: Decimal
    calls: int
    cover: AbsenceCover | None = None


def loads(entity: LegalEntity, *, by: User, today: date) -> list[Load]:
    """Every collector with customers, open, past due and whom to contact today; nobody's customers last."""
    held = WorkAssignment.objects.filter(customer__entity=entity, customer__status="active", ended_at=None).order_by()
    counts = dict(held.values_list("collector").annotate(Count("pk")))
    free = Customer.objects.filter(entity=entity, status="active").count() - sum(counts.values())
    sums = _sums(entity, by, today)
    people = {person.pk: person for person in collectors_of(entity)}
    people |= {person.pk: person for person in User.objects.filter(pk__in=set(counts) - set(people))}
    away = {cover.absent_id: cover for cover in covers_on(entity, today)}
    rows = [
        Load(person, counts.get(key, 0), *sums.get(key, NONE), cover=away.get(key)) for key, person in people.items()
    ]
    rows.sort(key=lambda row: row.person.name if row.person else "")
    return [*rows, Load(None, max(free, 0), *sums.get(None, NONE))]


Sums = tuple[int, Decimal, Decimal, Decimal, int]
NONE: Sums = (0, ZERO, ZERO, ZERO, 0)


def _sums(entity: LegalEntity, by: User, today: date) -> dict[int | None, Sums]:
    """By collector: customers on the worklist, their open, overdue and over 31 days, and whom to contact today."""
    holder = WorkAssignment.objects.filter(customer__entity=entity, ended_at=None).order_by()
    whose = dict(holder.values_list("customer_id", "collector_id"))
    now = in_view(entries(entity), "all", entity=entity, by=by, today=today)
    to_call = set(now.order_by().values_list("pk", flat=True))
    found: dict[int | None, Sums] = {}
    rows = entries(entity).order_by().values_list("pk", "open_amount", "overdue", "over_31")
    for customer, open_amount, overdue, over_31 in rows:
        key = whose.get(customer)
        count, all_open, late, old, calls = found.get(key, NONE)
        found[key] = (
            count + 1, all_open + open_amount, late + overdue, old + over_31, calls + (customer in to_call)
        )  # fmt: skip
    return found


# Who had whom ---------------------------------------------------------------------------------------------------------


def end_of_day(entity: LegalEntity, on: date) -> datetime:
    """The moment at which a day is over at the company's seat."""
    return datetime.combine(on + timedelta(days=1), time.min, entity.zone)


def assignments_on(entity: LegalEntity, on: date, *, collector: int | None = None) -> QuerySet[WorkAssignment]:
    """Whose each customer was at the end of a day."""
    moment = end_of_day(entity, on)
    rows = WorkAssignment.objects.filter(customer__entity=entity, assigned_at__lt=moment)
    rows = rows.filter(Q(ended_at=None) | Q(ended_at__gte=moment))
    if collector is not None:
        rows = rows.filter(collector=collector)
    return rows.select_related("customer", "collector", "assigned_by", "rule").order_by("customer__name", "pk")


def assignments_of(customer: Customer) -> QuerySet[WorkAssignment]:
    """Whose a customer ever was, the latest first."""
    rows = WorkAssignment.objects.filter(customer=customer)
    return rows.select_related("collector", "assigned_by", "rule").order_by("-pk")


# Rules ----------------------------------------------------------------------------------------------------------------


def rules_of(entity: LegalEntity) -> QuerySet[PortfolioRule]:
    """Rules in force, in the order in which they are asked."""
    rows = PortfolioRule.objects.filter(entity=entity, ended_at=None)
    return rows.select_related("collector", "made_by").order_by("position", "pk")


def features_of(entity: LegalEntity, customers: Iterable[int] | None = None) -> list[Features]:
    """What rules look at, in three statements."""
    rows = Customer.objects.filter(entity=entity, status=Customer.Status.ACTIVE)
    if customers is not None:
        rows = rows.filter(pk__in=list(customers))
    billed = Address.objects.filter(customer__entity=entity, kind=Address.Kind.BILLING, is_active=True)
    countries = dict(billed.order_by().values_list("customer_id", "country"))
    owed = dict(WorklistEntry.objects.filter(entity=entity).values_list("customer_id", "open_amount"))
    return [
        Features(key, name, countries.get(key, ""), segment, owed.get(key, ZERO))
        for key, name, segment in rows.order_by("name", "pk").values_list("pk", "name", "segment")
    ]


@dataclass(frozen=True, slots=True)
class Move:
    """A customer who goes to a collector, whose they were before, and by which rule."""

    customer: Customer
    collector: User
    former: User | None = None
    rule: PortfolioRule | None = None


def resting_rules(entity: LegalEntity, rules: Iterable[PortfolioRule]) -> set[int]:
    """Rules of people who collect no more in the company; they are passed over until they are ended."""
    able = set(people_who_may("collections.log_call", entity).values_list("pk", flat=True))
    return {rule.pk for rule in rules if rule.collector_id not in able}


def moves_by_rule(entity: LegalEntity, *, only_new: bool = False) -> list[Move]:
    """Whom rules would hand over: customers of nobody, and those whom a rule gave to somebody else."""
    rules = {row.pk: row for row in rules_of(entity)}
    for key in resting_rules(entity, rules.values()):
        del rules[key]
    asked = [_plain(row) for row in rules.values()]
    held = {row.customer_id: row for row in assignments_on_now(entity)}
    found: dict[int, PortfolioRule] = {}
    for features in features_of(entity):
        standing = held.get(features.key)
        if standing is not None and (standing.rule_id is None or only_new):
            continue
        rule = rule_for(features, asked)
        if rule is not None and (standing is None or standing.collector_id != rule.collector):
            found[features.key] = rules[rule.key]
    customers = Customer.objects.in_bulk(list(found))
    return [
        Move(customers[key], rule.collector, held[key].collector if key in held else None, rule)
        for key, rule in found.items()
    ]


def assignments_on_now(entity: LegalEntity) -> QuerySet[WorkAssignment]:
    """Whose each customer is."""
    return WorkAssignment.objects.filter(customer__entity=entity, ended_at=None).select_related("collector")


def _plain(row: PortfolioRule) -> Rule:
    return Rule(
        row.pk, row.collector_id, row.countries, row.first_letter, row.last_letter, row.segment, row.least, row.most
    )


def moves_of(entity: LegalEntity, plan: Mapping[int, int]) -> list[Move]:
    """Customers with the collectors to whom they would go; whoever is theirs already is left out."""
    customers = Customer.objects.filter(entity=entity).in_bulk(list(plan))
    people = User.objects.in_bulk(set(plan.values()))
    if len(people) < len(set(plan.values())):
        raise Refused("The preview names somebody whom nobody knows here. Look at it again.")
    held = {row.customer_id: row.collector for row in assignments_on_now(entity).filter(customer__in=list(plan))}
    return [
        Move(customers[key], people[collector], held.get(key))
        for key, collector in plan.items()
        if key in customers and (key not in held or held[key].pk != collector)
    ]


def sums_of_moves(moves: Sequence[Move]) -> list[tuple[str, int]]:
    """How many go to whom."""
    counts: dict[str, int] = {}
    for move in moves:
        counts[move.collector.name] = counts.get(move.collector.name, 0) + 1
    return sorted(counts.items())
