"""Which of our collections and mandates a return is about, by what was told of it. Nothing is guessed: one or none."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from django.db.models import Q, QuerySet

from core.models import LegalEntity
from core.money import Money
from core.payment_files import block_name
from directdebit.models import Collection, Mandate, ReturnedDebit, Submission
from directdebit.output import sequences_of_block

State = Collection.State
# What can come back: it left the house, and did not come back before.
SENT = (State.SUBMITTED, State.PRESUMED_PAID, State.CONFIRMED_PAID)
CAME_BACK = (State.RETURNED, State.CLAIMED, State.RE_PRESENTED, State.CLOSED)
# The bank's day of processing and our day of collection lie up to a long weekend apart.
DAYS_APART = timedelta(days=6)


@dataclass(frozen=True, slots=True)
class Told:
    """What helps to find it: the bank's references, the amount and the day of the collection."""

    entity: LegalEntity
    mandate_reference: str = ""
    collection_reference: str = ""
    amount: Decimal | None = None
    currency: str = ""
    collected_on: date | None = None

    @classmethod
    def of(cls, returned: ReturnedDebit) -> "Told":
        """What a return that was written down tells."""
        return cls(
            returned.entity,
            returned.mandate_reference,
            returned.collection_reference,
            returned.amount,
            returned.currency,
            returned.collected_on,
        )

    @property
    def label(self) -> str:
        """What a sentence calls it."""
        amount = f"{Money(self.amount, self.currency)} " if self.amount is not None and self.currency else ""
        by = f"on mandate {self.mandate_reference}" if self.mandate_reference else f"{self.collection_reference}"
        around = f" around {self.collected_on:%d %b %Y}" if self.collected_on else ""
        return f"{amount}{by}{around}".strip()


@dataclass(frozen=True, slots=True)
class Found:
    """The mandate and the collection, or why neither is certain. `came_back` says that it was returned before."""

    mandate: Mandate | None = None
    collection: Collection | None = None
    why_not: str = ""
    came_back: bool = False


def find_mandate(told: Told) -> Found:
    """The mandate by its reference, the one that is live before those that ended."""
    rows = (
        Mandate.objects.filter(entity=told.entity, reference=told.mandate_reference) if told.mandate_reference else ()
    )
    found = sorted(rows, key=lambda mandate: (not mandate.is_ended, mandate.pk), reverse=True)
    live = [mandate for mandate in found if not mandate.is_ended]
    if not found:
        return _mandate_of_collection(told)
    if len(live) > 1:
        return Found(why_not=f"More than one live mandate has the reference “{told.mandate_reference}”.")
    return Found(mandate=found[0])


def _mandate_of_collection(told: Told) -> Found:
    """ACH tells of changes by what stood in the entry, which is our collection's reference."""
    collection = _by_reference(_collections(told.entity), told).first()
    if collection is None:
        return Found(why_not=f"No mandate of {told.entity.name} has the reference “{told.mandate_reference}”.")
    return Found(mandate=collection.mandate)


def find_collection(told: Told) -> Found:
    """The collection: by its own reference, else by mandate, amount and day.

    An ACH return names the bank's trace number, and our own reference in the place of the mandate's.
    """
    rows = _collections(told.entity)
    by_name = list(_by_reference(rows, told))
    if by_name:
        return _one(by_name, told)
    if not told.mandate_reference:
        return Found(why_not=f"No collection of {told.entity.name} is called “{told.collection_reference}”.")
    mandates = Mandate.objects.filter(entity=told.entity, reference=told.mandate_reference)
    if not mandates.exists():
        return find_mandate(told)
    return _one(_around(rows.filter(mandate__in=mandates), told), told)


def candidates(told: Told) -> QuerySet[Collection]:
    """Collections that a person may choose from: of that amount, around that day, not come back yet."""
    rows = _collections(told.entity).filter(state__in=SENT)
    if told.amount is not None:
        rows = rows.filter(amount=told.amount)
    if told.collected_on:
        rows = rows.filter(collect_on__range=(told.collected_on - 5 * DAYS_APART, told.collected_on + 5 * DAYS_APART))
    return rows.order_by("-collect_on", "-pk")


