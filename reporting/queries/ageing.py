"""The ageing report: named rows, totals per currency, the tie to the control account, and the items of a figure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal

from django.db.models import F, Q, QuerySet, Sum

from core.errors import Refused
from core.models import LegalEntity
from core.money import ZERO
from customers.models import Customer
from ledger.ageing import AGED_BY, BUCKETS, AgeingBucket, AgeingRow, Basis, Grouping, ageing
from ledger.balances import ControlBalance, control_account, open_at
from ledger.models import OpenItem


class NoSuchPart(Refused):
    """The address asks for a bucket that the report doesn't have."""

    code = "no_such_part"


@dataclass(frozen=True)
class AgeingQuestion:
    """What is asked: for whom, as at when, as known when, and how it is cut."""

    entities: Sequence[LegalEntity]
    as_of: date
    known_at: datetime | None = None
    by: Basis = "due"
    group_by: Grouping = "customer"
    currency: str = ""
    buckets: Sequence[AgeingBucket] = BUCKETS


@dataclass(frozen=True)
class NamedRow:
    """A row of the report with the name of its customer, group, company or currency."""

    name: str
    code: str
    row: AgeingRow


@dataclass(frozen=True)
class Tie:
    """The net total of a company's currency beside its receivables account."""

    entity: LegalEntity
    balance: ControlBalance
    net: Decimal

    @property
    def difference(self) -> Decimal:
        """What the account holds beyond the report; nil unless something is very wrong."""
        return self.balance.account - self.net

    @property
    def is_tied(self) -> bool:
        """Whether report, open items and account agree."""
        return self.difference == ZERO == self.balance.difference


@dataclass
class AgeingReport:
    """The whole answer."""

    question: AgeingQuestion
    rows: list[NamedRow] = field(default_factory=list)
    totals: list[AgeingRow] = field(default_factory=list)
    ties: list[Tie] = field(default_factory=list)


def ageing_report(question: AgeingQuestion) -> AgeingReport:
    """Answer in a fixed number of statements, whatever the size."""
    rows = _aged(question, question.group_by)
    rows.sort(key=lambda row: (row.currency, -row.net))
    names = _names(question, rows)
    named = [NamedRow(*names.get(row.key, (row.currency, "")), row) for row in rows]
    return AgeingReport(question, named, totals_of(rows), _ties(question))


def totals_of(rows: Sequence[AgeingRow]) -> list[AgeingRow]:
    """One total for each currency."""
    by_currency: dict[str, list[AgeingRow]] = {}
    for row in rows:
        by_currency.setdefault(row.currency, []).append(row)
    return [_sum(currency, members) for currency, members in sorted(by_currency.items())]


def _sum(currency: str, rows: Sequence[AgeingRow]) -> AgeingRow:
    return AgeingRow(
        key=0,
        currency=currency,
        open_items=sum(row.open_items for row in rows),
        unapplied_cash=sum((row.unapplied_cash for row in rows), ZERO),
        credits=sum((row.credits for row in rows), ZERO),
        amounts=tuple(sum(column, ZERO) for column in zip(*(row.amounts for row in rows), strict=True)),
    )


def _aged(question: AgeingQuestion, group_by: Grouping) -> list[AgeingRow]:
    rows = ageing(
        entities=question.entities,
        as_of=question.as_of,
        known_at=question.known_at,
        by=question.by,
        buckets=question.buckets,
        group_by=group_by,
    )
    return [row for row in rows if not question.currency or row.currency == question.currency]


def _names(question: AgeingQuestion, rows: Sequence[AgeingRow]) -> dict[int, tuple[str, str]]:
    if question.group_by == "entity":
        return {entity.pk: (entity.name, entity.code) for entity in question.entities}
    if question.group_by == "currency":
        return {}
    found = Customer.objects.filter(pk__in={row.key for row in rows}).values_list("pk", "name", "code")
    return {pk: (name, code) for pk, name, code in found}


def _ties(question: AgeingQuestion) -> list[Tie]:
    """Every company's currency in the report, tied to its control account by two independent additions."""
    net = {(row.key, row.currency): row.net for row in _aged(question, "entity")}
    ties = []
    for entity in question.entities:
        for balance in control_account(entity=entity, as_of=question.as_of, known_at=question.known_at):
            if not question.currency or balance.currency == question.currency:
                ties.append(Tie(entity, balance, net.get((entity.pk, balance.currency), ZERO)))
    return ties


def items_behind(
    question: AgeingQuestion, *, customers: Sequence[int] | None = None, part: str = ""
) -> QuerySet[OpenItem]:
    """The items that add up to a figure: of some customers or all, of a bucket, of a column, or all that is owed.

    `part` is a bucket's label, “unapplied”, “credits”, “owed” for all buckets, “overdue”, or nothing for the net.
    """
    items = OpenItem.objects.filter(entity__in=[entity.pk for entity in question.entities])
    if question.currency:
        items = items.filter(currency=question.currency)
    if customers is not None:
        items = items.filter(customer__in=customers)
    rows = open_at(items.filter(_part_of(question, part)), as_of=question.as_of, known_at=question.known_at)
    return rows.select_related("customer").order_by(AGED_BY[question.by], "number")


def _part_of(question: AgeingQuestion, part: str) -> Q:
    debit, receipt = Q(side=OpenItem.Side.DEBIT), Q(kind=OpenItem.Kind.RECEIPT)
    fixed = {"": Q(), "owed": debit, "unapplied": ~debit & receipt, "credits": ~debit & ~receipt}
    if part in fixed:
        return fixed[part]
    spans: dict[str, tuple[int | None, int | None]] = {"overdue": (1, None), "over_31": (31, None)}
    spans |= {bucket.label: (bucket.first, bucket.last) for bucket in question.buckets}
    if part not in spans:
        raise NoSuchPart(f"There is no part “{part}” in this ageing.")
    first, last = spans[part]
    aged_on, span = AGED_BY[question.by], Q()
    if first is not None:
        span &= Q(**{f"{aged_on}__lte": date.fromordinal(question.as_of.toordinal() - first)})
    if last is not None:
        span &= Q(**{f"{aged_on}__gte": date.fromordinal(question.as_of.toordinal() - last)})
    return debit & span


def totals_behind(items: QuerySet[OpenItem]) -> dict[str, Decimal]:
    """What items add up to by currency, debits less credits: the figure that they stand behind."""
    rows = items.order_by("currency").values("currency", "side").annotate(total=Sum(F("open_then")))
    totals: dict[str, Decimal] = {}
    for row in rows:
        sign = 1 if row["side"] == OpenItem.Side.DEBIT else -1
        totals[row["currency"]] = totals.get(row["currency"], ZERO) + sign * row["total"]
    return totals
