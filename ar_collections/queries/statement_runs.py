"""Statements for everybody: by which rule, on which days, to whom, and to whom not and why."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from itertools import islice

from django.db.models import F, Q, QuerySet, Sum

from ar_collections.models import DunningHold, StatementRule
from ar_collections.queries.statements import SIGNED_OPEN, STATEMENT
from core.calendars import calendar_of
from core.models import LegalEntity, Run
from customers.models import Customer
from customers.queries.groups import heads_of, members_of
from ledger.balances import open_at
from ledger.models import OpenItem
from messaging.models import Message
from messaging.recipients import STATEMENTS, Recipients, recipients_of

KIND = "send_statements"
CATCH_UP = timedelta(days=14)
"""A day that was missed is made up within so many days; later the next statement says what it would have said."""
SHOWN_DAYS = 12
GROUP_STATEMENT = "group_statement"
KINDS = (STATEMENT, GROUP_STATEMENT)


def rule_of(entity: LegalEntity) -> StatementRule | None:
    """The rule in force, also one that is off."""
    return StatementRule.objects.filter(entity=entity).select_related("changed_by").first()


def rules_before(entity: LegalEntity) -> QuerySet[StatementRule]:
    """Every change, the latest first."""
    return StatementRule.objects.filter(entity=entity).select_related("changed_by").order_by("-pk")


def next_days(rule: StatementRule, first: date) -> list[date]:
    """The next days on which statements go out, from a date on."""
    return list(islice(rule.days.days_from(first, calendar_of(rule.entity)), SHOWN_DAYS))


def due_day(rule: StatementRule, today: date) -> date | None:
    """The last day of the rule that has come since it counts and can still be made up."""
    first = max(rule.changed_on, today - CATCH_UP)
    days = rule.days.days_from(first, calendar_of(rule.entity))
    past = [day for day in islice(days, 3) if day <= today]
    return past[-1] if past else None


def period_start(rule: StatementRule | None, as_of: date) -> date | None:
    """The first day of the movements: after the rule's day of the month before; none where only open items are told."""
    if rule is None or rule.style == StatementRule.Style.OPEN_ITEM:
        return None
    days = islice(rule.days.days_from(as_of - timedelta(days=70), calendar_of(rule.entity)), 4)
    before = [day for day in days if day < as_of]
    return before[-1] + timedelta(days=1) if before else None


def statement_runs(entity: LegalEntity) -> QuerySet[Run]:
    """Runs of statements, the latest first."""
    return Run.objects.filter(entity=entity, kind=KIND).select_related("started_by").order_by("-pk")


# To whom --------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Addressee:
    """One statement: whose, for which members of their group, to whom, or why it is not sent."""

    customer: Customer
    members: tuple[int, ...]
    recipients: Recipients
    balances: dict[str, Decimal]
    why_not: str = ""
    left_out: tuple[str, ...] = ()
    """Members of the group of whom it says nothing, each with the reason."""


def customers_to_state(entity: LegalEntity, as_of: date, *, by_group: bool) -> list[int]:
    """Whoever has something open at the end of a day, either way; of a group that is told together its head."""
    rows = open_at(OpenItem.objects.filter(entity=entity), as_of=as_of).order_by()
    keys = rows.values_list("customer_id", flat=True).distinct()
    return sorted(set(heads_of(entity, keys).values() if by_group else keys))


def addressees(
    entity: LegalEntity, customers: Sequence[int], as_of: date, *, today: date, by_group: bool
) -> list[Addressee]:
    """What some of them would get by the rule, in a fixed number of statements. Holds are those of today."""
    heads = _heads(entity, customers)
    members = members_of(entity, heads) if by_group else {key: [key] for key in heads}
    balances = _balances(entity, {key for keys in members.values() for key in keys}, as_of)
    to = recipients_of(heads.values(), STATEMENTS)
    held = holds_of({member: to[key].channel for key, own in members.items() for member in own}, today)
    told = _told(entity, heads, as_of)
    names = _names(set(held) - set(heads))
    found = []
    for key, head in heads.items():
        left_out = tuple(f"{names[member]}: {held[member]}" for member in members[key][1:] if member in held)
        stated = tuple(member for member in members[key] if member == key or member not in held)
        sums = _together(balances.get(member, {}) for member in stated)
        why_not = held.get(key, "") or told.get(key, "") or _nobody(to[key])
        why_not = why_not or ("" if sums else "; ".join(left_out))
        found.append(Addressee(head, stated, to[key], sums, why_not, left_out))
    return found


