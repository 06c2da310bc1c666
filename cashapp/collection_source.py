"""What collections asks before it reminds anybody: money that we hold or were told of and have not posted yet."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from decimal import Decimal
from typing import Any

from django.db.models import Exists, OuterRef, Q

from ar_collections.sources import OnItsWay, Source
from cashapp.models import Cheque, ChequeReturn, ElectronicPayment, MatchTask, PaymentFact
from cashapp.queries.payments import SIDE_STATES
from core.money import Money
from ledger.models import OpenItem

State = MatchTask.State
Kind = PaymentFact.Kind
Named = Sequence[Mapping[str, Any]]
Told = tuple[int, str, Decimal, str, Named]


class CashSource(Source):
    """Bank lines that are proposed to a customer, electronic payments and cheques, as long as no receipt holds them."""

    def on_its_way(self, customers: Sequence[int]) -> Iterable[OnItsWay]:
        yield from _bank_lines(customers)
        told = [*_payments(customers), *_cheques(customers)]
        items = _items_named(customers, told)
        for customer, currency, amount, words, documents in told:
            yield OnItsWay(customer, currency, amount, words, _by_item(items, customer, documents, amount))


def _bank_lines(customers: Sequence[int]) -> Iterator[OnItsWay]:
    """Also lines that a person has to check: whoever paid is not reminded because we are slow."""
    tasks = MatchTask.objects.filter(customer__in=customers).exclude(state=State.MATCHED).order_by("pk")
    columns = ("customer_id", "line__currency", "line__amount", "line__booked_on", "applied")
    for customer, currency, amount, booked_on, applied in tasks.values_list(*columns):
        items = {
            each["item"]: Money.from_minor(each["amount"], currency).amount for each in applied if each["amount"] > 0
        }
        yield OnItsWay(customer, currency, amount, f"Bank line of {booked_on:%d %b %Y}, not posted yet", items)


def _payments(customers: Sequence[int]) -> Iterator[Told]:
    facts = PaymentFact.objects.filter(payment=OuterRef("pk"))
    done = facts.filter(Q(kind=Kind.POSTED, receipt__ended_on=None) | Q(kind__in=SIDE_STATES))
    rows = ElectronicPayment.objects.filter(~Exists(done), customer__in=customers).order_by("pk")
    columns = ("customer_id", "currency", "amount", "reference", "documents")
    for customer, currency, amount, reference, documents in rows.values_list(*columns):
        yield customer, currency, amount, f"Payment {reference}, not posted yet", documents


def _cheques(customers: Sequence[int]) -> Iterator[Told]:
    returned = ChequeReturn.objects.filter(cheque=OuterRef("pk"))
    rows = Cheque.objects.filter(~Exists(returned), customer__in=customers, receipt=None, unidentified=None)
    columns = ("customer_id", "currency", "amount", "number", "documents")
    for customer, currency, amount, number, documents in rows.order_by("pk").values_list(*columns):
        yield customer, currency, amount, f"Cheque {number}, to be paid in", documents


def _items_named(customers: Sequence[int], told: Sequence[Told]) -> dict[tuple[int, str], tuple[int, Decimal]]:
    numbers = {str(each.get("number", "")) for *_, documents in told for each in documents}
    if not numbers:
        return {}
    rows = OpenItem.objects.filter(customer__in=customers, number__in=numbers, side=OpenItem.Side.DEBIT)
    found = rows.values_list("customer_id", "number", "pk", "open_amount")
    return {(customer, number): (key, left) for customer, number, key, left in found}


def _by_item(
    items: Mapping[tuple[int, str], tuple[int, Decimal]], customer: int, documents: Named, amount: Decimal
) -> dict[int, Decimal]:
    """What a payer says it is for; without amounts, each document as far as the money goes."""
    found: dict[int, Decimal] = {}
    for each in documents:
        if (known := items.get((customer, str(each.get("number", ""))))) is None:
            continue
        said = each.get("amount")
        found[known[0]] = min(Decimal(str(said)) if said else known[1], amount)
    return found
