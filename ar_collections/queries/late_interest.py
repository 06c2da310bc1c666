"""What has accrued for late payment and was neither charged nor waived, document by document."""

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from django.db.models import Exists, F, Max, OuterRef, Q, QuerySet, Sum

from ar_collections.late_interest import (
    DAY,
    Debt,
    Method,
    NoReferenceRate,
    Part,
    Standstill,
    WorkingLine,
    compensation_of,
    interest_of,
    working_of,
)
from ar_collections.models import Dispute, LateCharge, LateChargeLine, LateTerms, PlanItem
from ar_collections.queries.late_terms import TermsBook, terms_book
from core.models import LegalEntity
from core.money import ZERO, Money
from core.rates import NoRate
from customers.models import Customer
from ledger.models import Allocation, OpenItem

OWED = (OpenItem.Kind.INVOICE, OpenItem.Kind.DEBIT_NOTE, OpenItem.Kind.OPENING)


@dataclass(frozen=True, slots=True)
class Accrued:
    """What a document bears that nobody has decided on; `problem` says why it can't be worked out."""

    item: OpenItem
    terms: LateTerms
    lines: Sequence[WorkingLine] = ()
    compensation: Decimal = ZERO
    problem: str = ""

    @property
    def interest(self) -> Decimal:
        """What the lines add up to."""
        return sum((line.amount for line in self.lines), ZERO)

    @property
    def total(self) -> Money:
        """Interest and compensation."""
        return Money(self.interest + self.compensation, self.item.currency)

    @property
    def first_on(self) -> date:
        """The first day that it is about."""
        return self.lines[0].span.first_on

    @property
    def last_on(self) -> date:
        """The last day that bears something; days after it stay free for what may still come."""
        return max(line.span.last_on for line in self.lines)


@dataclass(frozen=True)
class Known:
    """What bears on the interest of some documents, by document."""

    book: TermsBook
    parts: Mapping[int, Sequence[Part]]
    credited: Mapping[int, Decimal]
    standstills: Mapping[int, Sequence[Standstill]]
    decided: Mapping[int, date] = field(default_factory=dict)
    compensated: Collection[int] = frozenset()

    def debt(self, item: OpenItem) -> Debt:
        """A document in the parts in which it was paid; what was credited never was owed."""
        paid = list(self.parts.get(item.pk, ()))
        left = item.amount - self.credited.get(item.pk, ZERO) - sum((part.amount for part in paid), ZERO)
        return Debt(item.due_on, item.currency, [*paid, Part(left)], self.standstills.get(item.pk, ()))


def accrued_of(
    entity: LegalEntity, customers: Sequence[int], *, as_of: date, items: Sequence[int] | None = None
) -> dict[int, list[Accrued]]:
    """Per customer what has accrued up to a day and nobody has decided on, in as many statements as for one."""
    book = terms_book(entity, customers)
    rows = list(late_items(entity, book, as_of=as_of).filter(customer__in=customers).order_by("due_on", "pk"))
    rows = [row for row in rows if items is None or row.pk in items]
    known = known_of(book, rows, as_of)
    found: dict[int, list[Accrued]] = defaultdict(list)
    for item in rows:
        each = _accrued(known, item, as_of)
        if each is not None and (each.problem or each.total):
            found[item.customer_id].append(each)
    return found


def late_items(entity: LegalEntity, book: TermsBook, *, as_of: date) -> QuerySet[OpenItem]:
    """Documents that are paid late or not yet, but for charges of interest: interest bears none."""
    rows = OpenItem.objects.filter(
        entity=entity, side=OpenItem.Side.DEBIT, kind__in=OWED, posted_on__lte=as_of, due_on__lt=as_of,
        late_charge=None,
    )  # fmt: skip
    if book.first_on is None:
        return rows.none()
    decided = LateChargeLine.objects.filter(item=OuterRef("pk"), counts=True).filter(
        charge__decided_on__gte=OuterRef("settled_on")
    )
    late = Q(open_amount__gt=0) | Q(settled_on__gt=F("due_on")) & ~Exists(decided)
    return rows.filter(late, due_on__gte=book.first_on - DAY).select_related("customer", "entity")


def _accrued(known: Known, item: OpenItem, as_of: date) -> Accrued | None:
    row = known.book.of(item.customer_id, item.due_on + DAY)
    if row is None or row.method == Method.NONE and not row.tiers:
        return None
    debt, after = known.debt(item), known.decided.get(item.pk, item.due_on)
    try:
        terms = known.book.arithmetic(row, item.currency)
        lines = working_of(debt, terms, after=after, until=as_of, as_of=as_of)
    except (NoReferenceRate, NoRate) as refusal:
        return Accrued(item, row, problem=refusal.message)
    owes = lines and item.pk not in known.compensated
    return Accrued(item, row, lines, compensation_of(debt, terms, until=as_of) if owes else ZERO)


def due_now(known: Known, line: LateChargeLine, as_of: date) -> tuple[Decimal, Decimal]:
    """What the days of a line come to by what is known now: interest and compensation."""
    terms = known.book.arithmetic(line.terms, line.item.currency)
    debt = known.debt(line.item)
    interest = interest_of(debt, terms, after=line.first_on - DAY, until=line.last_on, as_of=as_of)
    return interest, compensation_of(debt, terms, until=line.last_on)


# What is known of documents ------------------------------------------------------------------------------------------


def known_of(book: TermsBook, rows: Sequence[OpenItem], as_of: date) -> Known:
    """Payments by the day on which they were received, credits, disputes, waivers by plans, and what was decided."""
    keys = [row.pk for row in rows]
    lines = LateChargeLine.objects.filter(item__in=keys, counts=True).order_by()
    parts, credited = _paid(keys, as_of)
    return Known(
        book,
        parts,
        credited,
        _standstills(keys, as_of),
        dict(lines.values_list("item").annotate(last=Max("last_on"))),
        frozenset(lines.filter(compensation__gt=0).values_list("item_id", flat=True)),
    )


