"""What finds its bank line by itself: payouts of providers, and the money of returned debits."""

from core.errors import Refused
from core.models import LegalEntity, User
from directdebit.actions.payouts import settle_payout
from directdebit.actions.returned_money import settle_returns
from directdebit.queries.payouts import sure_arrivals
from directdebit.queries.returned_money import sure_debits


def settle_certain_payouts(by: User, entity: LegalEntity) -> int:
    """Tie payouts to the only bank lines that can be theirs; how many. The rest waits for a person."""
    settled = 0
    for payout, line in sure_arrivals(entity):
        name = payout.creditor.get_provider_display()
        try:
            settle_payout(by=by, payout=payout, line=line, evidence=f"The amount and {name}'s name or reference.")
            settled += 1
        except Refused:
            continue
    return settled


def settle_certain_returns(by: User, entity: LegalEntity) -> int:
    """Tie returned debits to the only bank lines that can be theirs; how many. The rest waits for a person."""
    settled = 0
    for bundle, line in sure_debits(entity):
        try:
            settle_returns(by=by, returns=bundle.returns, line=line, evidence="The amount, the days and who collected.")
            settled += len(bundle.returns)
        except Refused:
            continue
    return settled
