"""Duplicate payments, and refunds on their way back to whoever paid."""

from refunds.models.batches import PaymentBatch, PaymentChannel, RefundPayment
from refunds.models.duplicates import DuplicatePayment
from refunds.models.taken_back import TakenBack

__all__ = ["DuplicatePayment", "PaymentBatch", "PaymentChannel", "RefundPayment", "TakenBack"]
