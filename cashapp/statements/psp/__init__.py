"""Settlement files of payment service providers: what customers paid, what the provider kept, and what it paid out.

Each line is a movement on the account at the provider: its amount is net, `charges` hold the fee that is in it, and the
original amount is the gross that the customer paid. `references.payout` is the same on a payout and on all that it pays
out, so that the payout's line at the bank can be tied to its payments.
"""

from collections.abc import Callable, Sequence

from cashapp.statements.model import Statement
from cashapp.statements.psp.adyen import ADYEN, read_adyen
from cashapp.statements.psp.gocardless import GOCARDLESS, read_gocardless
from cashapp.statements.psp.paypal import PAYPAL, read_paypal
from cashapp.statements.psp.sheet import SettlementSheet, Signature
from cashapp.statements.psp.stripe import STRIPE_BALANCE, STRIPE_PAYOUTS, read_stripe_balance, read_stripe_payouts
from core.rows import Row

Reader = Callable[[SettlementSheet], tuple[Statement, ...]]
READERS: tuple[tuple[Signature, Reader], ...] = (
    (ADYEN, read_adyen),
    (PAYPAL, read_paypal),
    (STRIPE_PAYOUTS, read_stripe_payouts),
    (STRIPE_BALANCE, read_stripe_balance),
    (GOCARDLESS, read_gocardless),
)


def settlement_reader(name: str, rows: Sequence[Row]) -> Callable[[], tuple[Statement, ...]] | None:
    """What reads these rows, if their headings are those of a provider's settlement file."""
    for signature, read in READERS:
        sheet = signature.sheet_of(name, rows)
        if sheet:
            return lambda read=read, sheet=sheet: read(sheet)  # type: ignore[misc]
    return None
