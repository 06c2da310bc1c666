"""Write-offs: what could be written off, where each stands, which tax may be claimed back, and what came in since."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, TypeAlias, TypedDict

from django.db.models import F, OuterRef, Q, QuerySet, Subquery, Sum
from django.db.models.expressions import CombinedExpression
from django.db.models.functions import Coalesce

from ar_collections.models import Recovery, ReliefRule, TaxRelief, WriteOff, WriteOffItem
from ar_collections.queries.disputes import disputed_amounts
from ar_collections.tax_relief import ReliefDates, relief_dates, tax_in
from core.models import LegalEntity
from core.money import ZERO, Money
from customers.models import Customer
from ledger.balances import NOTHING, open_items
from ledger.models import Account, JournalLine, OpenItem


class Sums(TypedDict):
    """What came in of a write-off, and what is on account of its customer in its currency."""

    recovered: Decimal
    on_account: Decimal


if TYPE_CHECKING:
    from django_stubs_ext import WithAnnotations

    WithSums: TypeAlias = WithAnnotations[WriteOff, Sums]

CAME = Sum("recoveries__amount", filter=Q(recoveries__ended_on=None))
"""What came in of a line and was not undone."""


@dataclass(frozen=True, slots=True)
class Loss:
    """How much of a document would be written off, with the tax in it."""

    item: OpenItem
    amount: Decimal
    tax: Decimal = ZERO
    relief: ReliefDates | None = None
    disputed: Decimal = ZERO


def debts_of(customer: Customer, *, as_of: date, currency: str) -> list[OpenItem]:
    """Open documents of a customer in a currency, the oldest debt first; `open_then` is what is left of each."""
    rows = open_items(entity=customer.entity, as_of=as_of, customer=customer)
    return list(rows.filter(side=OpenItem.Side.DEBIT, currency=currency).order_by("due_on", "pk"))


def losses_of(entity: LegalEntity, chosen: Sequence[tuple[OpenItem, Decimal]], *, on: date) -> list[Loss]:
    """What writing off these amounts would mean, document by document."""
    taxes, rule = taxes_of([item for item, _ in chosen]), relief_rule(entity, on)
    disputed = disputed_amounts([item.pk for item, _ in chosen], as_of=on)
    return [
        _loss(item, amount, taxes.get(item.pk, (ZERO, ZERO)), rule, disputed.get(item.pk, ZERO))
        for item, amount in chosen
    ]


def _loss(
    item: OpenItem, amount: Decimal, tax: tuple[Decimal, Decimal], rule: ReliefRule | None, disputed: Decimal
) -> Loss:
    inside = tax_in(written_off=amount, gross=tax[1], tax=tax[0], currency=item.currency)
    dates = None
    if rule is not None and inside:
        dates = relief_dates(
            due_on=item.due_on,
            supplied_on=item.document_on,
            wait_months=rule.wait_months,
            lapse_months=rule.lapse_months,
        )
    return Loss(item, amount, inside, dates, disputed)


def taxes_of(items: Iterable[OpenItem]) -> dict[int, tuple[Decimal, Decimal]]:
    """Per document: the output tax of its entry, and the receivable that this is in."""
    keys = {item.pk for item in items}
    entries = dict(JournalLine.objects.filter(pk__in=keys).values_list("pk", "entry_id"))
    lines = JournalLine.objects.filter(entry__in=set(entries.values())).order_by().values("entry")
    taxes, receivables = Q(account__role=Account.Role.OUTPUT_TAX), Q(account__role=Account.Role.RECEIVABLES)
    sums = lines.annotate(
        tax=_net("credit", "debit", taxes),
        gross=_net("debit", "credit", receivables),
    )
    by_entry = {row["entry"]: (row["tax"], row["gross"]) for row in sums}
    return {key: by_entry[entry] for key, entry in entries.items()}


def _net(side: str, other: str, which: Q) -> CombinedExpression:
    return Coalesce(Sum(side, filter=which), NOTHING) - Coalesce(Sum(other, filter=which), NOTHING)


def relief_rule(entity: LegalEntity, on: date) -> ReliefRule | None:
    """The rule of relief on a day."""
    rows = ReliefRule.objects.filter(entity=entity, valid_from__lte=on)
    return rows.filter(Q(valid_until=None) | Q(valid_until__gte=on)).first()


# Lists ---------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class WriteOffQuestion:
    """Which write-offs a list shows."""

    entity: LegalEntity
    state: str = "posted"
    query: str = ""


STATES = {
    "posted": Q(item__isnull=False, ended_on=None),
    "waits": Q(item=None, ended_on=None),
    "recovered": Q(item__isnull=False, ended_on=None, recovered__gt=0),
    "money": Q(item__isnull=False, ended_on=None, on_account__gt=0, recovered__lt=F("amount")),
    "ended": Q(ended_on__isnull=False),
    "all": Q(),
}


def write_off_list(question: WriteOffQuestion) -> QuerySet[WithSums]:
    """Write-offs, the latest first, each with `recovered` and what is `on_account` of its customer."""
    rows = with_recovered(WriteOff.objects.filter(entity=question.entity)).filter(STATES[question.state])
    if question.query:
        about = Q(customer__name__icontains=question.query) | Q(customer__code__iexact=question.query)
        about |= Q(item__number__icontains=question.query)
        rows = rows.filter(about | Q(lines__item__number__icontains=question.query)).distinct()
    return rows.order_by("-pk")


def with_recovered(rows: QuerySet[WriteOff]) -> QuerySet[WithSums]:
    """Write-offs with what came in of them, and what is on account of their customers in their currency."""
    lines = WriteOffItem.objects.filter(write_off=OuterRef("pk")).order_by().values("write_off")
    credits = OpenItem.objects.filter(
        customer=OuterRef("customer"), currency=OuterRef("currency"), side=OpenItem.Side.CREDIT,
        kind=OpenItem.Kind.RECEIPT, open_amount__gt=0,
    ).order_by().values("customer")  # fmt: skip
    return rows.select_related("customer", "entity", "item", "asked_by", "approved_by", "ended_by").annotate(
        recovered=Coalesce(Subquery(lines.annotate(sum=CAME).values("sum")), NOTHING),
        on_account=Coalesce(Subquery(credits.annotate(sum=Sum("open_amount")).values("sum")), NOTHING),
    )


def state_of(write_off: WriteOff, recovered: Decimal) -> str:
    """Where a write-off stands, in words."""
    if write_off.ended_on is not None:
        return "reversed" if write_off.item_id else "dropped"
    if write_off.item_id is None:
        return "waits"
    if not recovered:
        return "written off"
    return "recovered" if recovered == write_off.amount else "partly recovered"


def with_states(rows: Iterable[WithSums]) -> list[tuple[WriteOff, str]]:
    """Each with where it stands."""
    return [(row, state_of(row, row.recovered)) for row in rows]


@dataclass(frozen=True, slots=True)
class WrittenLine:
    """A line with what came in of it and what was claimed back."""

    line: WriteOffItem
    recovered: Decimal
    relief: TaxRelief | None

    @property
    def left(self) -> Decimal:
        """What was not recovered."""
        left: Decimal = self.line.amount - self.recovered
        return left

    @property
    def relief_left(self) -> Decimal:
        """The tax in what was not recovered: what could be claimed back now."""
        if self.relief is not None:
            return ZERO
        currency = self.line.item.currency
        return tax_in(written_off=self.left, gross=self.line.amount, tax=self.line.tax, currency=currency)

    def may_claim(self, on: date) -> bool:
        """Whether the tax may be claimed back on a day."""
        line = self.line
        if line.relief_from_on is None or line.relief_until_on is None or not self.relief_left:
            return False
        return ReliefDates(line.relief_from_on, line.relief_until_on).may_claim(on)


def written_lines(rows: QuerySet[WriteOffItem]) -> list[WrittenLine]:
    """Lines with what became of them, in one statement."""
    rows = rows.select_related("item", "relief__claimed_by", "write_off__customer", "write_off__item")
    rows = rows.annotate(came=Coalesce(CAME, NOTHING)).order_by("item__due_on", "pk")
    return [WrittenLine(row, row.came, getattr(row, "relief", None)) for row in rows]


def relief_lines(entity: LegalEntity) -> QuerySet[WriteOffItem]:
    """Lines of write-offs that stand, with tax that was not claimed back yet; the next to lapse first."""
    rows = WriteOffItem.objects.filter(
        write_off__entity=entity, write_off__item__isnull=False, write_off__ended_on=None, relief=None,
        relief_until_on__isnull=False,
    )  # fmt: skip
    return rows


def recoveries_of(write_off: WriteOff) -> QuerySet[Recovery]:
    """What came in of a write-off, the undone ones too, in one statement."""
    rows = Recovery.objects.filter(line__write_off=write_off).order_by("line__item__due_on", "line", "pk")
    return rows.select_related("receipt", "line__item", "recovered_by", "ended_by")


def recoveries_settled_as(items: Iterable[int]) -> QuerySet[Recovery]:
    """What was recovered as these items and not undone."""
    rows = Recovery.objects.filter(item__in=list(items), ended_on=None).order_by("pk")
    return rows.select_related("line__write_off__entity", "line__write_off__customer", "item")


def receipts_on_account(write_off: WriteOff) -> QuerySet[OpenItem]:
    """Money of the customer that is not applied, in the currency of the write-off."""
    rows = OpenItem.objects.filter(
        customer=write_off.customer, currency=write_off.currency, side=OpenItem.Side.CREDIT,
        kind=OpenItem.Kind.RECEIPT, open_amount__gt=0,
    )  # fmt: skip
    return rows.order_by("posted_on", "pk")


def written_off_of(customer: Customer) -> QuerySet[WithSums]:
    """Every write-off of a customer, the latest first."""
    return with_recovered(WriteOff.objects.filter(customer=customer)).order_by("-pk")


def sums_of(rows: QuerySet[WithSums]) -> list[tuple[Money, Money]]:
    """What the write-offs of a list come to and what of it came in, per currency."""
    keys = rows.order_by().values("pk")
    lines = WriteOffItem.objects.filter(write_off__in=keys).order_by("write_off__currency")
    written = dict(lines.values_list("write_off__currency").annotate(sum=Sum("amount")))
    came = dict(lines.values_list("write_off__currency").annotate(sum=Coalesce(CAME, NOTHING)))
    return [(Money(amount, currency), Money(came[currency], currency)) for currency, amount in written.items()]
