"""What cash application refuses."""

from core.errors import Refused


class AlreadyPosted(Refused):
    """The money of the bank line is posted already, in another way."""

    code = "already_posted"


class AlreadyEnded(Refused):
    """The receipt was reversed before, or is no longer where it was."""

    code = "already_ended"


class MoreThanReceived(Refused):
    """More was to be applied than came in, or than is left of it."""

    code = "more_than_received"


class NotAReceipt(Refused):
    """The money went out, or is none."""

    code = "not_a_receipt"


class WrongDocument(Refused):
    """The document cannot be settled by this receipt."""

    code = "wrong_document"


class NothingToUndo(Refused):
    """The receipt pays nothing of what was to be taken off."""

    code = "nothing_to_undo"


class MovedAway(Refused):
    """Part of the receipt went to another customer."""

    code = "moved_away"


class DiscountUnearned(Refused):
    """The discount was taken too late, or is larger than the terms allow."""

    code = "discount_unearned"


class ReasonMissing(Refused):
    """The action takes a reason."""

    code = "reason_missing"


class StillInDoubt(Refused):
    """The payer was not confirmed often enough to be used."""

    code = "still_in_doubt"


class StaleProposal(Refused):
    """Somebody else did something to the line since the page was shown."""

    code = "stale_proposal"


class PaymentRefused(Refused):
    """The electronic payment cannot be taken in or posted as it is."""

    code = "payment_refused"


class SurchargeNotCharged(Refused):
    """The payment carries a surcharge that is not in the ledger yet, or another one."""

    code = "surcharge_not_charged"


class PayoutRefused(Refused):
    """A payout does not agree with its payments or with its bank line."""

    code = "payout_refused"


class ChequeRefused(Refused):
    """The cheque or its slip cannot be changed in this way any more."""

    code = "cheque_refused"


class SearchRefused(Refused):
    """Nothing is left to search for, or the step says nothing."""

    code = "search_refused"


class CorrectionRefused(Refused):
    """Nothing would change by the correction, or it was undone before."""

    code = "correction_refused"


class NothingChosen(Refused):
    """No line was chosen, or too many."""

    code = "nothing_chosen"


class ReconciliationRefused(Refused):
    """The day can't be prepared, signed or opened as things are, or a difference is named for nobody."""

    code = "reconciliation_refused"


class AlreadyTied(Refused):
    """The remittance or the bank line is tied to another, or was given up."""

    code = "already_tied"


class WrongLine(Refused):
    """The bank line cannot be the money of the remittance."""

    code = "wrong_line"


class AboveTolerance(Refused):
    """No tolerance covers what is missing, and nobody is there to answer for it."""

    code = "above_tolerance"


class NotInTheGroup(Refused):
    """Money of one customer was to pay for another who was not declared to be paid for."""

    code = "not_in_the_group"


class ProviderMissing(Refused):
    """A settlement file is of a provider through which the company takes no payments yet."""

    code = "provider_missing"


class NotTried(Refused):
    """A rule has to agree with what people decided before it is switched on."""

    code = "not_tried"
