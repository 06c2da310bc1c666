"""Files whose money has not been seen on a bank line, and the lines that may hold it."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal

from django.db.models import Q, QuerySet, Sum

from cashapp.models import BankStatementLine, MatchTask
from core.models import LegalEntity
from core.money import ZERO, Money
from core.payment_files import block_name
from directdebit.arriving import BANKING_DAYS_LATE, Expected, Seen, arrivals
from directdebit.models import Collection, Submission
from directdebit.output import SEPA_SEQUENCES
from directdebit.schemes import RULES

# What the bank rejected before its day, or the provider took off: no money comes for it.
NEVER_DRAWN = Q(collections__receipt=None) & Q(
    collections__state__in=(
        Collection.State.RETURNED,
        Collection.State.RE_PRESENTED,
        Collection.State.CLOSED,
        Collection.State.CANCELLED,
    )
)


@dataclass(frozen=True, slots=True)
class Arrival:
    """A bank line that holds, or may hold, the money of a file."""

    submission: Submission
    line: BankStatementLine
    evidence: str
    is_certain: bool
    block: int = 0


@dataclass(frozen=True, slots=True)
class Block:
    """A payment block of a SEPA file: what the bank credits for it, and what it calls it."""

    place: int
    name: str
    amount: Decimal


def not_arrived(entity: LegalEntity) -> QuerySet[Submission]:
    """Files whose money has not been seen, with what of them was never drawn."""
    rows = Submission.objects.filter(entity=entity, kind=Submission.Kind.COLLECTIONS, line=None)
    rows = rows.prefetch_related("block_arrivals")
    return rows.select_related("creditor__bank_account").annotate(
        never_drawn=Sum("collections__amount", filter=NEVER_DRAWN)
    )


def arriving_money(submission: Submission) -> Money:
    """What the bank credits for a file: its total without what was rejected before the day."""
    rows = Submission.objects.filter(pk=submission.pk)
    never: Decimal | None = rows.aggregate(total=Sum("collections__amount", filter=NEVER_DRAWN))["total"]
    return Money(submission.amount - (never or ZERO), submission.currency)


def blocks_of(submission: Submission) -> list[Block]:
    """The payment blocks of a SEPA file that has several: a bank may credit each by itself."""
    if not submission.creditor.scheme.startswith("sepa") or not submission.creditor.writes_files:
        return []
    rows = submission.collections.exclude(pk__in=_never_drawn(submission)).values_list("sequence", "amount")
    left = list(submission.collections.values_list("sequence", flat=True))
    kinds = sorted({SEPA_SEQUENCES[Collection.Sequence(each)].value for each in left})
    sums = {kind: ZERO for kind in kinds}
    for sequence, amount in rows:
        sums[SEPA_SEQUENCES[Collection.Sequence(sequence)].value] += amount
    if len(kinds) < 2:
        return []
    return [Block(place, block_name(submission.name, place), sums[kind]) for place, kind in enumerate(kinds, 1)]


def _never_drawn(submission: Submission) -> QuerySet[Collection, int]:
    states = (
        Collection.State.RETURNED,
        Collection.State.RE_PRESENTED,
        Collection.State.CLOSED,
        Collection.State.CANCELLED,
    )
    return submission.collections.filter(receipt=None, state__in=states).values_list("pk", flat=True)


def arrivals_of_line(line: BankStatementLine) -> list[Arrival]:
    """The files whose money a bank line may be."""
    return [each for each in arrivals_of(line.bank_account.entity) if each.line.pk == line.pk]


def arrivals_of(entity: LegalEntity) -> list[Arrival]:
    """What may have arrived, the oldest file first; three questions, however many files there are."""
    submissions = {row.pk: row for row in not_arrived(entity).order_by("collect_on", "pk")}
    return _judged(submissions.values())


def arrivals_for(submission: Submission) -> list[Arrival]:
    """The lines that may hold the money of one file."""
    found = arrivals_of(submission.entity) if submission.line_id is None else []
    return [each for each in found if each.submission.pk == submission.pk]


def _judged(submissions: Iterable[Submission]) -> list[Arrival]:
    files = {row.pk: row for row in submissions}
    expected = [each for row in files.values() for each in _expected(row)]
    lines = {line.pk: line for line in _lines(expected)}
    found = arrivals(expected, [_seen(line) for line in lines.values()])
    return [
        Arrival(files[each.submission], lines[each.line], each.evidence, each.is_certain, each.block) for each in found
    ]


def _expected(row: Submission) -> list[Expected]:
    """The whole file, and each of its blocks; once a block arrived by itself, only the blocks that are left."""
    rules = RULES[row.creditor.scheme]
    day = row.collect_on or row.processed_on
    never: Decimal | None = getattr(row, "never_drawn", None)
    whole = Expected(
        submission=row.pk,
        account=row.creditor.bank_account_id,
        amount=row.amount - (never or ZERO),
        currency=row.currency,
        first_on=row.processed_on,
        last_on=rules.calendar.add_business_days(day, BANKING_DAYS_LATE),
        name=row.name,
        identifier=row.creditor.identifier,
    )
    arrived = {each.place for each in row.block_arrivals.all()}
    blocks = [
        replace(whole, amount=block.amount, name=block.name, block=block.place)
        for block in blocks_of(row)
        if block.place not in arrived and block.amount
    ]
    return blocks if arrived else [whole, *blocks]


def _lines(expected: Sequence[Expected]) -> QuerySet[BankStatementLine]:
    days: list[date] = [each.first_on for each in expected]
    return BankStatementLine.objects.filter(
        bank_account__in={each.account for each in expected},
        amount__in={each.amount for each in expected},
        booked_on__gte=min(days, default=date.max),
        task__state=MatchTask.State.TO_MATCH,
    ).select_related("bank_account__entity")


def _seen(line: BankStatementLine) -> Seen:
    references = " ".join(str(value) for value in line.references.values())
    words = f"{line.text} {line.posting_text} {line.payer} {references}"
    return Seen(line.pk, line.bank_account_id, line.amount, line.currency, line.booked_on, words)