def _paid(keys: Sequence[int], as_of: date) -> tuple[dict[int, list[Part]], dict[int, Decimal]]:
    """Allocations that stand: money by the day of its receipt, credit notes apart. What was undone never counted."""
    rows = Allocation.objects.filter(debit_item__in=keys, reverses=None, reversed_by=None, allocated_on__lte=as_of)
    columns = ("debit_item_id", "credit_item__kind", "credit_item__document_on", "allocated_on", "amount")
    parts: dict[int, list[Part]] = defaultdict(list)
    credited: dict[int, Decimal] = defaultdict(Decimal)
    for item, kind, document_on, allocated_on, amount in rows.order_by("pk").values_list(*columns):
        if kind == OpenItem.Kind.CREDIT_NOTE:
            credited[item] += amount
        else:
            received_on = min(document_on, allocated_on) if kind == OpenItem.Kind.RECEIPT else allocated_on
            parts[item].append(Part(amount, received_on))
    return parts, credited


def _standstills(keys: Sequence[int], as_of: date) -> dict[int, list[Standstill]]:
    """Amounts while they are contested, and while a plan that waives interest is kept."""
    found: dict[int, list[Standstill]] = defaultdict(list)
    disputes = Dispute.objects.filter(item__in=keys, opened_on__lte=as_of).order_by("pk")
    for item, amount, opened_on, closed_on in disputes.values_list("item_id", "amount", "opened_on", "closed_on"):
        _hold(found[item], amount, opened_on, closed_on)
    plans = PlanItem.objects.filter(item__in=keys, plan__interest_waived=True, plan__approved_on__lte=as_of)
    columns = ("item_id", "amount", "plan__approved_on", "plan__ended_on")
    for item, amount, approved_on, ended_on in plans.order_by("pk").values_list(*columns):
        _hold(found[item], amount, approved_on, ended_on)
    return found


def _hold(found: list[Standstill], amount: Decimal, first_on: date, ended_on: date | None) -> None:
    if ended_on is None or ended_on > first_on:
        found.append(Standstill(amount, first_on, ended_on - DAY if ended_on else None))


# Lists ---------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class LateRow:
    """A customer who pays late, with what has accrued, per currency."""

    customer: Customer
    documents: int
    accrued: Sequence[Accrued]

    @property
    def sums(self) -> list[Money]:
        """What has accrued, per currency."""
        return totals_of(self.accrued)

    @property
    def problem(self) -> str:
        """Why something of it can't be worked out."""
        return next((each.problem for each in self.accrued if each.problem), "")


def totals_of(accrued: Sequence[Accrued]) -> list[Money]:
    """What has accrued, per currency."""
    sums: dict[str, Decimal] = {}
    for each in accrued:
        sums[each.item.currency] = sums.get(each.item.currency, ZERO) + each.total.amount
    return [Money(amount, currency) for currency, amount in sorted(sums.items()) if amount]


def late_claims(customer: Customer, items: Sequence[int], *, as_of: date) -> list[tuple[Money, Money]]:
    """What a notice claims for late payment of some documents: interest and compensation, per currency."""
    found: dict[str, tuple[Decimal, Decimal]] = {}
    for each in accrued_of(customer.entity, [customer.pk], as_of=as_of, items=items).get(customer.pk, []):
        interest, compensation = found.get(each.item.currency, (ZERO, ZERO))
        found[each.item.currency] = (interest + each.interest, compensation + each.compensation)
    return [
        (Money(one, currency), Money(two, currency)) for currency, (one, two) in sorted(found.items()) if one or two
    ]


def late_customers(entity: LegalEntity, *, as_of: date, query: str = "") -> QuerySet[Customer]:
    """Customers with documents that are paid late, whoever is late with the most first."""
    book = TermsBook(list(LateTerms.objects.filter(entity=entity)), {}, {})
    late = late_items(entity, book, as_of=as_of)
    rows = Customer.objects.filter(entity=entity, open_items__in=late).annotate(late=Sum("open_items__base_amount"))
    for word in query.lower().split():
        rows = rows.filter(search_text__contains=word)
    return rows.order_by("-late", "pk")


def late_rows(entity: LegalEntity, customers: Sequence[Customer], *, as_of: date) -> Iterator[LateRow]:
    """What has accrued for some customers; those for whom nothing is left out."""
    found = accrued_of(entity, [customer.pk for customer in customers], as_of=as_of)
    for customer in customers:
        if own := found.get(customer.pk):
            yield LateRow(customer, len(own), own)


@dataclass(frozen=True, slots=True)
class LateChargeQuestion:
    """Which charges and waivers a list shows."""

    entity: LegalEntity
    state: str = "charged"
    query: str = ""


STATES = {
    "charged": Q(kind="charged", taken_back_on=None),
    "waived": Q(kind="waived", taken_back_on=None, decided_on__isnull=False),
    "waits": Q(kind="waived", taken_back_on=None, decided_on=None),
    "back": Q(taken_back_on__isnull=False),
    "all": Q(),
}


def late_charge_list(question: LateChargeQuestion) -> QuerySet[LateCharge]:
    """Charges and waivers, the latest first."""
    rows = LateCharge.objects.filter(STATES[question.state], entity=question.entity)
    if question.query:
        about = Q(customer__name__icontains=question.query) | Q(customer__code__iexact=question.query)
        rows = rows.filter(about | Q(item__number__icontains=question.query))
    return rows.select_related("customer", "item", "asked_by", "decided_by").order_by("-pk")
