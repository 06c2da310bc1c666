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
