"""Receipts: lists, what each paid, and what became of it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.db.models import Count, Q, QuerySet, Sum

from cashapp.models import (
    BankStatementLine,
    Correction,
    MatchDecision,
    Receipt,
    ReceiptExchange,
    UnidentifiedReceipt,
)
from cashapp.queries.exchanges import realised_by
from core.models import LegalEntity, User
from core.money import Money, amount_in
from ledger.models import Allocation, OpenItem


@dataclass(frozen=True, slots=True)
class Paid:
    """What a receipt pays of a document, and since when; `exchange` where the document is in another currency."""

    item: OpenItem
    amount: Decimal
    allocated_on: date
    exchange: ReceiptExchange | None = None
    realised: Money | None = None

    @property
    def realised_in_words(self) -> str:
        """What an exchange gained or lost, where it did."""
        if not self.realised:
            return ""
        amount = Money(abs(self.realised.amount), self.realised.currency)
        return f"{amount} {'gained' if self.realised.amount > 0 else 'lost'} by the rate"


def payments_of_receipt(receipt: Receipt) -> list[Paid]:
    """The documents that the receipt pays now, and the credit notes used up beside it."""
    live = Allocation.objects.filter(amount__gt=0, reversed_by=None).select_related("debit_item", "credit_item")
    own = live.filter(credit_item=receipt.item).exclude(debit_item__kind=OpenItem.Kind.RECEIPT)
    found = [Paid(each.debit_item, each.amount, each.allocated_on) for each in own.order_by("pk")]
    for each in live.filter(used_with__receipt=receipt).order_by("pk"):
        found.append(Paid(each.debit_item, each.amount, each.allocated_on))
        found.append(Paid(each.credit_item, -each.amount, each.allocated_on))
    for exchange in receipt.exchanges.filter(ended_on=None).select_related("item", "entity"):
        found.append(Paid(exchange.item, exchange.used, exchange.exchanged_on, exchange, realised_by(exchange)))
    return found


def corrections_of(receipt: Receipt) -> Sequence[Correction]:
    """What was corrected about a receipt, or made it, the latest first."""
    rows = Correction.objects.filter(Q(receipt=receipt) | Q(moved=receipt)).order_by("-pk")
    people = "corrected_by", "undone_by", "receipt__item__customer", "moved__item__customer"
    return list(rows.select_related(*people))


def trail_of(line: BankStatementLine) -> Sequence[MatchDecision]:
    """What was decided about a line, the latest first."""
    rows = MatchDecision.objects.filter(line=line).select_related("decided_by", "receipt__item__customer")
    return list(rows.order_by("-pk"))


def trail_behind(receipt: Receipt) -> Sequence[MatchDecision]:
    """What was decided about a receipt's bank line, or about its movement in a settlement file, the latest first."""
    if receipt.line is not None:
        return trail_of(receipt.line)
    rows = MatchDecision.objects.filter(receipt=receipt).select_related("decided_by", "receipt__item__customer")
    return list(rows.order_by("-pk"))


def receipts_of(entity: LegalEntity, by: User) -> QuerySet[Receipt]:
    """The company's receipts, the latest first."""
    rows = Receipt.objects.visible_to(by).filter(entity=entity)
    return rows.select_related("item__customer", "bank_account", "line").order_by("-received_on", "-pk")


def unapplied(entity: LegalEntity, by: User) -> QuerySet[Receipt]:
    """Receipts with money left on account, the oldest first."""
    rows = receipts_of(entity, by).filter(ended_on=None, item__open_amount__gt=0)
    return rows.order_by("received_on", "pk")


def in_suspense(entity: LegalEntity, by: User) -> QuerySet[UnidentifiedReceipt]:
    """Money that nobody knows the sender of, the oldest first."""
    rows = UnidentifiedReceipt.objects.visible_to(by).filter(entity=entity, ended_on=None)
    return rows.select_related("bank_account", "line__task__customer").order_by("received_on", "pk")


def found_receipts(rows: QuerySet[Receipt], query: str) -> QuerySet[Receipt]:
    """Those that a number, a name, a text or an exact amount finds."""
    if not query:
        return rows
    found = Q(item__number__icontains=query) | Q(item__customer__name__icontains=query) | Q(payer__icontains=query)
    found |= Q(text__icontains=query) | Q(item__customer__code__iexact=query)
    if (amount := amount_in(query)) is not None:
        found |= Q(amount=amount)
    return rows.filter(found)


def sums_per_currency(rows: QuerySet[Receipt] | QuerySet[UnidentifiedReceipt], column: str) -> list[Money]:
    """What the rows hold together."""
    totals = rows.order_by("currency").values_list("currency").annotate(total=Sum(column))
    return [Money(total, currency) for currency, total in totals]


def rules_followed(entity: LegalEntity) -> dict[str, tuple[int, int]]:
    """Per rule: how many lines were matched with its proposal before one's eyes, and how many followed it."""
    rows = MatchDecision.objects.filter(entity=entity, outcome=MatchDecision.Outcome.POSTED).exclude(rule="")
    counted = (
        rows.order_by()
        .values_list("rule")
        .annotate(lines=Count("pk"), followed=Count("pk", filter=Q(as_proposed=True)))
    )
    return {rule: (count, followed) for rule, count, followed in counted}
