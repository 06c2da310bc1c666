"""Returned debits and follow-ups as lists, and what a report would do before it is taken in."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from django.db.models import Count, Q, QuerySet

from core.models import LegalEntity, StoredFile, User
from core.money import amount_in
from directdebit.models import FollowUp, ReturnedDebit, ReturnReport
from directdebit.queries.finding import Found, Told, find_collection, find_mandate
from directdebit.returns import Advice
from directdebit.returns.reasons import FollowUpKind, MandateEffect, Reason, reason_of

EFFECTS = {
    MandateEffect.KEEP: "the mandate stays",
    MandateEffect.STOP: "the mandate ends",
    MandateEffect.SUSPEND: "the mandate is paused",
    MandateEffect.AMEND: "the mandate is paused until the new details are in",
    MandateEffect.RESUME: "the mandate lives again",
}


@dataclass(frozen=True, slots=True)
class ToldLine:
    """One line of a report with what would follow from it; `why` says that it would wait for a person."""

    advice: Advice
    meaning: str
    customer: str
    follows: str
    why: str


def returns_of(entity: LegalEntity, by: User) -> QuerySet[ReturnedDebit]:
    """The company's returned debits, the latest first."""
    rows = ReturnedDebit.objects.visible_to(by).filter(entity=entity)
    return rows.select_related("mandate__customer", "collection").order_by("-pk")


def found_returns(rows: QuerySet[ReturnedDebit], query: str) -> QuerySet[ReturnedDebit]:
    """Those that a customer, a payer, a reference or an exact amount finds."""
    if not query:
        return rows
    found = Q(mandate__customer__name__icontains=query) | Q(payer__icontains=query)
    found |= Q(mandate_reference__icontains=query) | Q(collection_reference__icontains=query)
    if (amount := amount_in(query)) is not None:
        found |= Q(amount=amount)
    return rows.filter(found)


def counted_states(entity: LegalEntity, by: User) -> dict[str, int]:
    """How many stand where."""
    rows = ReturnedDebit.objects.visible_to(by).filter(entity=entity).order_by()
    return dict(rows.values_list("state").annotate(Count("pk")))


def follow_ups_of(entity: LegalEntity, by: User) -> QuerySet[FollowUp]:
    """What is to be done, the most urgent first."""
    rows = FollowUp.objects.visible_to(by).filter(entity=entity, done_on=None)
    return rows.select_related("customer", "returned").order_by("due_on", "pk")


def counted_owners(entity: LegalEntity, by: User) -> dict[str, int]:
    """How many wait for whom."""
    return dict(follow_ups_of(entity, by).order_by().values_list("owner").annotate(Count("pk")))


def meaning_of(codes: str, code: str) -> str:
    """What a code means, in words."""
    reason = reason_of(codes, code)
    return reason.meaning if reason else "Not a code that we know"


def report_of_file(file: StoredFile) -> ReturnReport | None:
    """The report as which the same content was taken in before."""
    rows = ReturnReport.objects.select_related("taken_in_by")
    return rows.filter(entity=file.entity, content_hash=file.sha256).first()


def told_lines(entity: LegalEntity, advices: Iterable[Advice]) -> Iterator[ToldLine]:
    """What taking a report in would do, line by line; nothing is written."""
    for advice in advices:
        reason = reason_of(advice.codes, advice.code)
        found = _found(entity, advice)
        customer = found.mandate.customer.name if found.mandate else ""
        why = found.why_not if reason else f"The code {advice.code} of {advice.codes} is not known."
        follows = "" if reason is None else _follows(reason, found)
        yield ToldLine(advice, meaning_of(advice.codes, advice.code), customer, follows, why)


def _found(entity: LegalEntity, advice: Advice) -> Found:
    told = Told(
        entity,
        advice.mandate_reference,
        advice.collection_reference,
        advice.amount,
        advice.currency,
        advice.collected_on,
    )
    if advice.batch_reference and not advice.collection_reference:
        return Found()
    return find_collection(told) if advice.kind.is_about_money else find_mandate(told)


def _follows(reason: Reason, found: Found) -> str:
    if found.came_back:
        return "It came back before: nothing more follows."
    words = [EFFECTS[reason.mandate]]
    if found.collection is not None and found.collection.receipt_id:
        words.insert(0, "the receipt is undone")
    if reason.follow_up:
        words.append(FollowUp.Kind(FollowUpKind(reason.follow_up).value).label.lower())
    sentence = ", ".join(words)
    return sentence[:1].upper() + sentence[1:]
