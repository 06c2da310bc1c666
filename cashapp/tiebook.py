"""The book of ties that actions keep: which remittance is about which bank line. Only actions call this."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from decimal import Decimal

from django.db.models import Q, QuerySet

from cashapp.models import BankStatementLine, Remittance, RemittanceTie
from cashapp.queries.remittances import money_of, waiting_for_money, waiting_of
from cashapp.remittances.tying import DAYS_APART, groups_of, pairs_of
from cashapp.settlements import SETTLEMENT_CODES
from core import clock
from core.audit import audit_many
from core.models import LegalEntity, User

DAYS_FOR_A_TRACE = timedelta(days=30)
MOST_LINES = 5000


def tie_lines(by: User, entity: LegalEntity, lines: Sequence[BankStatementLine]) -> list[RemittanceTie]:
    """Tie the remittances that wait for just such amounts."""
    amounts = {line.amount for line in lines if line.amount > 0}
    wanted = Q(total__in=amounts) | Q(total=None)
    if amounts:
        wanted |= Q(total__lt=max(amounts), paid_on__range=_days_around([line.booked_on for line in lines]))
    waiting = waiting_for_money(entity).filter(wanted)
    return _tie(by, entity, list(waiting), lines)


def tie_remittances(by: User, entity: LegalEntity, remittances: Sequence[Remittance]) -> list[RemittanceTie]:
    """Tie remittances to money that is there already, unless another of the same sum may be meant."""
    totals = {each.total for each in remittances if each.total is not None}
    own = [each.pk for each in remittances]
    wanted = Q(total__in=totals) | Q(pk__in=own)
    if remittances:
        wanted |= Q(paid_on__range=_days_around([each.paid_on for each in remittances]))
    waiting = waiting_for_money(entity).filter(wanted)
    return _tie(by, entity, list(waiting), ())


def _tie(
    by: User, entity: LegalEntity, waiting: Sequence[Remittance], lines: Sequence[BankStatementLine]
) -> list[RemittanceTie]:
    if not waiting:
        return []
    free = {line.pk: line for line in _free_lines(entity, waiting)}
    known = set(_tied(line.pk for line in lines))
    free |= {line.pk: line for line in lines if line.pk not in known}
    ended = RemittanceTie.objects.filter(remittance__in=[each.pk for each in waiting], ended_at__isnull=False)
    apart = frozenset(ended.values_list("remittance", "line"))
    told, money = [waiting_of(each) for each in waiting], [money_of(line) for line in free.values()]
    pairs = pairs_of(told, money, apart)
    paired, taken = {pair.remittance for pair in pairs}, {pair.line for pair in pairs}
    pairs += groups_of(
        [each for each in told if each.id not in paired], [each for each in money if each.id not in taken], apart
    )
    by_key = {each.pk: each for each in waiting}
    ties = [
        RemittanceTie(
            remittance=by_key[int(str(pair.remittance))],
            line=free[int(str(pair.line))],
            words=pair.words,
            tied_by=by,
            tied_at=clock.now(),
        )
        for pair in pairs
    ]
    return write_ties(by, entity, ties)


def _days_around(days: Sequence[date]) -> tuple[date, date]:
    apart = timedelta(days=DAYS_APART)
    return min(days) - apart, max(days) + apart


def write_ties(by: User, entity: LegalEntity, ties: Sequence[RemittanceTie]) -> list[RemittanceTie]:
    """Write ties down and tell of each."""
    made = RemittanceTie.objects.bulk_create(ties)
    of_remittance = {tie.remittance.pk: tie for tie in made}
    audit_many(
        by,
        "remittance.tied",
        [tie.remittance for tie in made],
        entity=entity,
        after_each=lambda each: {"line": str(of_remittance[each.pk].line), "by": of_remittance[each.pk].words},
    )
    return made


def _tied(lines: Iterable[int]) -> QuerySet[RemittanceTie, int]:
    return RemittanceTie.objects.filter(line__in=list(lines), ended_at=None).values_list("line", flat=True)


def _free_lines(entity: LegalEntity, waiting: Sequence[Remittance]) -> list[BankStatementLine]:
    """Incoming lines without a remittance that one of the waiting may be about."""
    totals: set[Decimal] = {each.total for each in waiting if each.total is not None} | _sums(waiting)
    first, last = min(each.paid_on for each in waiting), max(each.paid_on for each in waiting)
    wanted = Q(amount__in=totals)
    for each in waiting:
        if each.total is None and len(each.trace) > DAYS_APART:
            wanted |= Q(text__icontains=each.trace)
    rows = BankStatementLine.objects.filter(
        wanted,
        bank_account__entity=entity,
        amount__gt=0,
        is_reversal=False,
        booked_on__range=(first - DAYS_FOR_A_TRACE, last + DAYS_FOR_A_TRACE),
    )
    tied = RemittanceTie.objects.filter(ended_at=None).values("line")
    rows = rows.exclude(pk__in=tied).exclude(transaction_code__in=SETTLEMENT_CODES)
    return list(rows.select_related("bank_account").order_by("booked_on", "pk")[:MOST_LINES])


def _sums(waiting: Sequence[Remittance]) -> set[Decimal]:
    """What the remittances of one payer, or of one payment number, come to together."""
    sums: dict[tuple[str, str], Decimal] = defaultdict(Decimal)
    for each in waiting:
        for key in {str(each.customer_id or ""), each.payer.casefold(), each.trace, each.reference} - {""}:
            sums[(each.currency, key)] += each.total or 0
    return set(sums.values())
