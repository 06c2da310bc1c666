"""What posting refuses."""

from core.errors import Refused


class Unbalanced(Refused):
    """Debits and credits of an entry differ."""

    code = "unbalanced"


class NotPostable(Refused):
    """An amount, an account, a customer or an item of the entry cannot be posted."""

    code = "not_postable"


class NoLedger(Refused):
    """The entity has no chart of accounts, or no account in the role that is asked for."""

    code = "no_ledger"


class NumberTaken(Refused):
    """Another open item of that kind has the number."""

    code = "number_taken"


class OverAllocated(Refused):
    """More was to be allocated than is left open."""

    code = "over_allocated"


class WrongCustomer(Refused):
    """A credit of one customer was to settle a debit of another."""

    code = "wrong_customer"


class WrongItems(Refused):
    """The two items cannot be allocated to each other."""

    code = "wrong_items"


class AlreadyReversed(Refused):
    """It was reversed before, or is a reversal itself."""

    code = "already_reversed"


class StillAllocated(Refused):
    """The entry's items are allocated; that must be undone first."""

    code = "still_allocated"


class DaySigned(Refused):
    """The reconciliation of that day is signed: its account at the bank takes nothing more on it."""

    code = "day_signed"
