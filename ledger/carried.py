"""At what value foreign money stands on an account, so that it leaves at that value and leaves nothing behind.

An entry values its lines at the rate of its day. Money that waited on a clearing account came at other rates, so what
takes it away takes its value as well; else an account that holds nothing in the foreign currency would still show a
balance in the books. What the rates made of it meanwhile is realised.
"""

from decimal import Decimal

from django.db.models import F, Sum

from core.models import LegalEntity
from core.money import ZERO, Money, round_to_currency
from ledger.models import Account, JournalLine


def worth_of_move(entity: LegalEntity, account: Account, moved: Money, rate: Decimal) -> Decimal:
    """What a movement of foreign money on an account is worth in the books, both signed and debit positive.

    The account's row is locked: two movements never take the same value away.
    """
    Account.objects.select_for_update(no_key=True).get(pk=account.pk)
    sums = JournalLine.objects.filter(account=account, currency=moved.currency).aggregate(
        held=Sum(F("debit") - F("credit")), stands_at=Sum(F("base_debit") - F("base_credit"))
    )
    worth = worth_leaving(sums["held"] or ZERO, sums["stands_at"] or ZERO, moved.amount, rate)
    return round_to_currency(worth, entity.currency)


def worth_leaving(held: Decimal, stands_at: Decimal, moved: Decimal, rate: Decimal) -> Decimal:
    """The share of the value for what is there, the rate for what goes beyond; pure, all signed and debit positive."""
    at_rate = moved * rate
    if held * moved > 0:
        return at_rate
    if abs(moved) < abs(held):
        worth = stands_at * moved / held
    else:
        worth = (moved + held) * rate - stands_at
    return worth if worth * moved > 0 else at_rate
