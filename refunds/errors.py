"""What paying refunds refuses."""

from core.errors import Refused


class PaymentRefused(Refused):
    """The refund can't be paid in this way, or not now."""

    code = "refund_payment_refused"


class BatchRefused(Refused):
    """The file can't be made, released or cancelled as things are."""

    code = "batch_refused"


class DuplicateRefused(Refused):
    """Nothing can be decided about that payment."""

    code = "duplicate_refused"
