"""What direct debit refuses."""

from core.errors import Refused


class MandateRefused(Refused):
    """The mandate can't be made, or isn't where the step would begin."""

    code = "mandate_refused"


class CollectionRefused(Refused):
    """The collection isn't where the step would begin."""

    code = "collection_refused"


class RunRefused(Refused):
    """The run can't be prepared or submitted."""

    code = "run_refused"


class SecondPersonNeeded(Refused):
    """Whoever prepared a run may not submit it."""

    code = "second_person_needed"


class PayoutRefused(Refused):
    """The bank line doesn't hold what the provider paid out, or holds another payout."""

    code = "payout_refused"


class MoneyOfReturnRefused(Refused):
    """The bank line isn't the money of these returned debits."""

    code = "money_of_return_refused"
