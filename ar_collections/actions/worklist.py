"""The worklist: ranked anew, customers handed out, put off, claimed."""

from collections.abc import Iterable, Sequence
from datetime import date

from django.db import transaction

from ar_collections.actions.portfolios import reassign_customers
from ar_collections.models import WorkAssignment, WorkClaim, WorkSnooze
from ar_collections.queries.portfolios import Move
from ar_collections.queries.rules import rules_of
from ar_collections.ranking import rank
from ar_collections.segments import FINAL, RECURRING
from ar_collections.sources import sources
from core import clock
from core.audit import audit
from core.errors import Refused
from core.models import LegalEntity, User
from core.permissions import require
from customers.models import Customer, lock_many
from ledger.models import OpenItem

AT_ONCE = 5000


@transaction.atomic
def refresh_worklist(*, by: User, entity: LegalEntity, today: date, customers: Sequence[int] | None = None) -> int:
    """Rank every customer of a company anew, or some of them; returns how many stand on the list of those asked."""
    require(by, "collections.refresh_worklist", entity)
    kinds = _kinds(_owing(entity) if customers is None else customers)
    finals = [item for item, kind in kinds if kind == FINAL]
    recurring = [item for item, kind in kinds if kind == RECURRING]
    return rank(entity.pk, today, customers, finals=finals, recurring=recurring, risks=rules_of(entity).risks)


@transaction.atomic
def assign_customers(
    *, by: User, entity: LegalEntity, customers: Iterable[Customer], collector: User
) -> list[WorkAssignment]:
    """Hand customers to one collector. Whose they were before stays known."""
    require(by, "collections.assign_customers", entity)
    moves = [Move(customer, collector) for customer in customers]
    return reassign_customers(by=by, entity=entity, moves=moves)


@transaction.atomic
def snooze_customer(*, by: User, customer: Customer, until_on: date, snoozed_on: date, reason: str = "") -> WorkSnooze:
    """Put a customer off to a day. The day itself, or one that is over, brings them back at once."""
    require(by, "collections.snooze_customer", customer.entity)
    [customer] = lock_many([customer])
    latest = WorkSnooze.objects.filter(customer=customer).order_by("-pk").first()
    if latest is not None and latest.until_on == until_on:
        return latest
    if latest is None and until_on <= snoozed_on:
        raise Refused(f"{customer.name} isn't put off. Choose a day to come.")
    snooze = WorkSnooze.objects.create(customer=customer, until_on=until_on, reason=reason.strip()[:200], snoozed_by=by)

    audit(by, "customer.snoozed", customer, entity=customer.entity, after={"until_on": until_on}, reason=snooze.reason)
    return snooze


@transaction.atomic
def claim_customer(*, by: User, customer: Customer) -> WorkClaim:
    """Say that one is at a customer now, so that the next person sees it. Nobody is stopped by it."""
    require(by, "collections.log_call", customer.entity)
    claim, is_new = WorkClaim.objects.select_for_update().get_or_create(
        customer=customer, defaults={"by": by, "at": clock.now()}
    )
    if not is_new and (claim.by_id == by.pk or claim.is_over(clock.now())):
        claim.by, claim.at = by, clock.now()
        claim.save(update_fields=["by", "at"])
    return claim


def _owing(entity: LegalEntity) -> list[int]:
    rows = OpenItem.objects.filter(entity=entity, side=OpenItem.Side.DEBIT).exclude(open_amount=0)
    return list(rows.order_by("customer_id").values_list("customer_id", flat=True).distinct())


def _kinds(customers: Sequence[int]) -> list[tuple[int, str]]:
    """Finals and recurring documents, as the rooms above know them."""
    found: dict[int, str] = {}
    for start in range(0, len(customers), AT_ONCE):
        for source in sources():
            found.update(source.kinds(customers[start : start + AT_ONCE]))
    return list(found.items())