def whole_group(customer: Customer, as_of: date) -> Addressee:
    """A group as somebody asks for it: like a customer's own statement, holds don't stop it."""
    [members] = members_of(customer.entity, [customer.pk]).values()
    balances = _balances(customer.entity, members, as_of)
    to = recipients_of([customer], STATEMENTS)[customer.pk]
    return Addressee(customer, tuple(members), to, _together(balances.values()))


def sent_by(run: Run) -> int:
    """How many statements a run has put into the outbox, whichever worker was at it."""
    rows = Message.objects.filter(entity=run.entity, kind__in=KINDS, document=str(run.business_date), resend_of=None)
    return rows.filter(context__run=run.pk).count()


def _heads(entity: LegalEntity, customers: Sequence[int]) -> dict[int, Customer]:
    rows = Customer.objects.filter(pk__in=customers, entity=entity).select_related("entity").order_by("code")
    return {customer.pk: customer for customer in rows}


def _names(customers: Iterable[int]) -> dict[int, str]:
    return dict(Customer.objects.filter(pk__in=list(customers)).values_list("pk", "name"))


def _balances(entity: LegalEntity, customers: Iterable[int], as_of: date) -> dict[int, dict[str, Decimal]]:
    items = open_at(OpenItem.objects.filter(entity=entity, customer__in=list(customers)), as_of=as_of)
    rows = items.annotate(signed=SIGNED_OPEN).order_by().values_list("customer_id", "currency")
    found: dict[int, dict[str, Decimal]] = defaultdict(dict)
    for customer, currency, balance in rows.annotate(balance=Sum(F("signed"))):
        found[customer][currency] = balance
    return found


def _together(balances: Iterable[Mapping[str, Decimal]]) -> dict[str, Decimal]:
    sums: dict[str, Decimal] = defaultdict(Decimal)
    for each in balances:
        for currency, balance in each.items():
            sums[currency] += balance
    return dict(sums)


def holds_of(channels: Mapping[int, str], today: date) -> dict[int, str]:
    """Whoever of some customers is insolvent, with lawyers or not to be contacted by their message's channel.

    They get no statement by itself, and nobody gets theirs; a hold of reminders stops none.
    """
    stops = (DunningHold.Kind.INSOLVENT, DunningHold.Kind.LEGAL, DunningHold.Kind.DO_NOT_CONTACT)
    rows = DunningHold.objects.filter(customer__in=list(channels), kind__in=stops, item=None, placed_on__lte=today)
    rows = rows.filter(Q(until=None) | Q(until__gte=today), Q(lifted_on=None) | Q(lifted_on__gt=today))
    ways = {Message.Channel.PRINT: DunningHold.Channel.LETTER, Message.Channel.EMAIL: DunningHold.Channel.EMAIL}
    return {
        hold.customer_id: str(hold)
        for hold in rows.order_by("-pk")
        if hold.channel in ("", ways[Message.Channel(channels[hold.customer_id])])
    }


def _told(entity: LegalEntity, customers: Iterable[int], as_of: date) -> dict[int, str]:
    sent = Message.objects.filter(entity=entity, kind__in=KINDS, document=str(as_of), customer__in=list(customers))
    return {key: "It is in the outbox already" for key in sent.values_list("customer_id", flat=True) if key}


def _nobody(recipients: Recipients) -> str:
    by_post = recipients.channel == Message.Channel.PRINT
    return "" if recipients.to or by_post else "Nobody there has an address for statements"
