"""What is disputed: of an item, of a customer, in a company."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.db.models import Q, QuerySet, Sum

from ar_collections.models import Dispute
from core.models import LegalEntity, User
from core.money import ZERO, Money, amount_in
from customers.models import Customer

SHOWN = ("item", "customer", "owner", "opened_by", "closed_by")


def disputes_at(as_of: date) -> QuerySet[Dispute]:
    """Disputes that were open at the end of a day."""
    return Dispute.objects.filter(Q(closed_on=None) | Q(closed_on__gt=as_of), opened_on__lte=as_of)


def disputed_amounts(items: Iterable[int], *, as_of: date) -> dict[int, Decimal]:
    """Per open item: how much of it was contested at the end of a day. Items without a dispute are left out.

    It may be more than what is open of the item when the customer pays before anybody closes the dispute; `undisputed`
    takes care of that.
    """
    rows = disputes_at(as_of).filter(item__in=list(items)).order_by().values_list("item")
    return dict(rows.annotate(sum=Sum("amount")))


def undisputed(left: Decimal, disputed: Decimal | None) -> Decimal:
    """What of an open amount stays in collection."""
    return max(left - (disputed or ZERO), ZERO)


def disputed_of_customer(customer: Customer, *, as_of: date) -> list[Money]:
    """What a customer contested at the end of a day, per currency."""
    rows = disputes_at(as_of).filter(customer=customer).order_by("currency").values_list("currency")
    return [Money(amount, currency) for currency, amount in rows.annotate(sum=Sum("amount"))]


def disputes_of_item(item: int, *, by: User) -> QuerySet[Dispute]:
    """All disputes of an item, the open ones first."""
    return Dispute.objects.visible_to(by).filter(item=item).select_related(*SHOWN).order_by("outcome", "-pk")


@dataclass(frozen=True, slots=True)
class DisputeQuestion:
    """What a list of disputes shows."""

    entity: LegalEntity
    as_of: date
    state: str = "open"
    reason: str = ""
    department: str = ""
    query: str = ""
    customer: str = ""
    item: int | None = None


def dispute_list(question: DisputeQuestion, *, by: User) -> QuerySet[Dispute]:
    """The disputes that a question asks for, the most urgent first; closed ones the latest first."""
    rows = Dispute.objects.visible_to(by).filter(entity=question.entity, opened_on__lte=question.as_of)
    rows = rows.filter(_in_state(question.state, question.as_of))
    if question.reason:
        rows = rows.filter(reason=question.reason)
    if question.department:
        rows = rows.filter(department=question.department)
    if question.customer:
        rows = rows.filter(customer__code=question.customer)
    if question.item:
        rows = rows.filter(item=question.item)
    if question.query:
        rows = rows.filter(_holds(question.query))
    order = ("-closed_on", "-pk") if question.state == "closed" else ("due_on", "pk")
    return rows.select_related(*SHOWN).order_by(*order)


def _in_state(state: str, as_of: date) -> Q:
    is_open = Q(closed_on=None) | Q(closed_on__gt=as_of)
    if state == "late":
        return is_open & Q(due_on__lt=as_of)
    if state == "closed":
        return Q(closed_on__lte=as_of)
    return Q() if state == "all" else is_open


def _holds(query: str) -> Q:
    found = Q(item__number__icontains=query) | Q(customer__name__icontains=query) | Q(note__icontains=query)
    found |= Q(customer__code__iexact=query)
    if (amount := amount_in(query)) is not None:
        found |= Q(amount=amount)
    return found


def dispute_sums(rows: QuerySet[Dispute]) -> list[Money]:
    """What the disputes of a list come to, per currency."""
    sums = rows.order_by("currency").values_list("currency").annotate(sum=Sum("amount"))
    return [Money(amount, currency) for currency, amount in sums]
