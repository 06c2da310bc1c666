"""Payouts that find their bank line by themselves, whichever of the two comes first."""

from collections.abc import Sequence

from django.db import transaction

from cashapp.actions.payments.payouts import credit_payout
from cashapp.models import BankStatementLine, Payout
from cashapp.queries.payments import drawn_payouts, lines_of_amount, waiting_payouts
from cashapp.settlements.arriving import Expected, Told, arrivals
from core.errors import Refused
from core.models import LegalEntity, User
from core.money import Money
from core.permissions import require


@transaction.atomic
def tie_payouts(*, by: User, entity: LegalEntity, lines: Sequence[BankStatementLine]) -> set[int]:
    """Tie the payouts that wait to bank lines that came in; gives back the lines that hold one now."""
    require(by, "cashapp.credit_payout", entity)
    amounts = {line.amount for line in lines if line.amount > 0}
    waiting = list(waiting_payouts(entity).filter(net__in=amounts)) if amounts else []
    return _tie(by, waiting, [line for line in lines if line.amount in {payout.net for payout in waiting}])


@transaction.atomic
def tie_payout(*, by: User, payout: Payout) -> bool:
    """Tie a payout that was told just now to money that is there already, where only one line can be it."""
    require(by, "cashapp.credit_payout", payout.entity)
    waiting = list(waiting_payouts(payout.entity).filter(net=payout.net, currency=payout.currency))
    return bool(_tie(by, waiting, lines_of_amount(payout.entity, Money(payout.net, payout.currency))))


@transaction.atomic
def tie_drawn_payouts(*, by: User, entity: LegalEntity) -> int:
    """Tie what providers drew from our accounts to the bank lines that show it; such lines are on no list to match."""
    require(by, "cashapp.credit_payout", entity)
    waiting = list(drawn_payouts(entity))
    sums = [Money(payout.net, payout.currency) for payout in waiting]
    return len(_tie(by, waiting, lines_of_amount(entity, *sums))) if waiting else 0


def _tie(by: User, payouts: Sequence[Payout], lines: Sequence[BankStatementLine]) -> set[int]:
    by_payout, by_line = {each.pk: each for each in payouts}, {each.pk: each for each in lines}
    tied = set()
    for payout, line in arrivals([_expected(each) for each in payouts], [_told(each) for each in lines]):
        try:
            with transaction.atomic():
                credit_payout(by=by, payout=by_payout[payout], line=by_line[line])
        except Refused:
            continue
        tied.add(line)
    return tied


def _expected(payout: Payout) -> Expected:
    name, reference = payout.provider.name, payout.reference
    return Expected(payout.pk, payout.net, payout.currency, payout.paid_on, name, reference)


def _told(line: BankStatementLine) -> Told:
    words = " ".join([line.payer, line.ultimate_payer, line.text, *map(str, line.references.values())])
    return Told(line.pk, line.amount, line.currency, line.booked_on, words.casefold())