def collections_of_batch(entity: LegalEntity, reference: str) -> QuerySet[Collection]:
    """Everything that left in the file of this name, or in the payment block of this name of a SEPA file."""
    rows = Collection.objects.filter(submission__entity=entity).order_by("pk")
    if Submission.objects.filter(entity=entity, name=reference).exists():
        return rows.filter(submission__name=reference)
    submission, place = _block_named(entity, reference)
    if submission is None:
        return rows.none()
    return rows.filter(submission=submission, sequence__in=sequences_of_block(_sequences(submission), place))


def _block_named(entity: LegalEntity, reference: str) -> tuple[Submission | None, int]:
    """The file and the place in it of a block; a name that was too long stands shortened before its place."""
    stem, _, place = reference.rpartition("-")
    if not stem or not place.isdecimal() or len(place) > 3:
        return None, 0
    rows = Submission.objects.filter(entity=entity, name__startswith=stem).order_by("-pk")
    found = (row for row in rows if block_name(row.name, int(place)) == reference)
    return next(found, None), int(place)


def _sequences(submission: Submission) -> set[str]:
    return set(submission.collections.order_by().values_list("sequence", flat=True))


def _collections(entity: LegalEntity) -> QuerySet[Collection]:
    return Collection.objects.filter(entity=entity).select_related(
        "mandate__creditor__bank_account", "customer__entity", "receipt__item", "entity"
    )


def _by_reference(rows: QuerySet[Collection], told: Told) -> QuerySet[Collection]:
    """By its own reference or the provider's name for it, where nothing is told by neither."""
    names = [name for name in (told.collection_reference, told.mandate_reference) if name]
    named = Q(reference__in=names)
    if told.collection_reference:
        named |= Q(provider_identifier=told.collection_reference)
    return rows.filter(named).order_by("-pk")


def _around(rows: QuerySet[Collection], told: Told) -> list[Collection]:
    """Those of the amount near the day, the nearest first; without a day only what is still on its way back."""
    if told.amount is not None:
        rows = rows.filter(amount=told.amount)
    if told.collected_on is None:
        return list(rows.filter(state__in=SENT).order_by("-collect_on")[:2])
    near = rows.filter(collect_on__range=(told.collected_on - DAYS_APART, told.collected_on + DAYS_APART))
    day = told.collected_on
    return sorted(near, key=lambda one: (abs(one.collect_on - day), one.pk))


def _one(found: Sequence[Collection], told: Told) -> Found:
    """The nearest that was sent and has not come back; else one that came back before."""
    out = [one for one in found if one.state in SENT]
    if out:
        first = out[0]
        if len(out) > 1 and not _is_nearer(out[0], out[1], told):
            return Found(why_not=f"More than one collection fits {told.label}. Choose which it is.")
        return _checked(first, told)
    back = [one for one in found if one.state in CAME_BACK]
    if back:
        return Found(back[0].mandate, back[0], came_back=True)
    if found:
        return Found(found[0].mandate, why_not=f"{found[0]} was not sent yet, so that nothing of it can come back.")
    return Found(why_not=f"No collection fits {told.label}.")


def _is_nearer(first: Collection, second: Collection, told: Told) -> bool:
    """Two equal collections of one day are as good as each other: the older comes back first."""
    if told.collected_on is None:
        return False
    return first.collect_on != second.collect_on or first.mandate_id == second.mandate_id


def _checked(collection: Collection, told: Told) -> Found:
    if told.amount is not None and told.amount != collection.amount:
        other = Money(told.amount, told.currency or collection.currency)
        return Found(collection.mandate, why_not=f"{collection} drew {collection.money}, but {other} came back.")
    return Found(collection.mandate, collection)
