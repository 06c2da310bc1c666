"""What open items in foreign currency are worth at the end of a month. Asked for a preview, and before posting."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.db.models import Count, QuerySet, Sum

from core.errors import Refused
from core.models import LegalEntity
from core.money import ZERO, round_to_currency
from core.rates import rate_on
from ledger.balances import open_items
from ledger.models import Account, JournalLine, OpenItem, RevaluedItem


@dataclass(frozen=True, slots=True)
class Unrealised:
    """One item: open in its currency, carried in the books, worth at the closing rate. A credit counts negative."""

    item: OpenItem
    open_amount: Decimal
    carried: Decimal
    worth: Decimal
    posted_before: Decimal

    @property
    def difference(self) -> Decimal:
        """What the books gain (or lose, negative) by the closing rate."""
        return self.worth - self.carried

    @property
    def to_post(self) -> Decimal:
        """What no revaluation of this month has posted yet."""
        return self.difference - self.posted_before


def unrealised(*, entity: LegalEntity, customers: Sequence[int], month_end: date) -> Iterator[Unrealised]:
    """The items of these customers that were open in foreign currency at the end of a month.

    Those that were revalued and are open no more, because something was dated back, come with what is to be undone.
    """
    items = open_items(entity=entity, as_of=month_end).filter(customer__in=customers).exclude(currency=entity.currency)
    posted = _posted(entity, customers, month_end)
    rates: dict[str, Decimal] = {}
    rows: Any = items.select_related("customer").order_by("currency", "customer_id", "pk")
    for item in rows:
        if item.currency not in rates:
            rates[item.currency] = rate_on(item.currency, entity.currency, month_end)
        worth = round_to_currency(item.open_then * rates[item.currency], entity.currency)
        yield Unrealised(
            item=item,
            open_amount=item.sign * item.open_then,
            carried=item.sign * item.base_open_then,
            worth=item.sign * worth,
            posted_before=posted.pop(item.pk, ZERO),
        )
    gone = OpenItem.objects.filter(pk__in=[pk for pk, amount in posted.items() if amount]).select_related("customer")
    for item in gone.order_by("currency", "pk"):
        yield Unrealised(item, ZERO, ZERO, ZERO, posted[item.pk])


def customers_in_foreign_currency(entity: LegalEntity, month_end: date, at_once: int) -> list[list[int]]:
    """The customers with something to revalue, in groups of at most so many items."""
    items = open_items(entity=entity, as_of=month_end).exclude(currency=entity.currency)
    held = dict(items.order_by("customer_id").values_list("customer_id").annotate(Count("pk")))
    for pk in _revalued(entity, month_end).values_list("item__customer_id", flat=True).distinct():
        held.setdefault(pk, 1)
    groups: list[list[int]] = []
    room = 0
    for pk, count in sorted(held.items()):
        if not groups or count > room:
            groups.append([])
            room = at_once
        groups[-1].append(pk)
        room -= count
    return groups


def _revalued(entity: LegalEntity, month_end: date) -> QuerySet[RevaluedItem]:
    return RevaluedItem.objects.filter(revaluation__entity=entity, revaluation__month_end=month_end)


def _posted(entity: LegalEntity, customers: Sequence[int], month_end: date) -> dict[int, Decimal]:
    rows = _revalued(entity, month_end).filter(item__customer__in=customers)
    return dict(rows.order_by("item").values_list("item").annotate(Sum("posted")))


# For people ----------------------------------------------------------------------------------------------------------


@dataclass(slots=True)
class CurrencyWorking:
    """What a month's closing rate does to the items of one currency; `refusal` where no rate is known."""

    currency: str
    rate: Decimal | None = None
    refusal: str = ""
    items: int = 0
    open_amount: Decimal = ZERO
    carried: Decimal = ZERO
    worth: Decimal = ZERO
    posted_before: Decimal = ZERO

    @property
    def difference(self) -> Decimal:
        """Gain, or loss where negative."""
        return self.worth - self.carried

    @property
    def to_post(self) -> Decimal:
        """What is not in the books yet."""
        return self.difference - self.posted_before


def preview(entity: LegalEntity, month_end: date, customers: Iterable[int]) -> list[CurrencyWorking]:
    """What the revaluation of a month would post, by currency. A missing rate is told instead."""
    currencies = open_items(entity=entity, as_of=month_end).exclude(currency=entity.currency)
    found: dict[str, CurrencyWorking] = {}
    for currency in currencies.order_by("currency").values_list("currency", flat=True).distinct():
        found[currency] = CurrencyWorking(currency)
        try:
            found[currency].rate = rate_on(currency, entity.currency, month_end)
        except Refused as refusal:
            found[currency].refusal = refusal.message
    if any(row.refusal for row in found.values()):
        return list(found.values())
    for one in unrealised(entity=entity, customers=list(customers), month_end=month_end):
        row = found.setdefault(one.item.currency, CurrencyWorking(one.item.currency))
        row.items += 1
        row.open_amount += one.open_amount
        row.carried += one.carried
        row.worth += one.worth
        row.posted_before += one.posted_before
    return [found[currency] for currency in sorted(found)]


@dataclass(frozen=True, slots=True)
class Tie:
    """The working of a month against the account that holds it at the month's end."""

    working: Decimal
    account: Decimal

    @property
    def difference(self) -> Decimal:
        """Nil, unless something was posted to the account by another way."""
        return self.account - self.working


def tie_of(entity: LegalEntity, month_end: date) -> Tie:
    """Prove the working of a month: its items come to what stands on the account on the last day."""
    working = _revalued(entity, month_end).aggregate(sum=Sum("posted"))["sum"] or ZERO
    lines = JournalLine.objects.filter(
        account__entity=entity, account__role=Account.Role.RECEIVABLES_REVALUATION, posted_on__lte=month_end
    )
    sums = lines.aggregate(debit=Sum("base_debit"), credit=Sum("base_credit"))
    return Tie(working, (sums["debit"] or ZERO) - (sums["credit"] or ZERO))
